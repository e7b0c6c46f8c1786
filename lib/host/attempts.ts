// SPDX-License-Identifier: MIT
// Attempts to connect that the native monitor makes in its namespace, and who waits for each. Every descriptor that comes back
// has one owner: the one who waits, or it is closed here.

import type { MifError } from '../binding/mif-error.ts';
import type { NativeConnectRequest, NativeMonitor, NativeOutcome } from '../binding/native.ts';

/** Receives the outcome of an attempt, once. Owns its descriptor. */
export type OutcomeReceiver = (outcome: NativeOutcome) => void;

export interface AttemptsOptions {
  readonly monitor: Pick<NativeMonitor, 'connect' | 'cancelConnect'>;
  readonly closeDescriptor: (fd: number) => void;
  /** Whether any attempt is under way; told when that changes. */
  readonly onActive: (isActive: boolean) => void;
}

export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #receivers = new Map<number, OutcomeReceiver>();
  #isUsed = false;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** Whether there can be outcomes: an attempt was started once. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /**
   * Starts an attempt.
   * @returns gives it up: its socket is closed and `receive` is not called. Without effect afterwards.
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_CLOSED
   */
  start(request: NativeConnectRequest, receive: OutcomeReceiver): () => void {
    this.#isUsed = true;
    const attempt = this.#options.monitor.connect(request);
    this.#receivers.set(attempt, receive);
    if (this.#receivers.size === 1) this.#options.onActive(true);
    return () => {
      if (this.#forget(attempt) !== undefined) this.#options.monitor.cancelConnect(attempt);
    };
  }

  /** Hands outcomes to those who wait for them. */
  deliver(outcomes: readonly NativeOutcome[]): void {
    for (const outcome of outcomes) {
      const receive = this.#forget(outcome.attempt);
      if (receive !== undefined) receive(outcome);
      else if (outcome.fd !== undefined) this.#options.closeDescriptor(outcome.fd);
    }
  }

  /** Ends every attempt, because the monitor ended. */
  fail(error: MifError): void {
    for (const [attempt, receive] of [...this.#receivers]) {
      this.#forget(attempt);
      receive({ attempt, elapsedMs: 0, failure: { code: error.code, message: error.message } });
    }
  }

  #forget(attempt: number): OutcomeReceiver | undefined {
    const receive = this.#receivers.get(attempt);
    if (this.#receivers.delete(attempt) && this.#receivers.size === 0) this.#options.onActive(false);
    return receive;
  }
}
