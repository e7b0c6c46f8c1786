// SPDX-License-Identifier: MIT
// What the routers of one link say, each to each of its domains. Bounded whatever is sent (SEC-17). Knows no clock.

import type { RouterRecord } from '../../pvd/record.ts';
import { mostDomains } from './limits.ts';
import { isNews } from './news.ts';
import { RouterMemory } from './router-memory.ts';
import type { Said } from './said.ts';

/**
 * How long a router has to be heard again after the link was away: three solicitations and their answers (RFC 4861 section
 * 10), and the random delay before the first. Milliseconds.
 */
const confirmationMs = 15_000;

/** By how much something may end before what was told, milliseconds: lifetimes are whole seconds, which begin at any moment. */
const mostEarlyMs = 2_000;

/** By how much longer than another one a new domain has to hold to displace it, milliseconds. */
const leastGainMs = 60_000;

interface Entry {
  readonly memory: RouterMemory;
  record: RouterRecord;
  /** What was told last, as far as it is news. */
  told: RouterRecord;
  /** Heard more than once: not forged by somebody who makes up a new router for each message. */
  isRepeated: boolean;
  /** It is another network unless it is heard by then; Infinity when it was. */
  confirmBy: number;
  /** When something of it ends. */
  nextEnd: number;
  /** The same when it was told: nobody looks sooner. */
  toldEnd: number;
}

/** What came of hearing something. */
export interface HearingOutcome {
  readonly isNews: boolean;
  /** Entries, or a whole domain, that there was no room for. */
  readonly excess: number;
}

export class InterfaceMemory {
  readonly interfaceId: string;
  readonly #origin: RouterRecord['origin'];
  readonly #entries = new Map<string, Entry>();
  /** Until something differs. */
  #records: readonly RouterRecord[] | undefined;

  constructor(interfaceId: string, origin: RouterRecord['origin']) {
    this.interfaceId = interfaceId;
    this.#origin = origin;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  get records(): readonly RouterRecord[] {
    this.#records ??= [...this.#entries.values()].map(({ record }) => record);
    return this.#records;
  }

  /** Whether anything that a router said is known. */
  knows(router: string): boolean {
    return this.records.some((record) => record.router === router);
  }

  /** The one router of which anything is known; undefined when there are none or several. */
  get onlyRouter(): string | undefined {
    const [first, ...others] = this.records;
    return others.every(({ router }) => router === first?.router) ? first?.router : undefined;
  }

  hear(router: string, said: Said, now: number): HearingOutcome {
    const key = said.pvd === undefined ? router : `${router} ${said.pvd.id}`;
    const known = this.#entries.get(key);
    const memory =
      known?.memory ?? new RouterMemory({ origin: this.#origin, key, interfaceId: this.interfaceId, router });
    const excess = memory.hear(said, now);
    const record = memory.record();
    // The last word of a router that takes everything back.
    if (memory.end <= now) return { isNews: this.#remove(key), excess };
    const nextEnd = memory.nextEnd(now);
    if (known === undefined) {
      const entry = {
        memory,
        record,
        told: record,
        isRepeated: false,
        confirmBy: Number.POSITIVE_INFINITY,
        nextEnd,
        toldEnd: nextEnd,
      };
      this.#entries.set(key, entry);
      this.#records = undefined;
      const dropped = this.#makeRoom(key, entry);
      return { isNews: dropped !== key, excess: excess + (dropped === undefined ? 0 : 1) };
    }
    known.isRepeated = true;
    known.confirmBy = Number.POSITIVE_INFINITY;
    known.record = record;
    known.nextEnd = nextEnd;
    this.#records = undefined;
    return { isNews: this.#tell(known, now), excess };
  }

  /** When `expire` has something to do; Infinity for never. */
  get nextDeadline(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { nextEnd, confirmBy } of this.#entries.values()) next = Math.min(next, nextEnd, confirmBy);
    return next;
  }

  /** Forgets what is over, and routers that were not heard again in time. Whether anything was. */
  expire(now: number): boolean {
    let isChanged = false;
    for (const [key, entry] of this.#entries) {
      if (entry.confirmBy <= now) {
        isChanged = this.#remove(key);
        continue;
      }
      if (entry.nextEnd > now) continue;
      entry.memory.expire(now);
      isChanged = true;
      if (entry.memory.end <= now) {
        this.#remove(key);
        continue;
      }
      entry.record = entry.memory.record();
      entry.told = entry.record;
      entry.nextEnd = entry.memory.nextEnd(now);
      entry.toldEnd = entry.nextEnd;
      this.#records = undefined;
    }
    return isChanged;
  }

  /** The link is there again, and may be another network: what was said is to be said again (PVD-18). */
  doubt(now: number): void {
    for (const entry of this.#entries.values()) entry.confirmBy = Math.min(entry.confirmBy, now + confirmationMs);
  }

  #tell(entry: Entry, now: number): boolean {
    const isSooner = entry.nextEnd + mostEarlyMs < entry.toldEnd;
    if (!isSooner && !isNews(entry.told, entry.record, now)) return false;
    entry.told = entry.record;
    entry.toldEnd = entry.nextEnd;
    return true;
  }

  #remove(key: string): boolean {
    if (!this.#entries.delete(key)) return false;
    this.#records = undefined;
    return true;
  }

  /**
   * Drops one domain when there are too many: of those heard once the one that ends first, if it does so well before the new
   * one, else that. So no number of forged routers displaces one that was heard twice, and of a router with too many
   * domains the same ones stay.
   * @returns its key
   */
  #makeRoom(key: string, added: Entry): string | undefined {
    if (this.#entries.size <= mostDomains) return undefined;
    let dropped = key;
    let end = added.memory.end - leastGainMs;
    for (const [other, entry] of this.#entries) {
      if (entry.isRepeated || entry.memory.end >= end) continue;
      dropped = other;
      end = entry.memory.end;
    }
    this.#remove(dropped);
    return dropped;
  }
}
