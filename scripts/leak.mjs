// SPDX-License-Identifier: MIT
// `npm run leak`: the leak suite of `npm test`, on all lines of Node that npm has. Assumes `npm run build`.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runVisibly } from './command.mjs';
import { installNodeLines } from './test/node-lines.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { nodes, skipped } = await installNodeLines(root, process.env);
for (const { title, reason } of skipped) console.log(`skipped: ${title}, ${reason}`);
process.exitCode = await runVisibly(join(root, 'node_modules', '.bin', 'vitest'), ['run', '--project', 'leak'], {
  cwd: root,
  env: { ...process.env, MIF_NODES: nodes },
});
