// SPDX-License-Identifier: MIT
// Random changes of policy rules: every selector and action, among them jumps whose target comes and goes (trap E1).

import type { Random } from '../random.ts';
import type { Draft, Family } from './draft.ts';
import { anyTable } from './tables.ts';

export class Rules {
  readonly #random: Random;
  #known: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  next(): Draft {
    const random = this.#random;
    if (this.#known.length > 3 && random.chance(0.45)) {
      const rule = random.pick(this.#known);
      const done = () => {
        this.#known = this.#known.filter((other) => other !== rule);
      };
      return { command: rule.replace('rule add', 'rule del'), done };
    }
    const family = random.pick<Family>([4, 6]);
    const rule = `-${family} rule add pref ${random.between(10, 40)} ${this.#selector(family)} ${this.#action()}`;
    return { command: rule, done: () => this.#known.push(rule) };
  }

  #selector(family: Family): string {
    const random = this.#random;
    const net = random.below(3);
    const prefix = (n: number) => (family === 4 ? `10.${n}.${net}.0/24` : `2001:db8:${n}:${net}::/64`);
    const choices = [
      'from all',
      `from ${prefix(7)}`,
      `to ${prefix(50)}`,
      `from ${prefix(7)} to ${prefix(50)}`,
      `not from ${prefix(7)}`,
      `from ${family === 4 ? '10.7.0.1' : '2001:db8:7::1'}`,
      `iif ${random.pick(['lo', 'v0', 'nowhere0'])}`,
      `oif ${random.pick(['v0', 'p1', 'nowhere0'])}`,
      'iif v0 oif v1',
      'fwmark 0x10',
      'fwmark 0x10/0xf0',
      'fwmark 0/0xf0',
      'tos 0x10',
      'uidrange 1000-2000',
      'uidrange 0-0',
      'ipproto tcp',
      'ipproto udp dport 53',
      'ipproto tcp sport 1000-2000 dport 80-90',
      'sport 1-65534',
      'tun_id 77',
    ];
    return random.pick(choices);
  }

  #action(): string {
    const random = this.#random;
    return random.pick([
      `table ${anyTable(random)}`,
      `table ${anyTable(random)}`,
      'table 254 suppress_prefixlength 0',
      'table 254 suppress_prefixlength 24',
      'table 100 suppress_ifgroup 3',
      `goto ${random.between(41, 43)}`,
      'nop',
      'blackhole',
      'unreachable',
      'prohibit',
      'table 100 protocol 77',
    ]);
  }
}
