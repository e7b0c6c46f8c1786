// SPDX-License-Identifier: MIT
// Changes of a host as an async iterator with backpressure: a reader gets what leads from what it has seen to the present,
// however many changes that merges. Nothing is queued, so a slow reader costs one old snapshot.

import type { HostChange } from '../snapshot/change.ts';

/** What a stream reads from. */
export interface ChangeFeed<M> {
  /** The present moment. */
  current(): M;
  /** What leads from one moment to another; undefined when nothing does. */
  between(earlier: M, later: M): HostChange | undefined;
  /** A read began or ended to wait. */
  waiting(isWaiting: boolean): void;
  /** A stream ended. */
  ended(stream: ChangeStream<M>): void;
}

interface Waiter {
  resolve(result: IteratorResult<HostChange, undefined>): void;
  reject(error: unknown): void;
}

export class ChangeStream<M> implements AsyncIterableIterator<HostChange, undefined, undefined> {
  readonly #feed: ChangeFeed<M>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.end(this.#signal?.reason);
  readonly #waiters: Waiter[] = [];
  #seen: M;
  #isEnded = false;
  /** Why it ended, until one read was told. */
  #error: { reason: unknown } | undefined;

  constructor(feed: ChangeFeed<M>, signal?: AbortSignal) {
    this.#feed = feed;
    this.#signal = signal;
    this.#seen = feed.current();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
  }

  /** Whether every read from now on finds it done. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Looks whether there is something for those who wait. */
  wake(): void {
    while (this.#waiters.length > 0) {
      const change = this.#take();
      if (change === undefined) return;
      this.#settle().resolve({ done: false, value: change });
    }
  }

  /** Ends the stream: the next read fails with the reason, if there is one, and later ones find it done. */
  end(reason?: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    if (reason !== undefined) this.#error = { reason };
    while (this.#waiters.length > 0) this.#finish(this.#settle());
    this.#feed.ended(this);
  }

  next(): Promise<IteratorResult<HostChange, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.#isEnded) {
        this.#finish({ resolve, reject });
        return;
      }
      this.#waiters.push({ resolve, reject });
      this.#feed.waiting(true);
      this.wake();
    });
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): HostChange | undefined {
    const current = this.#feed.current();
    if (current === this.#seen) return undefined;
    const change = this.#feed.between(this.#seen, current);
    this.#seen = current;
    return change;
  }

  #settle(): Waiter {
    this.#feed.waiting(false);
    return this.#waiters.shift()!;
  }

  #finish(waiter: Waiter): void {
    const error = this.#error;
    this.#error = undefined;
    if (error === undefined) waiter.resolve({ done: true, value: undefined });
    else waiter.reject(error.reason);
  }
}
