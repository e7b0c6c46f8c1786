// SPDX-License-Identifier: MIT
// Random questions about a random host: where would this go? Destinations are mostly such as its routes and addresses
// have something to say about.

import type { Snapshot } from '../../lib/snapshot/change.ts';
import { Random } from '../lab/random.ts';

/** As test/selection/route-oracle.py takes it. */
export interface RouteQuestion {
  destination: string;
  source?: string;
  device?: number;
  mark?: number;
  uid?: number;
  protocol?: number;
  sourcePort?: number;
  destinationPort?: number;
  tos?: number;
}

const tcp = 6;
const udp = 17;

export class Questions {
  readonly #random: Random;
  readonly #family: 4 | 6;
  readonly #own: string[];
  readonly #near: string[];
  readonly #devices: number[];

  constructor(seed: number, family: 4 | 6, { addresses, routes, interfaces }: Snapshot) {
    this.#random = new Random(seed);
    this.#family = family;
    this.#own = Array.from(addresses)
      .filter((each) => each.family === family && !each.flags.includes('tentative'))
      .map(({ address }) => address);
    this.#near = Array.from(routes)
      .filter((route) => route.family === family)
      .map(({ destination }) => destination.slice(0, destination.indexOf('/')));
    this.#devices = Array.from(interfaces, ({ index }) => index);
  }

  next(): RouteQuestion {
    const random = this.#random;
    const question: RouteQuestion = { destination: this.#destination(), uid: random.pick([0, 0, 1500, 65534]) };
    if (random.chance(0.3) && this.#own.length > 0) question.source = random.pick(this.#own);
    if (random.chance(0.25)) question.device = random.pick(this.#devices);
    if (random.chance(0.3)) question.mark = random.pick([0x10, 0x20, 0x13]);
    if (random.chance(0.3)) question.tos = random.pick([0x08, 0x10]);
    if (random.chance(0.5)) {
      question.protocol = random.pick([tcp, udp]);
      if (random.chance(0.5)) question.sourcePort = random.pick([1500, 5000]);
      if (random.chance(0.7)) question.destinationPort = random.pick([53, 80, 443]);
    }
    return question;
  }

  #destination(): string {
    const random = this.#random;
    const kind = random.weighted({ near: 6, own: 1, far: 1, special: 0.7 });
    if (kind === 'own' && this.#own.length > 0) return random.pick(this.#own);
    if (kind === 'near' && this.#near.length > 0) return this.#beside(random.pick(this.#near));
    if (kind === 'special') {
      return this.#family === 4
        ? random.pick(['127.0.0.9', '224.0.0.1', '239.1.2.3', '255.255.255.255', '169.254.3.4', '0.0.0.0'])
        : random.pick(['::1', 'ff02::1', 'ff0e::5', 'fe80::4', 'fec0::1', '64:ff9b::1']);
    }
    return this.#family === 4
      ? `203.0.${random.below(256)}.${random.below(256)}`
      : `2001:db8:${random.below(100).toString(16)}:${random.below(4)}::${random.below(9)}`;
  }

  /** The address itself, or one a little behind it. */
  #beside(address: string): string {
    const more = this.#random.pick([0, 1, 3, 9]);
    if (this.#family === 4) return address.replace(/\d+$/, (last) => String(Math.min(255, Number(last) + more)));
    if (more === 0) return address;
    return address.endsWith('::') ? `${address}${more}` : address.replace(/[0-9a-f]*$/, more.toString(16));
  }
}
