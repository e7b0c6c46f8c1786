// SPDX-License-Identifier: MIT
// The order of what happens to one subscriber: appearances, requests and readings share one count, so that
// "before" and "after" have an answer without a clock.

/** Positive integers, each given once. */
export class Sequence {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}
