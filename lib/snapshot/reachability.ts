// SPDX-License-Identifier: MIT
// Whether an interface leads to a destination at all: the question to ask before a socket is held to it (trap F3). Not
// which route the kernel would take.

import { prefixContains } from '../address/prefix.ts';
import { type Route, unpackRoute } from '../binding/contract.gen.ts';
import type { RouteFilter } from './change.ts';
import type { HostSnapshot } from './snapshot.ts';
import { nativeFilter, RecordTable } from './table.ts';

/** Default routes and the halves that replace one: few, and nearly always the answer. */
const shortLength = 1;

/**
 * Whether a unicast route of any table leads to a destination through an interface, whatever routes the host shows.
 * @param destination - an address without zone.
 */
export function leadsTo(snapshot: HostSnapshot, index: number, destination: string): boolean {
  const family = destination.includes(':') ? 6 : 4;
  const leads = (filter: RouteFilter) => {
    for (const route of routesOf(snapshot, { family, types: ['unicast'], ...filter })) {
      if (
        (route.nexthops ?? [route]).some((hop) => hop.index === index) &&
        prefixContains(route.destination, destination)
      ) {
        return true;
      }
    }
    return false;
  };
  return isOnLink(snapshot, index, destination) || leads({ maxPrefixLength: shortLength }) || leads({});
}

/** Whether a destination is in the network of an address of the interface, or is such an address. */
function isOnLink(snapshot: HostSnapshot, index: number, destination: string): boolean {
  for (const address of snapshot.addresses) {
    if (address.index !== index) continue;
    if (prefixContains(`${address.peer ?? address.address}/${address.prefixLength}`, destination)) return true;
  }
  return false;
}

function routesOf(snapshot: HostSnapshot, filter: RouteFilter): Iterable<Route> {
  const context = { now: snapshot.now, interfaceName: () => '' };
  return new RecordTable({ native: snapshot.native, context }, 'route', unpackRoute, nativeFilter(filter));
}
