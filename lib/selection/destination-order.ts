// SPDX-License-Identifier: MIT
// In which order destinations should be tried (RFC 6724 section 6): the question and the answer as words. All of them
// cross at once, because a crossing costs as much as a selection.

import type { IpAddress } from '../address/ip-address.ts';
import { type Selection, unpackSelection } from '../binding/contract.gen.ts';
import type { Unpacker } from '../binding/unpacker.ts';
import type { Path } from './path.ts';
import type { Sources } from './sources.ts';

/** A destination in its place. */
export interface SortedDestination {
  /** As it was given. */
  readonly address: string;
  /** What a socket would have as its source; null where there is no way, or none may be the source. */
  readonly source: string | null;
  /** Name of the interface that it would leave by; null where there is no way. */
  readonly interface: string | null;
  /** Whether there is a way, and its interface is running. */
  readonly reachable: boolean;
  /** The rule of RFC 6724 section 6 that puts it before the next, 1 to 10; 10 is the order given. 0 for the last. */
  readonly rule: number;
  /** What the policy table says of it. */
  readonly precedence: number;
  /** The way; absent where there is none. */
  readonly path?: Path | undefined;
}

export interface OrderQuestion {
  readonly mark: number;
  readonly uid: number;
  /** Of IPV6_ADDR_PREFERENCES. */
  readonly preferences: number;
  /** As packPolicy. */
  readonly policy: readonly number[];
  /** What a socket would be held to, in order of preference; none for one that nobody binds. */
  readonly carriers: readonly {
    readonly index: number;
    /** Of either family. */
    readonly sources: Sources;
  }[];
  readonly destinations: readonly {
    readonly address: IpAddress;
    /** Index of the interface that the zone names; 0 without one. */
    readonly zone: number;
  }[];
}

/** One destination of the answer. */
export interface Placed {
  /** In the question. */
  readonly position: number;
  readonly rule: number;
  readonly isReachable: boolean;
  readonly precedence: number;
  /** Position of the carrier; undefined where no carrier was asked for. */
  readonly carrier: number | undefined;
  readonly selection: Selection;
}

const noCarrier = 0xffff_ffff;

/** As NativeSelector.sort reads it. */
export function packOrderQuestion({
  mark,
  uid,
  preferences,
  policy,
  carriers,
  destinations,
}: OrderQuestion): Uint32Array {
  const words = [mark, uid, preferences, ...policy, carriers.length];
  for (const { index, sources } of carriers) {
    words.push(index, sources.allowed.length);
    for (const source of sources.allowed) pushAddress(words, source);
    words.push(sources.advertised.length);
    for (const { source, router } of sources.advertised) {
      pushAddress(words, source);
      pushAddress(words, router);
    }
  }
  words.push(destinations.length);
  for (const { address, zone } of destinations) {
    pushAddress(words, address);
    words.push(zone);
  }
  return Uint32Array.from(words);
}

/** What NativeSelector.sort answers, best first. */
export function unpackOrder(words: Unpacker): Placed[] {
  const placed: Placed[] = [];
  while (words.remaining > 0) {
    const position = words.word();
    const rule = words.word();
    const isReachable = words.word() !== 0;
    const precedence = words.word();
    const carrier = words.word();
    const selection = unpackSelection(words);
    placed.push({
      position,
      rule,
      isReachable,
      precedence,
      carrier: carrier === noCarrier ? undefined : carrier,
      selection,
    });
  }
  return placed;
}

function pushAddress(words: number[], { family, groups: [a, b = 0, c = 0, d = 0] }: IpAddress): void {
  words.push(family, a, b, c, d);
}
