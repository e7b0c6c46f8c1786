// SPDX-License-Identifier: MIT
// Packed answers that were read before. A host has few ways out, so most answers say what another one said, whatever
// the destination: to compare their words costs a tenth of making the strings again.

import { type Selection, unpackSelection } from '../binding/contract.gen.ts';
import { Unpacker, type UnpackerContext } from '../binding/unpacker.ts';
import { type Way, wayOf } from './path.ts';

/** Slots, a power of two. Ways differ in router, interface and prefix length: some hundreds on a host with a full table. */
const slotCount = 512;

/** Words of the longest packed Selection; what follows them is of earlier answers. */
const longest = 23;

/** An answer that was read. */
export interface Known {
  readonly words: Uint32Array;
  /** Words that it has. */
  readonly length: number;
  readonly selection: Selection;
  /** Undefined when there is none. */
  readonly way: Way | undefined;
}

export class AnswerCache {
  readonly #words: Uint32Array;
  readonly #context: UnpackerContext;
  readonly #slots: (Known | undefined)[] = new Array(slotCount).fill(undefined);

  /** @param words - where answers are, from the first one on. */
  constructor(words: Uint32Array, context: UnpackerContext) {
    this.#words = words;
    this.#context = context;
  }

  /** What the words say now. */
  read(): Known {
    const words = this.#words;
    // Fixed places: what is present, type, then on a path the index and the table, and where prefix length and router are.
    const slot =
      (words[3]! ^ (words[7]! << 2) ^ (words[8]! << 3) ^ (words[10]! << 1) ^ words[12]! ^ words[14]!) & (slotCount - 1);
    const known = this.#slots[slot];
    if (known !== undefined && isSame(words, known)) return known;
    const unpacker = new Unpacker(words, this.#context);
    const selection = unpackSelection(unpacker);
    const length = words.length - unpacker.remaining;
    const read: Known = {
      words: words.slice(0, longest),
      length,
      selection,
      way: selection.verdict === 'path' ? wayOf(selection) : undefined,
    };
    this.#slots[slot] = read;
    return read;
  }

  /** Names may mean other interfaces now. */
  clear(): void {
    this.#slots.fill(undefined);
  }
}

function isSame(words: Uint32Array, known: Known): boolean {
  const other = known.words;
  for (let at = 0; at < known.length; at++) if (words[at] !== other[at]) return false;
  return true;
}
