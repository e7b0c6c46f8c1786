// SPDX-License-Identifier: MIT
// The MIF API of one subscriber: POST, CHECK and GET MESSAGE (draft-ietf-mif-api-extension-05 sec. 3.2.6), the same
// queue as an async iterator, and the way from a token to a socket. What the messages mean is in subscriber.ts.

import type { Socket } from 'node:net';
import { MifError } from '../binding/mif-error.ts';
import type { MifMessage } from './message.ts';
import type { SessionNetwork, TakeOptions } from './network.ts';
import { type ReadySet, readySet } from './ready-set.ts';
import type { MifRequest } from './request.ts';
import { Subscriber } from './subscriber.ts';
import { WaitingRoom } from './wait.ts';

export interface SessionOptions {
  /** Announcements that may wait unread before they are dropped and told anew. Default 1024, at least 1. */
  queueLimit?: number | undefined;
  /** Whether messages that are not the draft's are accepted and delivered. Default true. */
  extensions?: boolean | undefined;
}

export interface CheckOptions {
  /** Milliseconds: 0 probes, Infinity waits without limit. Default Infinity. */
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Unread announcements that a session keeps, unless told otherwise (MIF-83). */
const defaultQueueLimit = 1024;

/** Opens a session over a network. Throws `ERR_MIF_INVALID_ARG`. */
export function openSession(network: SessionNetwork, options: SessionOptions = {}): MifSession {
  const { queueLimit = defaultQueueLimit, extensions = true } = options;
  if (!Number.isSafeInteger(queueLimit) || queueLimit < 1) {
    throw new MifError('ERR_MIF_INVALID_ARG', `queueLimit must be a positive integer, not ${String(queueLimit)}`);
  }
  if (typeof extensions !== 'boolean') {
    throw new MifError('ERR_MIF_INVALID_ARG', `extensions must be true or false, not ${String(extensions)}`);
  }
  return new MifSession(network, queueLimit, extensions);
}

/**
 * One subscriber's session. Its messages are read in one way at a time: by `check()` and `get()`, or by iterating;
 * a call of the other way throws `ERR_MIF_QUEUE_BUSY` (MIF-11).
 */
export class MifSession {
  readonly #subscriber: Subscriber;
  readonly #room: WaitingRoom;
  readonly #end: SessionEnd;
  #isIterated = false;

  /** Use `openSession`. */
  constructor(network: SessionNetwork, queueLimit: number, extensions: boolean) {
    const room = new WaitingRoom(network);
    const end = new SessionEnd();
    const subscriber = new Subscriber(network, {
      queueLimit,
      extensions,
      onReadable: () => room.wake(),
      onEnd: (error) => {
        end.reach(error);
        subscriber.close();
        room.fail(end.error());
      },
    });
    this.#subscriber = subscriber;
    this.#room = room;
    this.#end = end;
    end.watch(this, () => subscriber.close());
  }

  /**
   * POST MESSAGE: takes effect before it returns; what it brings is read later. Throws `ERR_MIF_INVALID_ARG`,
   * `ERR_MIF_DUPLICATE_ID`, `ERR_MIF_QUEUE_FULL` or `ERR_MIF_CLOSED`; what depends on the state of the network always
   * arrives as a message (MIF-08).
   */
  post(request: MifRequest): void {
    this.#end.assertOpen();
    this.#subscriber.post(request);
  }

  /**
   * CHECK MESSAGE: waits until `get()` would return a message; takes none (MIF-09). Keeps the program alive meanwhile.
   * Resolves with the empty set when the time is over; rejects with the signal's reason, `ERR_MIF_CLOSED` when the
   * session ends, `ERR_MIF_QUEUE_BUSY` while the session is being iterated.
   */
  async check({ timeout = Number.POSITIVE_INFINITY, signal }: CheckOptions = {}): Promise<ReadySet> {
    if (typeof timeout !== 'number' || !(timeout >= 0)) {
      throw new MifError('ERR_MIF_INVALID_ARG', `timeout must be a number of milliseconds, not ${String(timeout)}`);
    }
    this.#assertNotIterated('check()');
    signal?.throwIfAborted();
    this.#end.assertOpen();
    if (timeout > 0 && !this.#subscriber.isReadable()) await this.#room.enter({ timeout, signal });
    return this.checkNow();
  }

  /** The probe of CHECK MESSAGE. Throws `ERR_MIF_QUEUE_BUSY` while the session is being iterated. */
  checkNow(): ReadySet {
    this.#assertNotIterated('checkNow()');
    return readySet(this.#subscriber.isReadable());
  }

  /**
   * GET MESSAGE: the next message, each exactly once, or undefined when none waits (MIF-10); also when closed.
   * Throws `ERR_MIF_QUEUE_BUSY` while the session is being iterated.
   */
  get(): MifMessage | undefined {
    this.#assertNotIterated('get()');
    return this.#subscriber.get();
  }

  /**
   * The messages, as long as the session is open; leaving the loop leaves the rest in the queue. Throws
   * `ERR_MIF_QUEUE_BUSY` while somebody else reads, `ERR_MIF_CLOSED` when the network below failed.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<MifMessage, void, undefined> {
    this.#assertNotIterated('a second iteration');
    if (!this.#room.isEmpty) throw busy('an iteration', 'check() is waiting');
    this.#isIterated = true;
    try {
      while (this.#end.isOpen) {
        const message = this.#subscriber.get();
        if (message) yield message;
        else await this.#nextMessage();
      }
    } finally {
      this.#isIterated = false;
    }
    this.#end.assertNotFailed();
  }

  /**
   * Turns the token of a `connected` message into its socket, connected, once. Throws `ERR_MIF_UNKNOWN_ID` for a token
   * that was taken, ended or never was, `ERR_MIF_CLOSED` after `close()`.
   */
  take(token: string, options?: TakeOptions): Socket {
    this.#end.assertOpen();
    return this.#subscriber.take(token, options);
  }

  /**
   * Ends subscriptions and attempts, closes tokens that nobody took, drops unread messages (MIF-12). Sockets that were
   * taken live on. Safe twice.
   */
  async close(): Promise<void> {
    if (!this.#end.isOpen) return;
    this.#end.reach(undefined);
    this.#subscriber.close();
    this.#room.fail(this.#end.error());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #nextMessage(): Promise<void> {
    try {
      await this.#room.enter({ timeout: Number.POSITIVE_INFINITY });
    } catch (error) {
      // close() ends an iteration in peace.
      if (this.#end.isOpen) throw error;
    }
  }

  #assertNotIterated(what: string): void {
    if (this.#isIterated) throw busy(what, 'its messages are being iterated');
  }
}

/** Whether and why a session has ended. Also ends what an abandoned session would leave behind (MIF-12). */
class SessionEnd {
  readonly #abandoned = new FinalizationRegistry<() => void>((close) => close());
  #isOpen = true;
  #cause: Error | undefined;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  reach(cause: Error | undefined): void {
    this.#isOpen = false;
    this.#cause = cause;
  }

  /** Calls `close`, which must not know the session, when the session is garbage. */
  watch(session: MifSession, close: () => void): void {
    this.#abandoned.register(session, close);
  }

  assertOpen(): void {
    if (!this.#isOpen) throw this.error();
  }

  assertNotFailed(): void {
    if (this.#cause) throw this.error();
  }

  error(): MifError {
    const why = this.#cause ? `: ${this.#cause.message}` : '';
    return new MifError('ERR_MIF_CLOSED', `the session is closed${why}`, { cause: this.#cause });
  }
}

function busy(what: string, why: string): MifError {
  return new MifError('ERR_MIF_QUEUE_BUSY', `${what} would take messages from the session while ${why}`);
}
