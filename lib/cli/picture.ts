// SPDX-License-Identifier: MIT
// A picture of the host: its interfaces, under each its addresses, grouped by the provisioning domain that they belong
// to, with the routers. What belongs to no domain stands under the interface itself. Routes are counted, not listed.

import type { Address } from '../binding/contract.gen.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';
import { padEnd, printable, type Style } from './style.ts';
import { addressFlags, addressText, interfaceState, lifetime } from './wording.ts';

/** Whole lines. */
export function* pictureLines(snapshot: Snapshot, style: Style): Generator<string> {
  const addresses = grouped(snapshot.addresses, (address) => [address.index]);
  const pvds = grouped(snapshot.pvds, (pvd) => pvd.interfaceIds);
  const links = [...snapshot.interfaces];
  const width = Math.max(0, ...links.map((link) => printable(link.name).length));
  for (const link of links) {
    yield `${heading(link, width, style)}\n`;
    for (const line of body(link, addresses.get(link.index) ?? [], pvds.get(link.id) ?? [], style)) yield `  ${line}\n`;
  }
  yield `\n${style.dim(sizes(snapshot))}\n`;
}

function heading(link: Interface, width: number, style: Style): string {
  const state = interfaceState(link);
  const colour = { up: style.green, 'no carrier': style.yellow, down: style.red }[state];
  const facts = [
    link.kind ?? link.hardwareType,
    `mtu ${link.mtu}`,
    link.mac,
    link.parent !== undefined && `on ${link.parent}`,
    link.master !== undefined && `in ${link.master}`,
    link.vpn && 'vpn',
    link.metered && 'metered',
  ].filter((fact) => typeof fact === 'string');
  const name = style.bold(padEnd(printable(link.name), width));
  return `${name}  ${colour(state.padEnd(10))}  ${style.dim(printable(facts.join(', ')))}`;
}

function* body(
  link: Interface,
  addresses: readonly Address[],
  pvds: readonly ProvisioningDomain[],
  style: Style,
): Generator<string> {
  const rest = new Map(addresses.map((address) => [addressText(address), address]));
  for (const pvd of pvds) {
    const routers = pvd.routers.map((router) => router.address).join(', ');
    const dns = pvd.dns.servers.map((server) => server.address).join(', ');
    const facts = [routers && `routers ${routers}`, dns && `dns ${dns}`, pvd.validated === false && 'not usable now'];
    const said = facts.filter(Boolean).join('; ');
    yield `${style.cyan(printable(pvd.id))}${said && `  ${printable(said)}`}`;
    for (const address of pvd.addresses.filter(({ index }) => index === link.index)) {
      yield `  ${addressLine(address, style)}`;
      rest.delete(addressText(address));
    }
  }
  for (const address of rest.values()) yield addressLine(address, style);
}

function addressLine(address: Address, style: Style): string {
  const left = address.validLifetime === null ? '' : `${lifetime(address.validLifetime)} left`;
  const said = [addressFlags(address), left].filter(Boolean).join(', ');
  return addressText(address) + (said && `  ${style.dim(said)}`);
}

function sizes(snapshot: Snapshot): string {
  const { routes, rules, neighbours, nexthops } = snapshot;
  return Object.entries({ routes, rules, neighbours, nexthops })
    .filter(([, table]) => table.length > 0)
    .map(([noun, table]) => `${table.length} ${table.length === 1 ? noun.slice(0, -1) : noun}`)
    .join(', ');
}

/** Records by each of their keys, in their order. */
function grouped<K, T>(records: Iterable<T>, keysOf: (record: T) => readonly K[]): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const record of records) {
    for (const key of keysOf(record)) {
      const group = groups.get(key);
      if (group) group.push(record);
      else groups.set(key, [record]);
    }
  }
  return groups;
}
