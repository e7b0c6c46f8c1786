// SPDX-License-Identifier: MIT
// `mif demo`: the draft's own example on the real kernel, in a lab that ends with the command. This side only encloses
// the play (demo/stage.ts) in namespaces of its own and waits for its end.

import type { Command } from './command.ts';
import { enclose } from './demo/enclosure.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';

/** Where it is from here, and from the bundle that this becomes a part of. */
const stage = new URL(`demo/stage${import.meta.url.slice(-3)}`, import.meta.url);

export const demo: Command = {
  name: 'demo',
  operands: '',
  summary: 'a lab of its own with two uplinks: plays the draft, cuts an uplink, shows what goes on',
  details: [
    'Builds a private network of namespaces, needs no root where user namespaces are allowed, touches nothing else.',
    'Every step is checked; the exit code is 0 only if all of them did what they say.',
    'With --json: one object a step, then {"summary": …}.',
    'Exit code 5 where it cannot run, naming the package or the setting that it lacks.',
  ],
  options: ['json'],
  maxOperands: 0,
  async run({ options, stop }): Promise<ExitCode> {
    const code = await enclose(stage, options.json ? ['--json'] : [], stop);
    return Object.values(exitCodes).find((known) => known === code) ?? exitCodes.failure;
  },
};
