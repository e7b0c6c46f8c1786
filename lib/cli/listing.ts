// SPDX-License-Identifier: MIT
// The columns in which people see each noun. JSON has everything; these are what one looks for.

import type { Noun, RecordOf, Snapshot } from '../snapshot/change.ts';
import { type Column, gridLines } from './grid.ts';
import type { Style } from './style.ts';
import { expiry } from './expiry.ts';
import {
  addressFlags,
  addressText,
  interfaceState,
  lifetime,
  neighbourState,
  nexthopWay,
  routeWay,
  ruleAction,
  ruleSelector,
  tableName,
} from './wording.ts';

type Columns = { readonly [N in Noun]: readonly Column<RecordOf[N]>[] };

const columns: Columns = {
  interfaces: [
    { title: 'INDEX', cell: (link) => String(link.index), right: true },
    { title: 'NAME', cell: (link) => link.name },
    { title: 'STATE', cell: interfaceState },
    { title: 'KIND', cell: (link) => link.kind ?? link.hardwareType },
    { title: 'MTU', cell: (link) => String(link.mtu), right: true },
    { title: 'MAC', cell: (link) => link.mac ?? '' },
    { title: 'ON', cell: (link) => link.parent ?? '' },
    { title: 'MASTER', cell: (link) => link.master ?? '' },
    { title: 'ALSO', cell: (link) => link.altNames.join(' ') },
  ],
  addresses: [
    { title: 'INTERFACE', cell: (address) => address.interface },
    { title: 'ADDRESS', cell: addressText },
    { title: 'SCOPE', cell: (address) => address.scope },
    { title: 'VALID', cell: (address) => lifetime(address.validLifetime), right: true },
    { title: 'PREFERRED', cell: (address) => lifetime(address.preferredLifetime), right: true },
    { title: 'FLAGS', cell: addressFlags },
  ],
  nexthops: [
    { title: 'ID', cell: (nexthop) => String(nexthop.id), right: true },
    { title: 'WAY', cell: nexthopWay },
    { title: 'PROTOCOL', cell: (nexthop) => nexthop.protocol },
    { title: 'FLAGS', cell: (nexthop) => nexthop.flags.join(' ') },
  ],
  routes: [
    { title: 'TABLE', cell: (route) => tableName(route.table) },
    { title: 'DESTINATION', cell: (route) => route.destination },
    { title: 'TYPE', cell: (route) => (route.type === 'unicast' ? '' : route.type) },
    { title: 'WAY', cell: routeWay },
    { title: 'METRIC', cell: (route) => String(route.metric), right: true },
    { title: 'PROTOCOL', cell: (route) => route.protocol },
    { title: 'FROM', cell: (route) => route.source ?? '' },
    { title: 'PREFERS', cell: (route) => route.preferredSource ?? '' },
    { title: 'EXPIRES', cell: (route) => (route.lifetime === undefined ? '' : lifetime(route.lifetime)), right: true },
    { title: 'FLAGS', cell: (route) => route.flags.join(' ') },
  ],
  rules: [
    { title: 'FAMILY', cell: (rule) => `IPv${rule.family}` },
    { title: 'PRIORITY', cell: (rule) => String(rule.priority), right: true },
    { title: 'SELECTS', cell: ruleSelector },
    { title: 'ACTION', cell: ruleAction },
    { title: 'PROTOCOL', cell: (rule) => rule.protocol },
  ],
  neighbours: [
    { title: 'INTERFACE', cell: (neighbour) => neighbour.interface },
    { title: 'ADDRESS', cell: (neighbour) => neighbour.address },
    { title: 'MAC', cell: (neighbour) => neighbour.mac ?? '' },
    { title: 'STATE', cell: neighbourState },
  ],
  pvds: [
    { title: 'ID', cell: (pvd) => pvd.id },
    { title: 'HANDLE', cell: (pvd) => pvd.handle },
    { title: 'KIND', cell: (pvd) => (pvd.explicit ? 'explicit' : 'implicit') },
    { title: 'INTERFACES', cell: (pvd) => pvd.interfaces.join(' ') },
    { title: 'ORIGIN', cell: (pvd) => pvd.origin },
    { title: 'ROUTERS', cell: (pvd) => pvd.routers.map((router) => router.address).join(' ') },
    { title: 'ADDRESSES', cell: (pvd) => pvd.addresses.map((address) => address.address).join(' ') },
    { title: 'DNS', cell: (pvd) => pvd.dns.servers.map((server) => server.address).join(' ') },
    { title: 'EXPIRES', cell: expiry, right: true },
  ],
};

/** A table of one noun, as whole lines. */
export function listingLines<N extends Noun>(snapshot: Snapshot, noun: N, style: Style): Generator<string> {
  return gridLines(columns[noun], snapshot[noun] as Iterable<RecordOf[N]>, style);
}
