// SPDX-License-Identifier: MIT
// `npm run scale`: the scale tests of `npm test` at the size of a busy server: 60,000 connections and 20,000 UDP sockets at the same
// time, a million connections one after the other. Assumes `npm run build`; needs root, some gigabytes and half an hour.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runVisibly } from './command.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

process.exitCode = await runVisibly(join(root, 'node_modules', '.bin', 'vitest'), ['run', '--project', 'scale'], {
  cwd: root,
  env: { ...process.env, MIF_SCALE: 'full' },
});
