// SPDX-License-Identifier: MIT
// An immutable picture of a host: a native view that never changes, and the moment it was taken. Cheap to make and to keep:
// tables decode when they are iterated, and the view shares its memory with later ones (native/table/chunked.h).

import {
  type Interface as InterfaceRecord,
  unpackAddress,
  unpackInterface,
  unpackNeighbour,
  unpackNexthop,
  unpackRoute,
  unpackRule,
} from '../binding/contract.gen.ts';
import type { NativeRouteFilter, NativeSnapshot } from '../binding/native.ts';
import type { UnpackerContext } from '../binding/unpacker.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { RouteTable, Snapshot, Table } from './change.ts';
import { type InterfaceNames, viewInterface } from './interface-view.ts';
import { nativeFilter, noRoutes, RecordRouteTable, RecordTable } from './table.ts';

/** Which routes a host shows. */
export type RouteDetail = 'all' | 'unicast' | 'none';

/** By which filter a host hides routes from tables and changes; with `none` it shows no table either. */
export const shownRoutes: Readonly<Record<RouteDetail, NativeRouteFilter>> = {
  all: nativeFilter({}),
  unicast: nativeFilter({ types: ['unicast'] }),
  none: nativeFilter({}),
};

/** What a snapshot is made of. */
export interface SnapshotParts {
  readonly native: NativeSnapshot;
  /** Milliseconds on the native clock; lifetimes are told for this moment. */
  readonly now: number;
  /** Absent: read from the view when first needed. */
  readonly names?: InterfaceNames | undefined;
  readonly routes: RouteDetail;
  /** Generation to tell; grows also when only domains changed. */
  readonly generation: number;
  /** The domains as of this snapshot; called once, when first read. */
  readonly viewPvds: (snapshot: HostSnapshot) => readonly ProvisioningDomain[];
}

export class HostSnapshot implements Snapshot {
  readonly #parts: SnapshotParts;
  readonly #context: UnpackerContext;
  #names: InterfaceNames | undefined;
  #pvds: readonly ProvisioningDomain[] | undefined;
  readonly generation: number;
  readonly epoch: number;
  readonly synced: boolean;
  readonly interfaces: Snapshot['interfaces'];
  readonly addresses: Snapshot['addresses'];
  readonly nexthops: Snapshot['nexthops'];
  readonly routes: RouteTable;
  readonly rules: Snapshot['rules'];
  readonly neighbours: Snapshot['neighbours'];

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
    this.#names = parts.names;
    this.#context = { now: parts.now, interfaceName: (index) => nameOfIndex(this.names, index) };
    this.generation = parts.generation;
    this.epoch = parts.native.epoch;
    this.synced = parts.native.synced;
    const source = { native: parts.native, context: this.#context };
    this.interfaces = new RecordTable(source, 'interface', (unpacker) =>
      viewInterface(unpackInterface(unpacker), this.names),
    );
    this.addresses = new RecordTable(source, 'address', unpackAddress);
    this.nexthops = new RecordTable(source, 'nexthop', unpackNexthop);
    this.rules = new RecordTable(source, 'rule', unpackRule);
    this.neighbours = new RecordTable(source, 'neighbour', unpackNeighbour);
    this.routes =
      parts.routes === 'none' ? noRoutes : new RecordRouteTable(source, unpackRoute, shownRoutes[parts.routes]);
  }

  /** The native view. */
  get native(): NativeSnapshot {
    return this.#parts.native;
  }

  /** The moment that its lifetimes are told for, milliseconds on the native clock. */
  get now(): number {
    return this.#parts.now;
  }

  get names(): InterfaceNames {
    this.#names ??= readNames(this.#parts.native, this.#context);
    return this.#names;
  }

  get pvds(): readonly ProvisioningDomain[] {
    this.#pvds ??= this.#parts.viewPvds(this);
    return this.#pvds;
  }
}

/** Text in the place of a name for an index that no interface of the snapshot has, as the ip command writes it. */
export function nameOfIndex(names: InterfaceNames, index: number): string {
  return names.get(index) ?? `if${index}`;
}

/** Names by index, from the table itself. */
function readNames(native: NativeSnapshot, context: UnpackerContext): InterfaceNames {
  const table: Table<InterfaceRecord> = new RecordTable({ native, context }, 'interface', unpackInterface);
  return new Map(Array.from(table, ({ index, name }) => [index, name]));
}
