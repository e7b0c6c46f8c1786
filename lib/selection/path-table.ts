// SPDX-License-Identifier: MIT
// Ways to many destinations as columns of numbers: what a server wants that asks for a hundred thousand at once. Destinations
// share a few ways, so what crosses is each way once and which of them each destination has; columns, objects and text are made
// of what is looked at.

import { formatIpv4, formatIpv6, type IpAddress, parseIpAddress } from '../address/ip-address.ts';
import {
  type MifErrorCode,
  RouteTypeNames,
  type Selection,
  SelectionDoubtNames,
  VerdictNames,
} from '../binding/contract.gen.ts';
import type { MifError } from '../binding/mif-error.ts';
import { codeOf } from '../binding/unpacker.ts';
import { type Path, pathBy, type Way, wayOf } from './path.ts';
import { codeOf as errorCodeOf, refusalOf } from './refusal.ts';

const gatewayWidth = 16;

/** Whose ways they are. */
export interface PathTableParts {
  family: 4 | 6;
  /** Packed. */
  destinations: Uint8Array;
  /** For each destination its place in `answers`. */
  rows: Uint32Array;
  answers: readonly Selection[];
  /** Who was to carry them all. */
  interface?: string | undefined;
  pvd?: string | undefined;
}

/** Bytes of an address. */
export function widthOf(family: 4 | 6): 4 | 16 {
  return family === 4 ? 4 : 16;
}

interface Columns {
  verdict: Uint8Array;
  type: Uint8Array;
  index: Uint32Array;
  table: Uint32Array;
  metric: Uint32Array;
  mtu: Uint32Array;
  ways: Uint16Array;
  prefixLength: Uint8Array;
  doubts: Uint32Array;
  source: Uint8Array;
  sourceFamily: Uint8Array;
  gateway: Uint8Array;
  gatewayFamily: Uint8Array;
}

/**
 * What `host.selectMany` answers: for each destination, at its place, a way or why there is none. A value; it does not follow
 * the network. A column is made when it is first read, and is the same array from then on; where there is no way, only
 * `verdict` and `doubts` mean something.
 */
export class PathTable implements Iterable<Path | MifError> {
  /** Destinations. */
  readonly length: number;
  /** Of the destinations. */
  readonly family: 4 | 6;
  /** Id of the provisioning domain, where one was asked for. */
  readonly pvd: string | undefined;
  /** Equal where the answer is, whatever the destination: numbers from 0 on, in no order. */
  readonly row: Uint32Array;

  readonly #destinations: Uint8Array;
  readonly #answers: readonly Selection[];
  readonly #ways: (Way | undefined)[] = [];
  readonly #columns: Partial<Columns> = {};
  readonly #interface: string | undefined;

  /** Tables are made by Host.selectMany. */
  constructor({ family, destinations, rows, answers, interface: link, pvd }: PathTableParts) {
    this.length = rows.length;
    this.family = family;
    this.pvd = pvd;
    this.row = rows;
    this.#destinations = destinations;
    this.#answers = answers;
    this.#interface = link;
  }

  /** 1 where there is a way; what else it may be, `codeAt` says. */
  get verdict(): Uint8Array {
    this.#columns.verdict ??= this.#column(Uint8Array, ({ verdict }) => codeOf(VerdictNames, verdict));
    return this.#columns.verdict;
  }

  /** Route type, as the kernel numbers them (RTN_*): 1 unicast, 2 local, 3 broadcast, 4 anycast, 5 multicast. */
  get type(): Uint8Array {
    this.#columns.type ??= this.#column(Uint8Array, ({ type }) => codeOf(RouteTypeNames, type));
    return this.#columns.type;
  }

  /** Interface index. */
  get index(): Uint32Array {
    this.#columns.index ??= this.#column(Uint32Array, ({ index }) => index);
    return this.#columns.index;
  }

  /** Routing table. */
  get table(): Uint32Array {
    this.#columns.table ??= this.#column(Uint32Array, ({ table }) => table);
    return this.#columns.table;
  }

  /** Of the route; lower wins. */
  get metric(): Uint32Array {
    this.#columns.metric ??= this.#column(Uint32Array, ({ metric }) => metric);
    return this.#columns.metric;
  }

  /** Bytes; 0 where it is not known. */
  get mtu(): Uint32Array {
    this.#columns.mtu ??= this.#column(Uint32Array, ({ mtu }) => mtu);
    return this.#columns.mtu;
  }

  /** How many hops of the route would do. */
  get ways(): Uint16Array {
    this.#columns.ways ??= this.#column(Uint16Array, ({ ways }) => ways);
    return this.#columns.ways;
  }

  /** Bits of the destination of the route. */
  get prefixLength(): Uint8Array {
    this.#columns.prefixLength ??= this.#column(Uint8Array, ({ prefixLength }) => prefixLength);
    return this.#columns.prefixLength;
  }

  /** Bits of SelectionDoubt, in the order in which the type names them; 0 where there is no doubt. */
  get doubts(): Uint32Array {
    this.#columns.doubts ??= this.#column(Uint32Array, doubtBits);
    return this.#columns.doubts;
  }

  /** Source addresses in network order: 4 bytes each of family 4, 16 of family 6. */
  get source(): Uint8Array {
    this.#columns.source ??= this.#addresses(widthOf(this.family), ({ source }) => source);
    return this.#columns.source;
  }

  /** 4 or 6, or 0 where there is no source. */
  get sourceFamily(): Uint8Array {
    this.#columns.sourceFamily ??= this.#column(Uint8Array, ({ source }) => addressOf(source)?.family);
    return this.#columns.sourceFamily;
  }

  /** First hops in network order, 16 bytes each, of which one of family 4 has the first four. */
  get gateway(): Uint8Array {
    this.#columns.gateway ??= this.#addresses(gatewayWidth, ({ gateway }) => gateway);
    return this.#columns.gateway;
  }

  /** 4 or 6, or 0 where the destination is on link. May be 6 for a destination of family 4 (RFC 5549). */
  get gatewayFamily(): Uint8Array {
    this.#columns.gatewayFamily ??= this.#column(Uint8Array, ({ gateway }) => addressOf(gateway)?.family);
    return this.#columns.gatewayFamily;
  }

  /**
   * The way to the destination at a place.
   * @throws RangeError past the end; MifError what `host.select` would throw, where there is no way
   */
  at(place: number): Path {
    const found = this.#read(place);
    if ('code' in found) throw found;
    return found;
  }

  /** The code of the error that `at` would throw; undefined where there is a way. @throws RangeError past the end */
  codeAt(place: number): MifErrorCode | undefined {
    const { verdict } = this.#answerAt(place);
    return verdict === 'path' ? undefined : errorCodeOf(verdict);
  }

  *[Symbol.iterator](): Generator<Path | MifError, void, undefined> {
    for (let place = 0; place < this.length; place++) yield this.#read(place);
  }

  #answerAt(place: number): Selection {
    const row = this.row[place];
    if (row === undefined) throw new RangeError(`there is no place ${place}; the table has ${this.length}`);
    return this.#answers[row] as Selection;
  }

  #read(place: number): Path | MifError {
    const selection = this.#answerAt(place);
    const destination = this.#destinationAt(place);
    if (selection.verdict !== 'path')
      return refusalOf(selection, { destination, interface: this.#interface, pvd: this.pvd });
    const row = this.row[place] as number;
    const way = this.#ways[row] ?? wayOf(selection);
    this.#ways[row] = way;
    return pathBy(way, destination, { pvd: this.pvd });
  }

  #destinationAt(place: number): string {
    const { buffer, byteOffset } = this.#destinations;
    const width = widthOf(this.family);
    const bytes = new DataView(buffer, byteOffset + place * width, width);
    if (width === 4) return formatIpv4(bytes.getUint32(0));
    return formatIpv6(bytes.getUint32(0), bytes.getUint32(4), bytes.getUint32(8), bytes.getUint32(12));
  }

  /** What each destination's answer has of this, 0 where it has nothing. */
  #column<Column extends Uint8Array | Uint16Array | Uint32Array>(
    kind: new (size: number) => Column,
    of: (answer: Selection) => number | undefined,
  ): Column {
    const distinct = this.#answers.map((answer) => of(answer) ?? 0);
    const rows = this.row;
    const column = new kind(rows.length);
    for (let place = 0; place < rows.length; place++) column[place] = distinct[rows[place]!]!;
    return column;
  }

  #addresses(width: number, of: (answer: Selection) => string | undefined): Uint8Array {
    const distinct = new Uint8Array(width * this.#answers.length);
    const view = new DataView(distinct.buffer);
    for (const [row, answer] of this.#answers.entries()) {
      for (const [at, group] of (addressOf(of(answer))?.groups ?? []).entries()) {
        view.setUint32(row * width + 4 * at, group);
      }
    }
    const rows = this.row;
    const column = new Uint8Array(width * rows.length);
    for (let place = 0; place < rows.length; place++) {
      const from = rows[place]! * width;
      for (let at = 0; at < width; at++) column[place * width + at] = distinct[from + at]!;
    }
    return column;
  }
}

function addressOf(text: string | undefined): IpAddress | undefined {
  return text === undefined ? undefined : parseIpAddress(text);
}

function doubtBits({ doubts }: Selection): number {
  return SelectionDoubtNames.reduce((bits, [bit, name]) => (doubts.includes(name as never) ? bits | bit : bits), 0);
}
