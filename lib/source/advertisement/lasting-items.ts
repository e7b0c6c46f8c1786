// SPDX-License-Identifier: MIT
// Things that were told for a time, no more of them than a limit. In the order of RFC 8106 section 6: new ones stand before
// older ones, in the order of their option (DNS-15).

export interface LastingItem<T> {
  /** No two have the same. */
  readonly key: string;
  readonly value: T;
  /** Milliseconds on the clock of lifetimes; Infinity for ever. */
  readonly until: number;
}

export class LastingItems<T> {
  readonly #most: number;
  #items: readonly LastingItem<T>[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get items(): readonly LastingItem<T>[] {
    return this.#items;
  }

  get(key: string): LastingItem<T> | undefined {
    return this.#items.find((item) => item.key === key);
  }

  /**
   * Takes what was told at one time: known items are renewed, new ones added, those that are over by then removed.
   * @returns how many there was no room for; of all, those that end first (SEC-17).
   */
  take(told: readonly LastingItem<T>[], now: number): number {
    const added = new Map(told.map((item) => [item.key, item]));
    const renewed = this.#items.map((item) => {
      const later = added.get(item.key);
      added.delete(item.key);
      return later ?? item;
    });
    this.#items = [...added.values(), ...renewed];
    this.expire(now);
    return this.#makeRoom(new Set(added.values()));
  }

  expire(now: number): void {
    if (this.#items.some(({ until }) => until <= now)) this.#items = this.#items.filter(({ until }) => until > now);
  }

  /** Of those that end together the new ones go first, or a list that is too long would be another one each time. */
  #makeRoom(added: ReadonlySet<LastingItem<T>>): number {
    const excess = this.#items.length - this.#most;
    if (excess <= 0) return 0;
    const byWorth = this.#items
      .map((item, at) => ({ item, at, isNew: added.has(item) }))
      .sort((one, other) => {
        if (one.item.until !== other.item.until) return one.item.until - other.item.until;
        return one.isNew === other.isNew ? other.at - one.at : Number(other.isNew) - Number(one.isNew);
      });
    const dropped = new Set(byWorth.slice(0, excess).map(({ item }) => item));
    this.#items = this.#items.filter((item) => !dropped.has(item));
    return excess;
  }
}
