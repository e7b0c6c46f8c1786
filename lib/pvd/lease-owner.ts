// SPDX-License-Identifier: MIT
// Whose is what a DHCP server gave: of the domains of its interface, those of PVD-14, PVD-15 and PVD-16.

import { prefixContains } from '../address/prefix.ts';
import type { DraftRouter, Member } from './draft.ts';
import { claimed, type Part, removeRouter } from './part.ts';
import type { LeaseRecord } from './record.ts';

/** The domains that a lease belongs to, and whether that is clear. */
export function ownersOf(
  lease: LeaseRecord,
  parts: readonly Part[],
  gateways: ReadonlyMap<string, DraftRouter>,
): { readonly owners: readonly Part[]; readonly isClear: boolean } {
  // One of a network that was left: its client was ended before it could say so.
  if (isLeftOver(lease, parts)) return { owners: [], isClear: true };
  const implicit = parts.filter(({ kind }) => kind === 'router' || kind === 'static');
  if (lease.family === 6) {
    // Only informed: whoever told the host to ask (PVD-14).
    if (lease.addresses.length === 0) {
      const asking = parts.filter((part) => hasFlag(part, 'otherConfig') || hasFlag(part, 'managed'));
      return { owners: asking.length > 0 ? asking : implicit, isClear: true };
    }
    const isOfLease = (member: Member) => lease.addresses.includes(member.record.address.address);
    const having = parts.filter((part) => hasFlag(part, 'managed') && [...part.members.values()].some(isOfLease));
    const covering = parts.filter((part) => hasFlag(part, 'managed') && covers(part, lease.addresses));
    if (having.length > 0 || covering.length > 0)
      return { owners: having.length > 0 ? having : covering, isClear: true };
    return { owners: implicit, isClear: !parts.some((part) => part.records.some(({ type }) => type === 'router')) };
  }
  // The one that says so; of several that do, none (PVD-16).
  const legacy = parts.filter((part) => part.records.some((record) => record.type === 'router' && record.pvd?.legacy));
  if (legacy.length === 1) {
    moveLegacy(legacy[0]!, implicit, lease, gateways);
    return { owners: legacy, isClear: true };
  }
  // A router that was found to be one with the gateway of the lease says whose it is.
  const routers = [...lease.routers, ...lease.routes.flatMap(({ via }) => via ?? [])];
  const dual = implicit.filter(
    ({ providers }) =>
      providers.some((provider) => routers.includes(provider)) && providers.some((provider) => provider.includes(':')),
  );
  return { owners: dual.length > 0 ? dual : implicit, isClear: legacy.length < 2 };
}

/** Whether a lease gave addresses, and the interface has none of them. */
function isLeftOver({ addresses }: LeaseRecord, parts: readonly Part[]): boolean {
  if (addresses.length === 0) return false;
  const isPresent = ({ members }: Part) =>
    [...members.values()].some(({ record }) => addresses.includes(record.address.address));
  return !parts.some(isPresent);
}

/** Addresses and gateways of a DHCPv4 lease go to the explicit domain that claims the IPv4 configuration of the link (PVD-16). */
function moveLegacy(
  to: Part,
  implicit: readonly Part[],
  lease: LeaseRecord,
  gateways: ReadonlyMap<string, DraftRouter>,
): void {
  for (const part of implicit) {
    for (const [address, member] of part.members) {
      if (!lease.addresses.includes(address.address.address)) continue;
      part.members.delete(address);
      to.members.set(address, claimed(member, false));
    }
  }
  for (const router of [...lease.routers, ...lease.routes.flatMap(({ via }) => via ?? [])]) {
    if (to.providers.includes(router)) continue;
    to.providers.push(router);
    const gateway = gateways.get(router);
    if (gateway !== undefined) to.routers.push(gateway);
    for (const part of implicit) removeRouter(part, router);
  }
}

function hasFlag({ records }: Part, flag: 'managed' | 'otherConfig'): boolean {
  return records.some((record) => record.type === 'router' && record.header?.[flag] === true);
}

function covers({ records }: Part, addresses: readonly string[]): boolean {
  const prefixes = records.flatMap((record) => (record.type === 'router' ? record.prefixes : []));
  return prefixes.some(({ prefix }) => addresses.some((address) => prefixContains(prefix, address)));
}
