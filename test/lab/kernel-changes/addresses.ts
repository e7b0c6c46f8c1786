// SPDX-License-Identifier: MIT
// Random changes of addresses: with lifetimes, peers, labels and scopes, few enough to meet each other again.

import type { Random } from '../random.ts';
import { type Draft, type Family, joined } from './draft.ts';
import type { Links } from './links.ts';

export class Addresses {
  readonly #random: Random;
  readonly #links: Links;
  #known: { address: string; device: string }[] = [];

  constructor(random: Random, links: Links) {
    this.#random = random;
    this.#links = links;
  }

  next(): Draft {
    const random = this.#random;
    const known = this.#known;
    switch (random.weighted({ add: 6, del: known.length > 0 ? 4 : 0, change: known.length > 0 ? 2 : 0, flush: 0.3 })) {
      case 'del': {
        const chosen = random.pick(known);
        const done = () => {
          this.#known = this.#known.filter((other) => other !== chosen);
        };
        return { command: `addr del ${chosen.address} dev ${chosen.device}`, done };
      }
      case 'change': {
        const { address, device } = random.pick(known);
        return { command: `addr change ${address} dev ${device} ${this.#lifetimes()}` };
      }
      case 'flush':
        return { command: `addr flush dev ${this.#links.any()}` };
      default:
        return this.#addressAdd(random.pick<Family>([4, 6]));
    }
  }

  #addressAdd(family: Family): Draft {
    const random = this.#random;
    const device = this.#links.any();
    const [net, host] = [random.below(4), random.between(1, 9)];
    const peer = random.chance(0.2);
    const length = peer ? (family === 4 ? 32 : 128) : random.pick(family === 4 ? [24, 24, 25, 32] : [64, 64, 128]);
    const local = family === 4 ? `10.7.${net}.${host}` : `2001:db8:7:${net}::${host}`;
    const far = family === 4 ? `10.8.${net}.${host}` : `2001:db8:8:${net}::${host}`;
    const address = peer ? `${local} peer ${far}/${length}` : `${local}/${length}`;
    const extras = [
      random.chance(0.2) ? this.#lifetimes() : '',
      random.chance(0.2) ? 'noprefixroute' : '',
      random.chance(0.2) ? `metric ${random.between(1, 500)}` : '',
      family === 4 && random.chance(0.2) ? `broadcast 10.7.${net}.255` : '',
      family === 4 && random.chance(0.2) ? `label ${device}:${random.below(9)}` : '',
      family === 4 && random.chance(0.2) ? `scope ${random.pick(['link', 'host', 'global'])}` : '',
      family === 6 && random.chance(0.2) ? random.pick(['home', 'nodad', length === 64 ? 'mngtmpaddr' : '']) : '',
    ];
    return {
      command: `addr add ${address} dev ${device} ${joined(extras)}`,
      done: () => this.#known.push({ address, device }),
    };
  }

  #lifetimes(): string {
    return this.#random.pick([
      'valid_lft 600 preferred_lft 300',
      'valid_lft 5000 preferred_lft 0',
      'valid_lft 7200 preferred_lft 7200',
      'valid_lft forever preferred_lft forever',
      'valid_lft forever preferred_lft 0',
    ]);
  }

  /** The first that was added of a family, without its length. */
  first(family: Family): string | undefined {
    const [known] = this.#known.filter(({ address }) => address.includes(':') === (family === 6));
    return known?.address.split(/[/ ]/)[0];
  }
}
