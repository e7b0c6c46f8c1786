// SPDX-License-Identifier: MIT
// Ways to many destinations as columns of numbers: what a server wants that asks for a hundred thousand at once. Objects and
// text are made only for what is looked at.

import { formatIpv4, formatIpv6 } from '../address/ip-address.ts';
import {
  type MifErrorCode,
  type RouteType,
  RouteTypeNames,
  type Selection,
  type SelectionDoubt,
  SelectionDoubtNames,
  type Verdict,
  VerdictNames,
} from '../binding/contract.gen.ts';
import type { MifError } from '../binding/mif-error.ts';
import { flagNames, nameOf } from '../binding/unpacker.ts';
import type { InterfaceNames } from '../snapshot/interface-view.ts';
import { type Path, pathOf } from './path.ts';
import { codeOf, refusalOf } from './refusal.ts';

const gatewayWidth = 16;

/** Bytes of the columns, for each destination, but for the source; NativeSelector.selectMany says which they are. */
const bytesWithoutSource = 44;

/** Of the contract: there is a way. */
const pathVerdict = 1;

/** Whose ways they are. */
export interface PathTableParts {
  family: 4 | 6;
  /** Packed. */
  destinations: Uint8Array;
  columns: Uint8Array;
  names: InterfaceNames;
  /** Who was to carry them all. */
  interface?: string | undefined;
  pvd?: string | undefined;
}

/** Memory for so many answers, of its own. */
export function columnsFor(family: 4 | 6, count: number): Uint8Array {
  // Not filled with zeros: every byte is going to be written.
  return Buffer.allocUnsafeSlow(count * (bytesWithoutSource + widthOf(family)));
}

/** Bytes of an address. */
export function widthOf(family: 4 | 6): 4 | 16 {
  return family === 4 ? 4 : 16;
}

/**
 * What `host.selectMany` answers: for each destination, at its place, a way or why there is none. A value; it does not follow
 * the network. Columns are views of one piece of memory; where there is no way, only `verdict` and `doubts` mean something.
 */
export class PathTable implements Iterable<Path | MifError> {
  /** Destinations. */
  readonly length: number;
  /** Of the destinations. */
  readonly family: 4 | 6;
  /** Id of the provisioning domain, where one was asked for. */
  readonly pvd: string | undefined;
  /** 1 where there is a way; what else it may be, `codeAt` says. */
  readonly verdict: Uint8Array;
  /** Route type, as the kernel numbers them (RTN_*): 1 unicast, 2 local, 3 broadcast, 4 anycast, 5 multicast. */
  readonly type: Uint8Array;
  /** Interface index. */
  readonly index: Uint32Array;
  /** Routing table. */
  readonly table: Uint32Array;
  /** Of the route; lower wins. */
  readonly metric: Uint32Array;
  /** Bytes; 0 where it is not known. */
  readonly mtu: Uint32Array;
  /** How many hops of the route would do. */
  readonly ways: Uint16Array;
  /** Bits of the destination of the route. */
  readonly prefixLength: Uint8Array;
  /** Bits of SelectionDoubt, in the order in which the type names them; 0 where there is no doubt. */
  readonly doubts: Uint32Array;
  /** Source addresses in network order: 4 bytes each of family 4, 16 of family 6. */
  readonly source: Uint8Array;
  /** 4 or 6, or 0 where there is no source. */
  readonly sourceFamily: Uint8Array;
  /** First hops in network order, 16 bytes each, of which one of family 4 has the first four. */
  readonly gateway: Uint8Array;
  /** 4 or 6, or 0 where the destination is on link. May be 6 for a destination of family 4 (RFC 5549). */
  readonly gatewayFamily: Uint8Array;

  readonly #destinations: Uint8Array;
  readonly #isAssumedOnLink: Uint8Array;
  readonly #names: InterfaceNames;
  readonly #interface: string | undefined;

  /** Tables are made by Host.selectMany. */
  constructor({ family, destinations, columns, names, interface: link, pvd }: PathTableParts) {
    const length = destinations.length / widthOf(family);
    const { buffer } = columns;
    let at = columns.byteOffset;
    const take = (bytes: number): number => {
      const begin = at;
      at += bytes * length;
      return begin;
    };
    this.length = length;
    this.family = family;
    this.pvd = pvd;
    this.index = new Uint32Array(buffer, take(4), length);
    this.table = new Uint32Array(buffer, take(4), length);
    this.metric = new Uint32Array(buffer, take(4), length);
    this.mtu = new Uint32Array(buffer, take(4), length);
    this.doubts = new Uint32Array(buffer, take(4), length);
    this.gateway = new Uint8Array(buffer, take(gatewayWidth), gatewayWidth * length);
    this.source = new Uint8Array(buffer, take(widthOf(family)), widthOf(family) * length);
    this.ways = new Uint16Array(buffer, take(2), length);
    this.verdict = new Uint8Array(buffer, take(1), length);
    this.type = new Uint8Array(buffer, take(1), length);
    this.prefixLength = new Uint8Array(buffer, take(1), length);
    this.sourceFamily = new Uint8Array(buffer, take(1), length);
    this.gatewayFamily = new Uint8Array(buffer, take(1), length);
    this.#isAssumedOnLink = new Uint8Array(buffer, take(1), length);
    this.#destinations = destinations;
    this.#names = names;
    this.#interface = link;
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
    this.#check(place);
    return this.verdict[place] === pathVerdict ? undefined : codeOf(this.#verdictAt(place));
  }

  *[Symbol.iterator](): Generator<Path | MifError, void, undefined> {
    for (let place = 0; place < this.length; place++) yield this.#read(place);
  }

  #check(place: number): void {
    if (!(Number.isInteger(place) && place >= 0 && place < this.length))
      throw new RangeError(`there is no place ${place}; the table has ${this.length}`);
  }

  #verdictAt(place: number): Verdict {
    return nameOf(VerdictNames, this.verdict[place] as number) as Verdict;
  }

  #read(place: number): Path | MifError {
    this.#check(place);
    const destination = textAt(this.#destinations, place, widthOf(this.family), this.family) as string;
    const selection = this.#selectionAt(place);
    return selection.verdict === 'path'
      ? pathOf(destination, selection, { pvd: this.pvd })
      : refusalOf(selection, { destination, interface: this.#interface, pvd: this.pvd });
  }

  #selectionAt(place: number): Selection {
    const number = (column: Uint8Array | Uint16Array | Uint32Array): number => column[place] as number;
    const index = number(this.index);
    return {
      verdict: this.#verdictAt(place),
      type: nameOf(RouteTypeNames, number(this.type)) as RouteType,
      interface: this.#names.get(index) ?? `if${index}`,
      index,
      table: number(this.table),
      metric: number(this.metric),
      mtu: number(this.mtu),
      prefixLength: number(this.prefixLength),
      ways: number(this.ways),
      source: textAt(this.source, place, widthOf(this.family), number(this.sourceFamily)),
      gateway: textAt(this.gateway, place, gatewayWidth, number(this.gatewayFamily)),
      isAssumedOnLink: number(this.#isAssumedOnLink) === 1,
      // Columns do not tell: it is for `firstHop`, which a batch does not have.
      isBySource: false,
      doubts: flagNames(SelectionDoubtNames, number(this.doubts)) as SelectionDoubt[],
    };
  }
}

function textAt(column: Uint8Array, place: number, width: number, family: number): string | undefined {
  if (family === 0) return undefined;
  const bytes = new DataView(column.buffer, column.byteOffset + place * width, width);
  if (family === 4) return formatIpv4(bytes.getUint32(0));
  return formatIpv6(bytes.getUint32(0), bytes.getUint32(4), bytes.getUint32(8), bytes.getUint32(12));
}
