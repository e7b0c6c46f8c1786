// SPDX-License-Identifier: MIT
// A small host as plain records, for the tests of what people and programs are shown.

import type { Address, Neighbour, Route, Rule } from '../../../lib/binding/contract.gen.ts';
import type { ProvisioningDomain } from '../../../lib/pvd/provisioning-domain.ts';
import type { HostChange, Interface, RouteTable, Snapshot, Table } from '../../../lib/snapshot/change.ts';

export function link(name: string, index: number, rest: Partial<Interface> = {}): Interface {
  return {
    id: `if:${index}.1`,
    index,
    generation: 1,
    name,
    altNames: [],
    kind: 'veth',
    hardwareType: 'ether',
    mac: `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`,
    mtu: 1500,
    flags: ['up', 'broadcast', 'running', 'multicast', 'lower-up'],
    operState: 'up',
    adminUp: true,
    running: true,
    group: 0,
    transmitQueueLength: 1000,
    ...rest,
  };
}

export function address(on: Interface, text: string, rest: Partial<Address> = {}): Address {
  const [plain = '', length] = text.split('/');
  return {
    interface: on.name,
    index: on.index,
    family: plain.includes(':') ? 6 : 4,
    address: plain,
    prefixLength: Number(length),
    scope: plain.startsWith('fe80:') ? 'link' : 'global',
    flags: ['permanent'],
    preferredLifetime: null,
    validLifetime: null,
    ...rest,
  };
}

export function rule(priority: number, rest: Partial<Rule> = {}): Rule {
  return {
    family: 4,
    priority,
    action: 'to-table',
    table: 254,
    tos: 0,
    isL3mdev: false,
    protocol: 'kernel',
    flags: [],
    unknownAttributes: 0,
    ...rest,
  };
}

export function neighbour(on: Interface, text: string, rest: Partial<Neighbour> = {}): Neighbour {
  return {
    interface: on.name,
    index: on.index,
    family: text.includes(':') ? 6 : 4,
    address: text,
    mac: '02:00:00:00:00:15',
    state: ['reachable'],
    flags: [],
    ...rest,
  };
}

export function domain(id: string, on: Interface, rest: Partial<ProvisioningDomain> = {}): ProvisioningDomain {
  return {
    handle: 'pvd:1',
    id,
    interfaces: [on.name],
    interfaceIds: [on.id],
    providers: [id.split('/')[1] ?? ''],
    explicit: false,
    elements: [{ type: 'static', version: 1 }],
    addresses: [],
    prefixes: [],
    routers: [],
    routes: [],
    advertisedRoutes: [],
    advertisedPrefixes: [],
    dns: { servers: [], searchDomains: [], zones: [] },
    nat64Prefixes: [],
    ntpServers: [],
    categories: [],
    trusted: false,
    origin: 'static',
    ...rest,
  };
}

function table<T>(records: readonly T[]): Table<T> {
  return { length: records.length, [Symbol.iterator]: () => records[Symbol.iterator]() };
}

export function snapshot(
  parts: {
    generation?: number;
    interfaces?: readonly Interface[];
    addresses?: readonly Address[];
    routes?: Iterable<Route> & { length: number };
    rules?: readonly Rule[];
    neighbours?: readonly Neighbour[];
    pvds?: readonly ProvisioningDomain[];
  } = {},
): Snapshot {
  const routes: RouteTable = {
    length: parts.routes?.length ?? 0,
    [Symbol.iterator]: () => (parts.routes ?? [])[Symbol.iterator](),
    where: () => routes,
  };
  return {
    generation: parts.generation ?? 7,
    epoch: 1,
    synced: true,
    interfaces: table(parts.interfaces ?? []),
    addresses: table(parts.addresses ?? []),
    routes,
    rules: table(parts.rules ?? []),
    neighbours: table(parts.neighbours ?? []),
    nexthops: table([]),
    pvds: parts.pvds ?? [],
  };
}

export function change(parts: Partial<HostChange> = {}): HostChange {
  return {
    generation: 8,
    epoch: 1,
    synced: true,
    cause: 'kernel',
    added: {},
    changed: {},
    removed: {},
    snapshot: snapshot(),
    ...parts,
  };
}
