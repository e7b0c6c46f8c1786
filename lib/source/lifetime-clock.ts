// SPDX-License-Identifier: MIT
// Moments of the wall clock, which daemons write into files, on the clock of lifetimes. The two drift by fractions of a
// millisecond from look to look; a moment that has not been told anew must not move with them.

/** More than this between two looks is not drift: somebody set the wall clock. */
const driftMs = 1_000;

export class LifetimeClock {
  readonly #now: () => number;
  readonly #wallNow: () => number;
  #offset: number | undefined;

  /**
   * @param now - milliseconds on the clock of lifetimes
   * @param wallNow - milliseconds on the wall clock
   */
  constructor(now: () => number, wallNow: () => number = () => Date.now()) {
    this.#now = now;
    this.#wallNow = wallNow;
  }

  now(): number {
    return this.#now();
  }

  /** A moment of the wall clock on the clock of lifetimes. */
  fromWall(wallMs: number): number {
    const offset = Math.round(this.#now() - this.#wallNow());
    if (this.#offset === undefined || Math.abs(offset - this.#offset) > driftMs) this.#offset = offset;
    return Math.round(wallMs) + this.#offset;
  }
}
