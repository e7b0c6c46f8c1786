// SPDX-License-Identifier: MIT
// Datagrams that wait because the kernel has no room for them, in order, and no more of them than was agreed: whoever sends
// faster than the network takes is told, and memory is not filled.

import { MifError } from '../binding/mif-error.ts';
import type { NativeDeparture } from '../binding/native.ts';

/** One datagram, and who waits for it to go. */
export interface Waiting {
  readonly data: Uint8Array;
  readonly departure: NativeDeparture;
  sent(): void;
  failed(error: unknown): void;
}

export class SendQueue {
  readonly #limit: number;
  #waiting: Waiting[] = [];
  /** How many of them have gone. */
  #gone = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#waiting.length - this.#gone;
  }

  /** @throws MifError ERR_MIF_QUEUE_FULL */
  add(waiting: Waiting): void {
    if (this.length >= this.#limit) {
      throw new MifError('ERR_MIF_QUEUE_FULL', `cannot send: ${this.#limit} datagrams wait to be sent already`, {
        hint: 'Wait for send() before sending more, or raise the option sendQueue.',
      });
    }
    this.#waiting.push(waiting);
  }

  /** Sends what waits until there is no room. @param send - false when there is none. */
  drain(send: (waiting: Waiting) => boolean): void {
    while (this.length > 0) {
      const first = this.#waiting[this.#gone]!;
      let error: unknown;
      try {
        if (!send(first)) break;
      } catch (thrown) {
        error = thrown;
      }
      this.#gone++;
      if (error === undefined) first.sent();
      else first.failed(error);
    }
    this.#waiting.splice(0, this.#gone);
    this.#gone = 0;
  }

  /** Nothing of it will be sent. */
  fail(error: unknown): void {
    const waiting = this.#waiting.slice(this.#gone);
    this.#waiting = [];
    this.#gone = 0;
    for (const each of waiting) each.failed(error);
  }
}
