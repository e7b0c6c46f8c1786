// SPDX-License-Identifier: MIT
// Who may ask now and who has to wait: ten thousand questions at once must not need ten thousand descriptors.

export class Turns {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor({ most, mostWaiting }: { most: number; mostWaiting: number }) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  get isFull(): boolean {
    return this.#waiting.size >= this.#mostWaiting;
  }

  /** Starts now or when it is its turn, in order. Who has started calls `end()`. @returns gives the turn up before it started */
  take(start: () => void): () => void {
    if (this.#running < this.#most) {
      this.#running++;
      start();
      return () => {};
    }
    this.#waiting.add(start);
    return () => this.#waiting.delete(start);
  }

  end(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
