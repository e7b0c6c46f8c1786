// SPDX-License-Identifier: MIT
// A host that a seed makes out of the busy one: whatever the kernel accepts of its random changes.

import { setTimeout as delay } from 'node:timers/promises';
import { KernelChanges } from '../lab/kernel-changes.ts';
import type { Lab } from '../lab/lab.ts';
import { busyDevices } from '../lab/topology/busy-host.ts';

/** Duplicate address detection, which makes addresses usable, takes one to two seconds. */
const detectionMs = 2_500;

export interface Making {
  seed: number;
  /** How many random changes. */
  changes: number;
  /** Instead of random ones. */
  commands?: readonly string[];
}

/** The `ip` commands that the kernel accepted. The lab is one of `busyHost`. */
export async function changeAtRandom(lab: Lab, { seed, changes, commands }: Making): Promise<string[]> {
  const accepted: string[] = [];
  const make = new KernelChanges(seed, busyDevices);
  for (let n = 0; n < (commands?.length ?? changes); ++n) {
    const next = commands === undefined ? make.next() : { command: commands[n]!, done: () => {} };
    try {
      await lab.ip('host', next.command);
    } catch {
      continue;
    }
    next.done();
    accepted.push(next.command);
  }
  await delay(detectionMs);
  return accepted;
}
