// SPDX-License-Identifier: MIT
// Answers that are still good. Of one domain only: what a network says of a name is true in that network (DNS-03, DNS-06). What
// was used longest ago goes first when there is no more room.

export interface Cached {
  /** When it ends, milliseconds on the clock of the resolver. */
  readonly expires: number;
  /** Bytes that it came in. */
  readonly size: number;
}

export interface CacheLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** What an entry costs besides its answer. */
const overhead = 200;

export class AnswerCache<T extends Cached> {
  readonly #entries = new Map<string, T>();
  readonly #limits: CacheLimits;
  #bytes = 0;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(key: string, now: number): T | undefined {
    const found = this.#entries.get(key);
    if (found === undefined) return undefined;
    this.#remove(key, found);
    if (found.expires <= now) return undefined;
    this.#add(key, found);
    return found;
  }

  keep(key: string, answer: T): void {
    const before = this.#entries.get(key);
    if (before !== undefined) this.#remove(key, before);
    this.#add(key, answer);
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= this.#limits.entries && this.#bytes <= this.#limits.bytes) break;
      this.#remove(oldest, entry);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #add(key: string, answer: T): void {
    this.#entries.set(key, answer);
    this.#bytes += answer.size + overhead;
  }

  #remove(key: string, answer: T): void {
    this.#entries.delete(key);
    this.#bytes -= answer.size + overhead;
  }
}
