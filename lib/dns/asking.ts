// SPDX-License-Identifier: MIT
// One question to the servers of a domain: one after the other, again when none has answered, until one has or time is over. A
// server that is slow may still answer while the next one is asked.

import { isMifError } from '../binding/mif-error.ts';
import type { ResolverStats } from './counters.ts';
import { type Exchange, startExchange } from './exchange.ts';
import { makeQuery } from './query.ts';
import { noError, noSuchName, rcodeName } from './rcode.ts';
import type { RecordType } from './record.ts';
import type { Reply } from './reply.ts';
import type { NameServer } from './server.ts';
import type { ServerHealth } from './server-health.ts';
import type { Transport } from './transport.ts';

export interface AskedServers {
  readonly transport: Transport;
  readonly health: ServerHealth;
  readonly stats: ResolverStats;
  readonly now: () => number;
  readonly timings: Timings;
}

export interface Timings {
  /** For all together, milliseconds. */
  readonly timeoutMs: number;
  /** Before the next server is asked; doubles with each round. */
  readonly patienceMs: number;
}

/** How a server failed. */
export interface ServerFailure {
  readonly server: NameServer;
  readonly kind: 'rcode' | 'silent' | 'unreachable' | 'unusable' | 'malformed';
  readonly why: string;
}

export type AskingOutcome =
  | { readonly reply: Reply; readonly server: NameServer }
  | { readonly failures: readonly ServerFailure[] };

/** Asks until `giveUp`. `done` is called once, and not after that. */
export class Asking {
  readonly #servers: AskedServers;
  readonly #name: string;
  readonly #type: RecordType;
  readonly #done: (outcome: AskingOutcome) => void;
  readonly #open = new Map<NameServer, Exchange[]>();
  /** The last word on each server; who is in here is asked no more. */
  readonly #failures = new Map<NameServer, ServerFailure>();
  readonly #deadline: NodeJS.Timeout;
  #patience: NodeJS.Timeout | undefined;
  #waiting: NameServer[];
  #asked: NameServer | undefined;
  #round = 0;
  #isOver = false;

  constructor(servers: AskedServers, name: string, type: RecordType, done: (outcome: AskingOutcome) => void) {
    this.#servers = servers;
    this.#name = name;
    this.#type = type;
    this.#done = done;
    this.#waiting = servers.health.order(servers.now());
    this.#deadline = setTimeout(() => this.#timeOut(), servers.timings.timeoutMs);
    this.#askNext();
  }

  giveUp(): void {
    this.#isOver = true;
    clearTimeout(this.#deadline);
    clearTimeout(this.#patience);
    for (const exchanges of this.#open.values()) for (const exchange of exchanges) exchange.giveUp();
    this.#open.clear();
  }

  #askNext(): void {
    clearTimeout(this.#patience);
    for (;;) {
      const server = this.#waiting.shift() ?? this.#nextRound();
      if (server === undefined) {
        this.#finish({ failures: [...this.#failures.values()] });
        return;
      }
      if (this.#ask(server)) break;
    }
    const { patienceMs } = this.#servers.timings;
    this.#patience = setTimeout(() => this.#losePatience(), patienceMs * 2 ** this.#round);
  }

  /** The first server of another round, of those that may still answer. */
  #nextRound(): NameServer | undefined {
    const { health, now } = this.#servers;
    this.#waiting = health.order(now()).filter((server) => !this.#failures.has(server));
    this.#round++;
    return this.#waiting.shift();
  }

  #ask(server: NameServer): boolean {
    const { transport, health, stats } = this.#servers;
    this.#asked = server;
    try {
      const exchange = startExchange(
        {
          transport,
          server,
          stats,
          query: makeQuery(this.#name, this.#type),
          done: (outcome) => this.#settle(server, outcome),
        },
        { overStream: health.needsStream(server) },
      );
      const before = this.#open.get(server);
      if (before === undefined) this.#open.set(server, [exchange]);
      else before.push(exchange);
      return true;
    } catch (error) {
      if (!isMifError(error)) throw error;
      this.#failures.set(server, { server, kind: 'unusable', why: error.message });
      return false;
    }
  }

  #settle(server: NameServer, outcome: Reply | Error): void {
    const { health, now } = this.#servers;
    if (!(outcome instanceof Error)) {
      health.answered(server);
      if (outcome.rcode === noError || outcome.rcode === noSuchName) {
        this.#finish({ reply: outcome, server });
        return;
      }
      this.#failures.set(server, { server, kind: 'rcode', why: rcodeName(outcome.rcode) });
    } else {
      health.failed(server, now());
      const kind = outcome instanceof RangeError ? 'malformed' : isMifError(outcome) ? 'unusable' : 'unreachable';
      this.#failures.set(server, { server, kind, why: outcome.message });
    }
    // What it was asked before has the same answer.
    for (const exchange of this.#open.get(server) ?? []) exchange.giveUp();
    this.#open.delete(server);
    // One that was asked earlier does not hurry the one that is being waited for now.
    if (this.#asked === server || this.#open.size === 0) this.#askNext();
  }

  #losePatience(): void {
    const { health, stats, now } = this.#servers;
    const server = this.#asked!;
    stats.timeouts++;
    health.failed(server, now());
    if (this.#open.get(server)?.some(({ sawOtherCase }) => sawOtherCase)) health.useStream(server);
    this.#askNext();
  }

  #timeOut(): void {
    const { timeoutMs } = this.#servers.timings;
    for (const server of this.#open.keys()) {
      this.#failures.set(server, { server, kind: 'silent', why: `no answer within ${timeoutMs} ms` });
    }
    this.#finish({ failures: [...this.#failures.values()] });
  }

  #finish(outcome: AskingOutcome): void {
    if (this.#isOver) return;
    this.giveUp();
    this.#done(outcome);
  }
}
