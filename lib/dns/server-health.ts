// SPDX-License-Identifier: MIT
// Which servers are worth asking first: those that did not answer the last time are asked after those that did, for a while that
// doubles. They are asked all the same when no other is left.

import type { NameServer } from './server.ts';

interface Condition {
  failures: number;
  avoidedUntil: number;
  /** It does not keep the case of letters, so that only a connection can be trusted. */
  needsStream: boolean;
}

const firstPenaltyMs = 1_000;
const longestPenaltyMs = 60_000;

export class ServerHealth {
  readonly #conditions = new Map<NameServer, Condition>();

  constructor(servers: readonly NameServer[]) {
    for (const server of servers) this.#conditions.set(server, { failures: 0, avoidedUntil: 0, needsStream: false });
  }

  /** In the order in which to ask at a moment: as given, those to be avoided last. */
  order(now: number): NameServer[] {
    const good: NameServer[] = [];
    const avoided: NameServer[] = [];
    for (const [server, { avoidedUntil }] of this.#conditions) (avoidedUntil > now ? avoided : good).push(server);
    return avoided.length === 0 ? good : [...good, ...avoided];
  }

  answered(server: NameServer): void {
    const condition = this.#conditions.get(server)!;
    condition.failures = 0;
    condition.avoidedUntil = 0;
  }

  failed(server: NameServer, now: number): void {
    const condition = this.#conditions.get(server)!;
    const penalty = Math.min(longestPenaltyMs, firstPenaltyMs * 2 ** condition.failures);
    condition.failures++;
    condition.avoidedUntil = now + penalty;
  }

  needsStream(server: NameServer): boolean {
    return this.#conditions.get(server)!.needsStream;
  }

  useStream(server: NameServer): void {
    this.#conditions.get(server)!.needsStream = true;
  }
}
