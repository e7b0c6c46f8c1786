// SPDX-License-Identifier: MIT
// Waiting for a message without reading it: any number may wait, all are woken together, nobody is forgotten when the
// session ends. Whoever waits keeps the program alive, an idle session does not.

/** Keeps the event loop alive between `retain` and `release`. */
export interface Liveness {
  retain(): void;
  release(): void;
}

export interface WaitOptions {
  /** Milliseconds; Infinity for no limit. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

interface Waiter {
  resolve(): void;
  reject(reason: unknown): void;
}

// What setTimeout can do; longer ones it turns into 1 ms.
const longestTimeoutMs = 2 ** 31 - 1;

export class WaitingRoom {
  readonly #waiters = new Set<Waiter>();
  readonly #liveness: Liveness;

  constructor(liveness: Liveness) {
    this.#liveness = liveness;
  }

  get isEmpty(): boolean {
    return this.#waiters.size === 0;
  }

  /** Resolves when woken or when the time is over; rejects with the signal's reason or that of `fail`. */
  async enter({ timeout, signal }: WaitOptions): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = withResolvers<void>();
    const waiter: Waiter = { resolve, reject };
    const abort = () => reject(signal?.reason);
    const timer = timeout > longestTimeoutMs ? undefined : setTimeout(resolve, timeout);
    signal?.addEventListener('abort', abort, { once: true });
    if (this.isEmpty) this.#liveness.retain();
    this.#waiters.add(waiter);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.#waiters.delete(waiter);
      if (this.isEmpty) this.#liveness.release();
    }
  }

  wake(): void {
    for (const waiter of this.#waiters) waiter.resolve();
  }

  fail(reason: unknown): void {
    for (const waiter of this.#waiters) waiter.reject(reason);
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
