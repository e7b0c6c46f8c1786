// SPDX-License-Identifier: MIT
// Random changes of nexthop objects and groups of them; a group has one that may change under the routes that use it.

import type { Random } from '../random.ts';
import type { Draft, Family } from './draft.ts';
import type { Links } from './links.ts';

export class Nexthops {
  readonly #random: Random;
  readonly #links: Links;
  #known: { id: number; family: Family; isGroup: boolean }[] = [];

  constructor(random: Random, links: Links) {
    this.#random = random;
    this.#links = links;
  }

  next(): Draft {
    const random = this.#random;
    const family = random.pick<Family>([4, 6]);
    const singles = this.#known.filter((other) => !other.isGroup && other.family === family).map(({ id }) => id);
    const known = this.#known.length > 0;
    const one = singles.length > 0;
    switch (random.weighted({ add: 4, replace: one ? 2 : 0, group: one ? 2 : 0, del: known ? 2 : 0, flush: 0.2 })) {
      case 'del': {
        const { id } = random.pick(this.#known);
        const done = () => {
          this.#known = this.#known.filter((other) => other.id !== id);
        };
        return { command: `nexthop del id ${id}`, done };
      }
      case 'flush':
        return {
          command: 'nexthop flush',
          done: () => {
            this.#known = [];
          },
        };
      case 'replace':
        return { command: `nexthop replace id ${random.pick(singles)} ${this.#target(family)}` };
      case 'group': {
        const id = random.between(50, 54) + family * 10;
        const members = [...new Set([random.pick(singles), random.pick(singles)])];
        const group = members.map((member) => `${member},${random.between(1, 4)}`).join('/');
        const done = () => this.#know(id, family, true);
        return { command: `nexthop replace id ${id} group ${group}`, done };
      }
      default: {
        const id = random.between(10, 29);
        const done = () => this.#know(id, family, false);
        return { command: `nexthop add id ${id} ${this.#target(family)}`, done };
      }
    }
  }

  #know(id: number, family: Family, isGroup: boolean): void {
    if (!this.#known.some((other) => other.id === id)) this.#known.push({ id, family, isGroup });
  }

  #target(family: Family): string {
    const random = this.#random;
    if (random.chance(0.1)) return family === 4 ? 'blackhole' : 'via fe80::9 dev v0';
    const gateway = random.between(1, 5);
    return family === 4
      ? `via 10.77.0.${gateway} dev ${this.#links.wayOut()} onlink`
      : `via fe80::${gateway} dev ${this.#links.wayOut()}`;
  }

  /** Numbers of all that routes of a family can name. */
  ids(family: Family): number[] {
    return this.#known.filter((nexthop) => nexthop.family === family).map(({ id }) => id);
  }
}
