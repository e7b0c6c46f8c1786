// SPDX-License-Identifier: MIT
// `npm run selection`: random hosts and random questions where traffic would go, answered by selection and by the kernel,
// and explained (test/selection). Assumes `npm run build`; needs root. What differs from the kernel is printed with the
// smallest host that shows it.
//
//   npm run selection -- --seeds 200 --questions 500      hosts that follow a random one, questions of each family
//   npm run selection -- --seed 7                         this host

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runVisibly } from './command.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    questions: { type: 'string', default: '500' },
    changes: { type: 'string', default: '150' },
    seed: { type: 'string' },
  },
});

const [count, questions, changes] = [values.seeds, values.questions, values.changes].map(Number);
const first = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (![count, questions, changes, first].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  console.error('--seeds, --questions, --changes and --seed take whole numbers');
  process.exit(2);
}

const campaign = { seeds: Array.from({ length: count }, (_, n) => first + n), changes, questions };
console.log(`${count} hosts from seed ${first}, ${changes} changes each, ${questions} questions of each family`);
process.exitCode = await runVisibly(
  join(root, 'node_modules', '.bin', 'vitest'),
  ['run', '--project=selection', 'test/selection/selection.test.ts'],
  { cwd: root, env: { ...process.env, MIF_SELECTION: JSON.stringify(campaign) } },
);
