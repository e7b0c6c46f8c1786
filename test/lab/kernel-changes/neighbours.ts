// SPDX-License-Identifier: MIT
// Random changes of neighbours, and of addresses that are answered for others.

import type { Random } from '../random.ts';
import type { Draft } from './draft.ts';

export class Neighbours {
  readonly #random: Random;
  readonly #devices: readonly string[];
  #known: string[] = [];

  constructor(random: Random, devices: readonly string[]) {
    this.#random = random;
    this.#devices = devices;
  }

  next(): Draft {
    const random = this.#random;
    if (this.#known.length > 0 && random.chance(0.35)) {
      const neighbour = random.pick(this.#known);
      const done = () => {
        this.#known = this.#known.filter((other) => other !== neighbour);
      };
      return { command: `neigh del ${neighbour}`, done };
    }
    const address = `${random.pick(['10.7.0.', '2001:db8:7::'])}${random.between(100, 104)}`;
    const proxy = random.chance(0.2);
    const neighbour = `${proxy ? 'proxy ' : ''}${address} dev ${random.pick(this.#devices)}`;
    const done = () => this.#known.push(neighbour);
    if (proxy) return { command: `neigh add ${neighbour}`, done };
    const mac = `02:00:00:00:ee:${random.between(10, 20)}`;
    // States that the kernel would leave by itself within the test are left out.
    const state = random.pick(['permanent', 'stale', 'permanent router']);
    return { command: `neigh replace ${neighbour} lladdr ${mac} nud ${state}`, done };
  }
}
