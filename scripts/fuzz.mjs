// SPDX-License-Identifier: MIT
// `npm run fuzz`: libFuzzer over the targets of test/fuzz, for as long as you like.
//
//   npm run fuzz -- --seconds 3600          both targets, half of the time each, at once
//   npm run fuzz -- --seconds 3600 stream   one of them
//   npm run fuzz -- --merge                 keeps what earlier runs found in test/fuzz/corpus

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fuzz, targets } from './fuzz/campaign.mjs';
import { merge } from './fuzz/merge.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '120' }, merge: { type: 'boolean' } },
});
const chosen = targets.filter(({ name }) => names.length === 0 || names.includes(name));
if (chosen.length === 0) fail(`no such target; there are ${targets.map(({ name }) => name).join(' and ')}`);

if (options.merge) {
  const problem = await merge(root, process.env, chosen);
  if (problem) fail(problem);
} else {
  const { failed, skipped } = await fuzz(root, process.env, Number(options.seconds), chosen);
  if (skipped.length > 0) fail(skipped[0].reason);
  if (failed.length > 0) process.exitCode = 1;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
