// SPDX-License-Identifier: MIT
// A bounded run of the fuzz driver over every decoder, under AddressSanitizer and UndefinedBehaviorSanitizer. Answers
// with the numbers that scripts/test.mjs adds up, one for each target (test/fuzz).

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';

const stage = 'fuzzing';

/** Seconds are shared by the targets. A new seed each time; it is printed, and gives the same inputs again. */
export async function fuzz(root, env, seconds, seed = Date.now() % 1_000_000) {
  const folder = join(root, 'build', 'fuzz');
  const error = await build(root, env, folder);
  if (error) return failure(error);
  const { code, output } = await run(join(folder, 'test', 'fuzz', 'mif-fuzz-plain'), [String(seconds), String(seed)], {
    cwd: folder,
    env,
  });
  const targets = output.match(/^\w+: \d+ inputs, \d+ accepted$/gm) ?? [];
  if (code !== 0 || targets.length === 0) return failure(`seed ${seed}, ${seconds} s\n${output}`);
  console.log(`ok     ${stage} for ${seconds} s with seed ${seed}\n         ${targets.join('\n         ')}`);
  return { passed: targets.length, failed: [], skipped: [] };
}

/** @returns what the compiler says against it; nothing when it is built */
async function build(root, env, folder) {
  const hasNinja = (await run('ninja', ['--version'], { env })).code === 0;
  const generator = hasNinja && !existsSync(join(folder, 'CMakeCache.txt')) ? ['-G', 'Ninja'] : [];
  const options = ['-DMIF_FUZZ=ON', '-DMIF_SANITIZE=address'];
  const configured = await run('cmake', ['-S', root, '-B', folder, ...generator, ...options], { cwd: root, env });
  if (configured.code !== 0) return configured.output;
  const target = ['--target', 'mif-fuzz-plain', '--parallel', '2'];
  const built = await run('cmake', ['--build', folder, ...target], { cwd: root, env });
  return built.code === 0 ? undefined : built.output;
}

function failure(output) {
  console.log(`FAILED ${stage}\n${output}`);
  return { passed: 0, failed: [stage], skipped: [] };
}
