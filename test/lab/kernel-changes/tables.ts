// SPDX-License-Identifier: MIT
// The routing tables that routes and rules of a random change speak of: the main one most, the kernel's own for local
// addresses at times, and numbers beyond the eight bits that a message has room for (trap D10).

import type { Random } from '../random.ts';

/** Tables whose routes are all ours: they may be emptied. */
const own = [100, 1000, 4242, 5000] as const;

export function anyTable(random: Random): number {
  if (random.chance(0.03)) return 255;
  return random.pick([254, 254, 254, ...own]);
}

export function ownTable(random: Random): number {
  return random.pick(own);
}
