// SPDX-License-Identifier: MIT
// Plain records for tests of provisioning domains: one line says what matters, the rest is as a kernel would have it.

import type { Address, AddressFlag, Neighbour, Route } from '../../../lib/binding/contract.gen.ts';
import { type AddressRecord, addressState, type DefaultRoute, type LinkMoment } from '../../../lib/pvd/draft.ts';
import type { Interface } from '../../../lib/snapshot/change.ts';
import { route as anyRoute } from '../route-record.ts';

export function link(name: string, index: number, fields: Partial<Interface> = {}): Interface {
  const generation = fields.generation ?? 1;
  return {
    id: `if:${index}.${generation}`,
    index,
    generation,
    name,
    altNames: [],
    hardwareType: 'ether',
    mtu: 1500,
    flags: ['up', 'running'],
    operState: 'up',
    group: 0,
    transmitQueueLength: 1000,
    adminUp: true,
    running: true,
    ...fields,
  };
}

/** An address such as `192.0.2.2/24`; with a validUntil it is not permanent. */
export function address(
  text: string,
  fields: Partial<Omit<Address, 'flags'>> & { flags?: AddressFlag[]; validUntil?: number } = {},
): AddressRecord {
  const [local, length] = text.split('/') as [string, string];
  const { validUntil = null, flags = [], ...rest } = fields;
  const record: Address = {
    interface: 'eth0',
    index: 3,
    family: local.includes(':') ? 6 : 4,
    address: local,
    prefixLength: Number(length),
    scope: 'global',
    flags: validUntil === null ? ['permanent', ...flags] : flags,
    preferredLifetime: null,
    validLifetime: validUntil === null ? null : Math.floor(validUntil / 1000),
    ...rest,
  };
  return { address: record, state: addressState(record), validUntil };
}

/** A default route through a gateway. */
export function via(gateway: string, fields: Partial<DefaultRoute> = {}): DefaultRoute {
  return { family: gateway.includes(':') ? 6 : 4, gateway, metric: 1024, protocol: 'static', ...fields };
}

export function moment(
  fields: Partial<Omit<LinkMoment, 'macOf'>> & { macs?: Record<string, string> } = {},
): LinkMoment {
  const { macs = {}, ...rest } = fields;
  return {
    interface: link('eth0', 3),
    addresses: [],
    defaultRoutes: [],
    macOf: (router) => macs[router],
    wereTogether: () => false,
    ...rest,
  };
}

/** A route of the main table, through eth0. */
export function route(destination: string, fields: Partial<Route> = {}): Route {
  return anyRoute(destination, { interface: 'eth0', index: 3, ...fields });
}

export function neighbour(text: string, mac: string | undefined, index = 3): Neighbour {
  return {
    interface: 'eth0',
    index,
    family: text.includes(':') ? 6 : 4,
    address: text,
    mac,
    state: mac === undefined ? ['failed'] : ['reachable'],
    flags: [],
  };
}
