// SPDX-License-Identifier: MIT
// How many messages of a link are read in a time (SEC-17): so many at once, and as many each second. Half of them are kept for
// routers that are known already, so that nobody who makes up routers has their words dropped. Knows no clock.

export class RateLimit {
  readonly #perSecond: number;
  #left: number;
  #at = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  /** Whether a message may be read now, milliseconds; counts it if so. */
  admits(isOfKnown: boolean, now: number): boolean {
    const gained = ((now - this.#at) / 1000) * this.#perSecond;
    // Time does not run backwards, but clocks were known to.
    if (gained > 0) {
      this.#left = Math.min(this.#perSecond, this.#left + gained);
      this.#at = now;
    }
    const kept = isOfKnown ? 0 : this.#perSecond / 2;
    if (this.#left < kept + 1) return false;
    this.#left -= 1;
    return true;
  }
}
