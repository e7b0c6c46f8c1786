// SPDX-License-Identifier: MIT
// When the additional information of the domains of one network is to be fetched (RFC 8801 section 4.1): spread over the delay
// that routers ask for, again before it is over, never more often than PVD-76 allows, and not again where it failed (PVD-77).
// Pure: knows neither clock nor chance, both are handed in.

import { RequestWindow } from '../request-window.ts';

/** A domain whose routers say that there is information. */
export interface Wish {
  /** Id of the domain. */
  readonly id: string;
  readonly sequence: number;
  /** As of the PvD option, 0 to 15. */
  readonly delay: number;
}

interface Entry {
  readonly wish: Wish;
  /** When to ask; undefined while a request is under way, or when there is nothing to ask for. */
  at: number | undefined;
  /** How often in a row nobody was reached. */
  unreached: number;
}

/** After so many failures nobody is asked any more (PVD-77). */
const mostFailures = 10;
const firstRetryMs = 30_000;
const lastRetryMs = 600_000;

export class FetchSchedule {
  readonly #random: () => number;
  readonly #window = new RequestWindow();
  readonly #entries = new Map<string, Entry>();
  readonly #failed = new Set<string>();
  #failures = 0;

  /** @param random - from 0 to less than 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /**
   * Takes the present wishes; those that are gone are forgotten, those with another number are fetched again (PVD-74).
   * @returns ids whose requests under way are for nothing now
   */
  follow(wishes: readonly Wish[], now: number): string[] {
    const given = new Map(wishes.map((wish) => [wish.id, wish]));
    const stale: string[] = [];
    for (const [id, { wish }] of this.#entries) {
      if (given.get(id)?.sequence === wish.sequence) continue;
      this.#entries.delete(id);
      stale.push(id);
    }
    for (const wish of given.values()) {
      if (this.#entries.has(wish.id)) continue;
      const longestMs = 2 ** (10 + Math.min(15, Math.max(0, wish.delay)));
      this.#entries.set(wish.id, { wish, at: now + this.#random() * longestMs, unreached: 0 });
    }
    return stale;
  }

  /** The host has left the network: what failed there may work the next time. How often is asked is still bounded. */
  detach(): string[] {
    this.#failed.clear();
    this.#failures = 0;
    const ids = [...this.#entries.keys()];
    this.#entries.clear();
    return ids;
  }

  /** When `begin` has something to begin. */
  get nextDeadline(): number | undefined {
    let next: number | undefined;
    for (const [id, entry] of this.#entries) {
      const at = this.#when(id, entry);
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    return next;
  }

  /** What is to be fetched now; each counts as asked for. */
  begin(now: number): Wish[] {
    const due = [...this.#entries]
      .filter(([, { at }]) => at !== undefined && at <= now)
      .sort(([, one], [, other]) => one.at! - other.at!);
    const begun: Wish[] = [];
    for (const [id, entry] of due) {
      const at = this.#when(id, entry);
      if (at === undefined || at > now) continue;
      this.#window.take(id, now);
      entry.at = undefined;
      begun.push(entry.wish);
    }
    return begun;
  }

  /** It was fetched, and holds until a moment: it is fetched again somewhere in the second half of that time (PVD-75). */
  succeeded(id: string, until: number, now: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.unreached = 0;
    entry.at = now + ((until - now) / 2) * (1 + this.#random());
  }

  /** TLS, HTTP or the format failed: not again on this network (PVD-77). */
  failed(id: string): void {
    this.#failures++;
    this.#failed.add(id);
  }

  /** Nobody was reached: later, at longer and longer intervals. */
  unreached(id: string, now: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const pauseMs = Math.min(lastRetryMs, firstRetryMs * 2 ** entry.unreached++);
    entry.at = now + pauseMs * (1 + this.#random() / 2);
  }

  #when(id: string, { at }: Entry): number | undefined {
    if (at === undefined || this.#failed.has(id) || this.#failures >= mostFailures) return undefined;
    return this.#window.allowedAt(id, at);
  }
}
