// SPDX-License-Identifier: MIT
// A setting of a namespace that changes what later commands do: which address follows a deleted one (trap C9).
// Left out: whether routes without carrier count (trap B2), which changes routes at once, is announced only to those who
// listen to settings, and so is known after the next audit only.

import type { Random } from '../random.ts';
import type { Draft, Places } from './draft.ts';

export class Settings {
  readonly #random: Random;
  readonly #places: Places;

  constructor(random: Random, places: Places) {
    this.#random = random;
    this.#places = places;
  }

  next(): Draft {
    const setting = `net.ipv4.conf.all.promote_secondaries=${this.#random.below(2)}`;
    return { command: `netns exec ${this.#places.here} sysctl -qw ${setting}` };
  }
}
