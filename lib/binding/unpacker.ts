// SPDX-License-Identifier: MIT
// Reads packed records, the form in which tables cross from the native library: the counterpart of
// native/contract/packer.h. Objects and strings are made here, because making them natively costs five times as much.
// Which fields a record has is contract.gen.ts's affair.

import { formatIpv4, formatIpv6 } from '../address/ip-address.ts';

/** What the words alone do not tell. */
export interface UnpackerContext {
  /** Name of the interface with an index, in the snapshot that the words are from. */
  interfaceName(index: number): string;
  /** The moment that lifetimes are told for, milliseconds on the native clock. */
  now: number;
}

const allOnes = 0xffffffff;
const millisecondsPerSecond = 1000;

/** Slots of the address cache, a power of two: hosts have few routers, and many routes through each. */
const cacheSlots = 64;

export class Unpacker {
  readonly #words: Uint32Array;
  readonly #context: UnpackerContext;
  #at = 0;

  /** @param words as NativeSnapshot.read or NativeSnapshot.difference returned them */
  constructor(words: Uint32Array, context: UnpackerContext) {
    this.#words = words;
    this.#context = context;
  }

  /** Words that have not been read. */
  get remaining(): number {
    return this.#words.length - this.#at;
  }

  /** The next word, unsigned. @throws RangeError past the end: the two sides disagree */
  word(): number {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new RangeError('packed records end early');
    return word;
  }

  /** Text that the kernel has as bytes; what is not UTF-8 in it becomes U+FFFD. */
  string(): string {
    const length = this.word();
    let text = '';
    let word = 0;
    for (let at = 0; at < length; at++) {
      if (at % 4 === 0) word = this.word();
      const byte = (word >>> (24 - 8 * (at % 4))) & 0xff;
      if (byte >= 0x80) return this.#decode(length, at);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** A link-layer address, lower case hexadecimal with colons. */
  mac(): string {
    const length = this.word();
    let text = '';
    let word = 0;
    for (let at = 0; at < length; at++) {
      if (at % 4 === 0) word = this.word();
      const byte = (word >>> (24 - 8 * (at % 4))) & 0xff;
      text += `${at === 0 ? '' : ':'}${byte < 0x10 ? '0' : ''}${byte.toString(16)}`;
    }
    return text;
  }

  /** An address without zone; empty where there is none. */
  address(): string {
    const family = this.word();
    if (family === 4) return addresses.get(4, this.word(), 0, 0, 0);
    if (family === 6) return addresses.get(6, this.word(), this.word(), this.word(), this.word());
    return '';
  }

  /** `address/length`. Not cached: destinations of routes are as many as routes. */
  prefix(): string {
    const head = this.word();
    const length = (head >>> 8) & 0xff;
    if ((head & 0xff) === 4) return `${formatIpv4(this.word())}/${length}`;
    return `${formatIpv6(this.word(), this.word(), this.word(), this.word())}/${length}`;
  }

  /** Whole seconds left of a lifetime, never negative; null for ever. */
  lifetime(): number | null {
    const low = this.word();
    const high = this.word();
    if (low === allOnes && high === allOnes) return null;
    const milliseconds = high * 2 ** 32 + low - this.#context.now;
    return Math.max(0, Math.floor(milliseconds / millisecondsPerSecond));
  }

  /** Whole seconds left of a lifetime that has an end. */
  seconds(): number {
    return this.lifetime() ?? Number.POSITIVE_INFINITY;
  }

  /** A count, then that many of what `read` reads. */
  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.word(); left > 0; left--) items.push(read());
    return items;
  }

  interfaceName(index: number): string {
    return this.#context.interfaceName(index);
  }

  /** The whole text again, by the platform's decoder; the word with byte `at` has been read. */
  #decode(length: number, at: number): string {
    const bytes = new Uint8Array(length);
    const first = this.#at - Math.floor(at / 4) - 1;
    for (let i = 0; i < length; i++) {
      const word = this.#words[first + Math.floor(i / 4)] ?? 0;
      bytes[i] = (word >>> (24 - 8 * (i % 4))) & 0xff;
    }
    this.#at = first + Math.ceil(length / 4);
    return new TextDecoder().decode(bytes);
  }
}

/** Remembers the text of one address per slot. */
class AddressCache {
  readonly #slots: { family: number; a: number; b: number; c: number; d: number; text: string }[] = [];

  get(family: 4 | 6, a: number, b: number, c: number, d: number): string {
    // Router addresses differ in their last bits, and often only in the last byte.
    const slot = (d ^ (d >>> 16) ^ a ^ (a >>> 8)) & (cacheSlots - 1);
    const known = this.#slots[slot];
    if (known?.d === d && known.a === a && known.b === b && known.c === c && known.family === family) return known.text;
    const text = family === 4 ? formatIpv4(a) : formatIpv6(a, b, c, d);
    this.#slots[slot] = { family, a, b, c, d, text };
    return text;
  }
}

/** One for all: the difference of two looks is too short for one of its own. */
const addresses = new AddressCache();

/** The name of a code, or its decimal digits where the contract has none. */
export function nameOf(names: Readonly<Record<number, string>>, code: number): string {
  return names[code] ?? String(code);
}

/** The code of a name, where the contract has one. */
export function codeOf(names: Readonly<Record<number, string>>, name: string): number | undefined {
  const code = Object.keys(names).find((key) => names[Number(key)] === name);
  return code === undefined ? undefined : Number(code);
}

const flagSets = new WeakMap<FlagTable, Map<number, readonly string[]>>();

type FlagTable = readonly (readonly [number, string])[];

/** How many combinations of one kind of flags are remembered; hosts show a few dozen. */
const rememberedFlagSets = 256;

/**
 * The names of the bits set in a word, lowest bit first, `0x…` for those without one.
 * The list is shared by all records with the same bits, and frozen.
 */
export function flagNames(names: FlagTable, word: number): readonly string[] {
  let sets = flagSets.get(names);
  if (sets === undefined || sets.size > rememberedFlagSets) {
    sets = new Map();
    flagSets.set(names, sets);
  }
  let flags = sets.get(word);
  if (flags === undefined) {
    flags = Object.freeze(namesOfBits(names, word));
    sets.set(word, flags);
  }
  return flags;
}

function namesOfBits(names: FlagTable, word: number): string[] {
  const byBit = new Map(names);
  const flags: string[] = [];
  for (let place = 0; place < 32; place++) {
    const bit = (1 << place) >>> 0;
    if ((word & bit) !== 0) flags.push(byBit.get(bit) ?? `0x${bit.toString(16)}`);
  }
  return flags;
}
