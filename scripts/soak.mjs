// SPDX-License-Identifier: MIT
// `npm run soak -- --minutes 120`: the soak test of `npm test`, for as long as it should take. Assumes `npm run build`.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runVisibly } from './command.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({ options: { minutes: { type: 'string', default: '120' } } });

process.exitCode = await runVisibly(join(root, 'node_modules', '.bin', 'vitest'), ['run', '--project', 'soak'], {
  cwd: root,
  env: { ...process.env, MIF_SOAK_MINUTES: options.minutes },
});
