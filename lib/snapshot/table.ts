// SPDX-License-Identifier: MIT
// Tables of a snapshot: windows on a native view, which decode in batches while somebody iterates and keep nothing.
// Iterating twice decodes twice; `[...table]` keeps what is wanted. The order is the mirror's and means nothing.

import {
  type RecordKind,
  RecordKindNames,
  type Route,
  RouteProtocolNames,
  RouteTypeNames,
} from '../binding/contract.gen.ts';
import { MifError } from '../binding/mif-error.ts';
import type { NativeRouteFilter, NativeSnapshot } from '../binding/native.ts';
import { codeOf, Unpacker, type UnpackerContext } from '../binding/unpacker.ts';
import type { RouteFilter, RouteTable, Table } from './change.ts';

/** Records per crossing: large enough that the crossing does not count, small enough not to stall the event loop. */
const batchSize = 512;
/** `NativeSnapshot.read` says so instead of a next position at the end. */
const endPosition = 0xffffffff;

/** Codes by kind: every snapshot needs six. */
const kindCodes: ReadonlyMap<string, number> = new Map(
  Object.entries(RecordKindNames).map(([code, kind]) => [kind, Number(code)]),
);

/** A native view and what it takes to read it. */
export interface TableSource {
  readonly native: NativeSnapshot;
  readonly context: UnpackerContext;
}

export class RecordTable<T> implements Table<T> {
  readonly #source: TableSource;
  readonly #kind: number;
  readonly #decode: (unpacker: Unpacker) => T;
  readonly #filter: NativeRouteFilter | undefined;
  #length: number | undefined;

  constructor(source: TableSource, kind: RecordKind, decode: (unpacker: Unpacker) => T, filter?: NativeRouteFilter) {
    this.#source = source;
    this.#kind = kindCodes.get(kind)!;
    this.#decode = decode;
    this.#filter = filter;
  }

  get length(): number {
    this.#length ??= this.#source.native.size(this.#kind, this.#filter);
    return this.#length;
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    const { native, context } = this.#source;
    let position = 0;
    while (position !== endPosition) {
      const unpacker = new Unpacker(native.read(this.#kind, position, batchSize, this.#filter), context);
      position = unpacker.word();
      for (let left = unpacker.word(); left > 0; left--) yield this.#decode(unpacker);
    }
  }

  /** The records, for `JSON.stringify`. */
  toJSON(): T[] {
    return [...this];
  }
}

/** Routes, filtered natively. */
export class RecordRouteTable extends RecordTable<Route> implements RouteTable {
  readonly #source: TableSource;
  readonly #decode: (unpacker: Unpacker) => Route;
  readonly #filter: NativeRouteFilter;

  constructor(source: TableSource, decode: (unpacker: Unpacker) => Route, filter: NativeRouteFilter = {}) {
    super(source, 'route', decode, filter);
    this.#source = source;
    this.#decode = decode;
    this.#filter = filter;
  }

  /** Routes that pass this filter and the table's own. */
  where(filter: RouteFilter): RouteTable {
    const both = narrow(this.#filter, nativeFilter(filter));
    return both === undefined ? noRoutes : new RecordRouteTable(this.#source, this.#decode, both);
  }
}

/** The table of a host that was opened without routes. */
export const noRoutes: RouteTable = Object.freeze({
  length: 0,
  where: () => noRoutes,
  toJSON: () => [],
  *[Symbol.iterator]() {},
});

/**
 * A filter in the codes of the contract.
 * @throws MifError ERR_MIF_INVALID_ARG for a name that is not in the contract
 */
export function nativeFilter({ family, table, protocol, types, maxPrefixLength }: RouteFilter): NativeRouteFilter {
  return {
    ...(family === undefined ? {} : { family }),
    ...(table === undefined ? {} : { table }),
    ...(protocol === undefined ? {} : { protocol: filterCode(RouteProtocolNames, protocol) }),
    ...(types === undefined ? {} : { types: maskOf(types) }),
    ...(maxPrefixLength === undefined ? {} : { maxPrefixLength }),
  };
}

/** What passes both; undefined when nothing can. */
function narrow(one: NativeRouteFilter, other: NativeRouteFilter): NativeRouteFilter | undefined {
  const both: NativeRouteFilter = { ...one, ...other };
  for (const key of ['family', 'table', 'protocol'] as const) {
    if (one[key] !== undefined && one[key] !== both[key]) return undefined;
  }
  if (one.types !== undefined && other.types !== undefined) both.types = one.types & other.types;
  const lengths = [one.maxPrefixLength, other.maxPrefixLength].filter((length) => length !== undefined);
  if (lengths.length > 0) both.maxPrefixLength = Math.min(...lengths);
  // A mask of 0 would let everything through.
  return both.types === 0 ? undefined : both;
}

function maskOf(types: readonly string[]): number {
  let mask = 0;
  for (const type of types) mask |= 1 << Math.min(filterCode(RouteTypeNames, type), 31);
  return mask >>> 0;
}

/** The code of a name; digits stand for a code that has none. */
function filterCode(names: Readonly<Record<number, string>>, name: string): number {
  const code = codeOf(names, name);
  if (code !== undefined) return code;
  if (/^\d{1,3}$/.test(name)) return Number(name);
  throw new MifError(
    'ERR_MIF_INVALID_ARG',
    `no route filter for '${name}': known are ${Object.values(names).join(', ')}`,
  );
}
