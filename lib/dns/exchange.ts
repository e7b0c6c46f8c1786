// SPDX-License-Identifier: MIT
// One question to one server, until it answers, refuses or is given up: by a datagram, and over a connection where the answer is
// longer. Whoever gives it up leaves no socket behind.

import type { ResolverStats } from './counters.ts';
import type { Query } from './query.ts';
import { faultOf, type Reply, readReply } from './reply.ts';
import type { NameServer } from './server.ts';
import { askOverStream } from './stream-exchange.ts';
import type { Transport } from './transport.ts';

export interface ExchangeParts {
  readonly transport: Transport;
  readonly server: NameServer;
  readonly query: Query;
  readonly stats: ResolverStats;
  /** Called once, unless it is given up; never before `startExchange` returns. */
  readonly done: (outcome: Reply | Error) => void;
}

export interface Exchange {
  /** Somebody answered in other letters: a forger, or a server that does not keep them. */
  readonly sawOtherCase: boolean;
  giveUp(): void;
}

/** @throws MifError where the domain cannot reach such a server at all */
export function startExchange(parts: ExchangeParts, { overStream }: { overStream: boolean }): Exchange {
  const exchange = new OneExchange(parts);
  if (overStream) exchange.connect();
  else exchange.send();
  return exchange;
}

class OneExchange implements Exchange {
  sawOtherCase = false;
  readonly #parts: ExchangeParts;
  #close: ((isAnswered: boolean) => void) | undefined;
  #isOver = false;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  send(): void {
    const { transport, server, query, stats } = this.#parts;
    stats.queries++;
    const close = transport.sendDatagram(server, query.message, {
      message: (data, isFromServer) => this.#receive(data, isFromServer),
      failed: (error) => this.#finish(error),
    });
    this.#hold(close);
  }

  connect(): void {
    const { transport, server, query, stats } = this.#parts;
    stats.queries++;
    stats.streamQueries++;
    const aborter = new AbortController();
    this.#hold(() => aborter.abort());
    askOverStream(transport, server, query, aborter.signal).then(
      (message) => this.#read(message),
      (error) => this.#finish(error),
    );
  }

  giveUp(): void {
    this.#isOver = true;
    this.#release(false);
  }

  #receive(data: Buffer, isFromServer: boolean): void {
    if (this.#isOver) return;
    const { stats, query } = this.#parts;
    const fault = isFromServer ? faultOf(query, data) : 'source';
    if (fault === undefined) {
      this.#read(data);
      return;
    }
    stats.ignored[fault]++;
    if (fault === 'case') this.sawOtherCase = true;
  }

  #read(message: Buffer): void {
    if (this.#isOver) return;
    let reply: Reply;
    try {
      reply = readReply(this.#parts.query, message);
    } catch (error) {
      this.#finish(error as Error);
      return;
    }
    if (reply.truncated) {
      this.#release(true);
      this.connect();
    } else this.#finish(reply);
  }

  #finish(outcome: Reply | Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#release(!(outcome instanceof Error));
    this.#parts.done(outcome);
  }

  #hold(close: (isAnswered: boolean) => void): void {
    this.#parts.stats.openSockets++;
    this.#close = close;
  }

  #release(isAnswered: boolean): void {
    if (this.#close === undefined) return;
    this.#parts.stats.openSockets--;
    this.#close(isAnswered);
    this.#close = undefined;
  }
}
