// SPDX-License-Identifier: MIT
// The shapes of the live picture: tables of records, a snapshot of them, what leads from one to the next.
// Types only; snapshot.ts makes them from native views.

import type {
  Address,
  ChangeCause,
  Interface as InterfaceRecord,
  Neighbour,
  Nexthop,
  Route,
  RouteProtocol,
  RouteType,
  Rule,
} from '../binding/contract.gen.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';

/** A network interface as users see it. */
export interface Interface extends InterfaceRecord {
  /** `if:<index>.<generation>`: one device incarnation; survives renames, never reused (MIF-19). */
  id: string;
  adminUp: boolean;
  /** Ready to pass traffic: up and running (trap B1). */
  running: boolean;
  /** Name of the lower interface, where it is in this namespace. */
  parent?: string | undefined;
  /** Name of the bridge, bond or VRF it belongs to. */
  master?: string | undefined;
  metered?: boolean | undefined;
  /** Whether it is a tunnel of a VPN, as far as its kind tells. */
  vpn?: boolean | undefined;
}

/** An immutable, lazily decoded table. Iterating decodes; `length` does not. */
export interface Table<T> extends Iterable<T> {
  readonly length: number;
}

/** Which routes; everything absent means any. */
export interface RouteFilter {
  family?: 4 | 6;
  table?: number;
  protocol?: RouteProtocol;
  types?: readonly RouteType[];
  /** Longest destination, bits: 0 lets default routes through and nothing else. */
  maxPrefixLength?: number;
}

/** Routes, filtered natively: a filtered view of a million routes decodes only what it lets through. */
export interface RouteTable extends Table<Route> {
  where(filter: RouteFilter): RouteTable;
}

/** What of a host a change or a listing may speak of; also the words of the command line. */
export type Noun = 'interfaces' | 'addresses' | 'routes' | 'rules' | 'neighbours' | 'nexthops' | 'pvds';

/** The record of each noun. */
export interface RecordOf {
  interfaces: Interface;
  addresses: Address;
  routes: Route;
  rules: Rule;
  neighbours: Neighbour;
  nexthops: Nexthop;
  pvds: ProvisioningDomain;
}

/** An immutable picture of a host at one generation. */
export interface Snapshot {
  /** Grows with every change of the mirror. */
  readonly generation: number;
  /** Grows with every resync. */
  readonly epoch: number;
  /** Whether the mirror equalled the kernel when this was taken. */
  readonly synced: boolean;
  readonly interfaces: Table<Interface>;
  readonly addresses: Table<Address>;
  readonly routes: RouteTable;
  readonly rules: Table<Rule>;
  readonly neighbours: Table<Neighbour>;
  readonly nexthops: Table<Nexthop>;
  readonly pvds: readonly ProvisioningDomain[];
}

/** Why a picture changed: as of the mirror, or because of what a source of records was told. */
export type HostChangeCause = ChangeCause | 'ra' | 'dhcp' | 'resolver' | 'policy' | 'pvd-info' | 'capport';

/** What leads from one snapshot to the next. Previous snapshot + changes = next snapshot, always. */
export interface HostChange {
  readonly generation: number;
  readonly epoch: number;
  readonly synced: boolean;
  readonly cause: HostChangeCause;
  readonly added: { readonly [N in Noun]?: readonly RecordOf[N][] };
  readonly changed: { readonly [N in Noun]?: readonly { before: RecordOf[N]; after: RecordOf[N] }[] };
  readonly removed: { readonly [N in Noun]?: readonly RecordOf[N][] };
  /** The next snapshot. */
  readonly snapshot: Snapshot;
}
