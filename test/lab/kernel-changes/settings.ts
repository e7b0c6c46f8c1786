// SPDX-License-Identifier: MIT
// Settings of a namespace that change what later commands do: which address follows a deleted one (trap C9), and
// whether routes without carrier count (trap B2).

import type { Random } from '../random.ts';
import type { Draft, Places } from './draft.ts';

const names = [
  'ipv4.conf.all.promote_secondaries',
  'ipv4.conf.all.ignore_routes_with_linkdown',
  'ipv6.conf.all.ignore_routes_with_linkdown',
] as const;

export class Settings {
  readonly #random: Random;
  readonly #places: Places;

  constructor(random: Random, places: Places) {
    this.#random = random;
    this.#places = places;
  }

  next(): Draft {
    const setting = `net.${this.#random.pick(names)}=${this.#random.below(2)}`;
    return { command: `netns exec ${this.#places.here} sysctl -qw ${setting}` };
  }
}
