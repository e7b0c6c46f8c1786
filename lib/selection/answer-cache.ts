// SPDX-License-Identifier: MIT
// Answers that were read before. A host has few ways out, so most answers say what another one said, whatever the
// destination; the library numbers them, and what has the number of one that was read need not be read again.

import type { Selection } from '../binding/contract.gen.ts';
import { type Way, wayOf } from './path.ts';

/** Slots, as the library counts them. */
const slotCount = 512;

/** An answer that was read. */
export interface Known {
  /** Of the answer, two words. */
  readonly low: number;
  readonly high: number;
  readonly selection: Selection;
  /** Undefined when there is none. */
  readonly way: Way | undefined;
}

export class AnswerCache {
  readonly #readAnswer: () => Selection;
  readonly #slots: (Known | undefined)[] = new Array(slotCount).fill(undefined);

  /** @param readAnswer - reads the library's last answer. */
  constructor(readAnswer: () => Selection) {
    this.#readAnswer = readAnswer;
  }

  /** The library's last answer, which it keeps in this slot under this number. */
  find(slot: number, low: number, high: number): Known {
    const known = this.#slots[slot];
    if (known !== undefined && known.low === low && known.high === high) return known;
    const selection = this.#readAnswer();
    const read = { low, high, selection, way: selection.verdict === 'path' ? wayOf(selection) : undefined };
    this.#slots[slot] = read;
    return read;
  }

  /** Names may mean other interfaces now. */
  clear(): void {
    this.#slots.fill(undefined);
  }
}
