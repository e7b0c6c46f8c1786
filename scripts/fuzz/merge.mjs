// SPDX-License-Identifier: MIT
// Puts what fuzzing has found on this machine into test/fuzz/corpus, made smaller: of all inputs those that reach
// something that the seeds do not, in as few and as short ones as libFuzzer finds, up to a size that is fit to be kept.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, prepare, runLibFuzzer, targets } from './campaign.mjs';

/** Bytes of a file of the corpus. */
const fileLimit = 120_000;
const lineLength = 120;

/** @returns what went wrong; nothing when the files are written */
export async function merge(root, env, chosen = targets) {
  const { reason, error } = await prepare(root, env);
  if (reason ?? error) return reason ?? error;
  for (const target of chosen) {
    const merged = join(folderOf(root), 'merged', target.name);
    const seeds = join(folderOf(root), 'seeds', target.name);
    rmSync(merged, { recursive: true, force: true });
    mkdirSync(merged, { recursive: true });
    // The seeds come first, so that nothing is kept which they reach too.
    for (const file of readdirSync(seeds)) copyFileSync(join(seeds, file), join(merged, `seed-${file}`));
    const { code, output } = await runLibFuzzer(root, env, target, ['-merge=1'], ['merged', 'found', 'corpus']);
    if (code !== 0) return output;
    const kept = readdirSync(merged).filter((file) => !file.startsWith('seed-'));
    write(
      root,
      target,
      kept.map((file) => readFileSync(join(merged, file))),
    );
  }
  return undefined;
}

/** In the format of test/vectors. The shortest first; what is too much is left out. */
function write(root, { name }, inputs) {
  let text = '# order: little-endian\n# source: found by libFuzzer, merged by `npm run fuzz -- --merge`\n';
  const sorted = inputs.sort((a, b) => a.length - b.length || Buffer.compare(a, b));
  let count = 0;
  for (const input of sorted) {
    const lines = input.toString('hex').match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
    const paragraph = `\n${lines.join('\n')}\n`;
    if (lines.length === 0 || text.length + paragraph.length > fileLimit) continue;
    text += paragraph;
    count++;
  }
  writeFileSync(join(root, 'test', 'fuzz', 'corpus', `${name}.hex`), text);
  console.log(`test/fuzz/corpus/${name}.hex: ${count} of ${inputs.length} inputs, ${text.length} bytes`);
}
