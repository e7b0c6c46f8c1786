// SPDX-License-Identifier: MIT
// `npm test`: every gate and every suite, whatever fails first, then one line that counts them all. Assumes
// `npm run build`. A gate (format, lint, types, generated files) counts as one test.
//
//   npm test                                  all of it
//   npm test -- --thorough                    also on other lines of Node, under sanitizers, and fuzzing (what CI runs)
//   npm test -- --thorough --fuzz-seconds 600 the same, fuzzing for longer
//   npm test -- test/unit/session             only these files, no gates

import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runVisibly } from './command.mjs';
import { fuzz } from './fuzz/campaign.mjs';
import { whatIsNotBuilt, whatIsStale } from './test/built.mjs';
import { runGates } from './test/gates.mjs';
import { isKnownSkip } from './test/known-skips.mjs';
import { installNodeLines } from './test/node-lines.mjs';
import { runAddonSanitized, runNativeSanitized } from './test/sanitizers.mjs';
import { runSuites } from './test/suites.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { thorough: { type: 'boolean' }, 'fuzz-seconds': { type: 'string', default: '120' } },
});

const env = {
  ...process.env,
  PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH,
  npm_config_loglevel: 'error',
};

const missing = whatIsNotBuilt(root);
if (missing.length > 0) {
  console.error(`Not built: ${missing.join(', ')}. Run \`npm run build\` first.`);
  process.exit(1);
}
for (const note of whatIsStale(root)) console.log(`note: ${note}`);

const counts = { passed: 0, failed: [], skipped: [] };

await runVisibly(process.execPath, ['scripts/lab-packages.mjs'], { cwd: root, env });
if (files.length === 0) add(await runGates(root, env));
if (options.thorough) await onAllLines();
add(await runSuites(root, env, files));
if (options.thorough) {
  for (const sanitizer of ['address', 'thread']) {
    add(await runNativeSanitized(root, env, sanitizer));
    add(await runAddonSanitized(root, env, sanitizer));
  }
  add(await fuzz(root, env, Number(options['fuzz-seconds'])));
}
judgeSkips();
report();
process.exitCode = counts.failed.length > 0 ? 1 : 0;

/** Tests that run programs on several Nodes do so on all that can be had, unless the caller has chosen. */
async function onAllLines() {
  if (env.MIF_NODES !== undefined) return;
  const { nodes, skipped } = await installNodeLines(root, env);
  env.MIF_NODES = nodes;
  counts.skipped.push(...skipped);
}

function add({ passed, failed, skipped }) {
  counts.passed += passed;
  counts.failed.push(...failed);
  counts.skipped.push(...skipped);
}

/** In CI everything is there that a test can need, so a skip nobody knows of is a test that was lost. */
function judgeSkips() {
  const unknown = counts.skipped.filter((test) => !isKnownSkip(test));
  if (unknown.length === 0) return;
  if (!env.CI) {
    console.log(`\n${unknown.length} of the skipped tests run in CI; what they need is named below`);
    return;
  }
  counts.skipped = counts.skipped.filter(isKnownSkip);
  for (const { title, reason } of unknown)
    counts.failed.push(`${title}: skipped (${reason}), which scripts/test/known-skips.mjs does not know`);
}

function report() {
  for (const reason of new Set(counts.skipped.map((test) => test.reason))) {
    console.log(`\nskipped, ${reason}:`);
    for (const test of counts.skipped) if (test.reason === reason) console.log(`  ${test.title}`);
  }
  if (counts.failed.length > 0) console.log('\nfailed:');
  for (const title of counts.failed) console.log(`  ${title}`);
  console.log(`\n${counts.passed} passed, ${counts.failed.length} failed, ${counts.skipped.length} skipped`);
}
