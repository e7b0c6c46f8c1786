// SPDX-License-Identifier: MIT
// `npm run differential`: random operations from many seeds, after each of which the mirror must equal the kernel
// (test/differential). Assumes `npm run build`; needs root. What fails is printed as the shortest sequence of `ip`
// commands that does.
//
//   npm run differential -- --seeds 100 --operations 500      seeds that follow a random one
//   npm run differential -- --seed 7 --operations 500         this seed
//   npm run differential -- --seeds 10 --faults               with faults between the library and the kernel

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runVisibly } from './command.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    operations: { type: 'string', default: '500' },
    seed: { type: 'string' },
    faults: { type: 'boolean', default: false },
  },
});

const [count, operations] = [values.seeds, values.operations].map(Number);
const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (![count, operations, first].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  console.error('--seeds, --operations and --seed take whole numbers');
  process.exit(2);
}

const campaign = {
  seeds: Array.from({ length: count }, (_, n) => first + n),
  operations,
  hasFaults: [values.faults],
};
console.log(`${count} seeds from ${first}, ${operations} operations each${values.faults ? ', with faults' : ''}`);
process.exitCode = await runVisibly(
  join(root, 'node_modules', '.bin', 'vitest'),
  ['run', '--project=differential', 'test/differential/differential.test.ts'],
  { cwd: root, env: { ...process.env, MIF_DIFFERENTIAL: JSON.stringify(campaign) } },
);
