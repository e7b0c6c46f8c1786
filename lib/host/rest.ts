// SPDX-License-Identifier: MIT
// When a wake is answered that nobody waits for. Whoever takes a snapshot looks for itself; following each wake of a storm
// until then would be work for nobody.

/** Milliseconds until such a wake is answered: domains are followed and an end is told. */
const shortestMs = 50;
/** What that doubles up to while wakes follow one another. */
const longestMs = 1000;

export class Rest {
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #lengthMs = shortestMs;
  /** When the last one was over. */
  #overAt = 0;

  /** @param now - a clock, milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Calls `over` after a while, once, unless that is about to happen already. Does not keep the program alive. */
  begin(over: () => void): void {
    if (this.#timer !== undefined) return;
    const isBusy = this.#now() - this.#overAt < this.#lengthMs;
    this.#lengthMs = isBusy ? Math.min(2 * this.#lengthMs, longestMs) : shortestMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      over();
      this.#overAt = this.#now();
    }, this.#lengthMs).unref();
  }

  /** What was to be called is not. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
