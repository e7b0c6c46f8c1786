// SPDX-License-Identifier: MIT
// The suites again with native code that watches itself: the native tests, and the addon in Node. AddressSanitizer (with
// UndefinedBehaviorSanitizer) finds what is read or written beyond its life or its end, ThreadSanitizer what two threads
// touch without agreeing. Each has its own build.

import { join } from 'node:path';
import { run } from '../command.mjs';
import { runSuites } from './suites.mjs';

/** What a sanitizer's runtime, loaded before a Node that was built without it, has to be told. */
const sanitizers = {
  address: {
    runtime: 'libasan.so',
    // Node gives little back at its end, so leaks of ours would drown; test/lifecycle counts what is left instead.
    // V8 has a handler of its own for some faults.
    options: { ASAN_OPTIONS: 'detect_leaks=0:handle_segv=2', UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1' },
  },
  thread: {
    runtime: 'libtsan.so',
    // Of Node it sees calls of the C library only, so what Node's threads agree on is unknown to it.
    options: { TSAN_OPTIONS: 'ignore_noninstrumented_modules=1:halt_on_error=1:exitcode=66' },
  },
};

/** The native tests; leaks count. */
export function runNativeSanitized(root, env, name) {
  return runSuites(root, { ...env, MIF_SANITIZE: name }, ['--project=native'], `sanitizer ${name}`);
}

/** The tests that end environments, threads and processes, with the addon built under a sanitizer. */
export async function runAddonSanitized(root, env, name) {
  const stage = `addon with sanitizer ${name}`;
  const { runtime, options } = sanitizers[name];
  const built = await run(process.execPath, ['scripts/build.mjs', 'native', '--sanitize', name], { cwd: root, env });
  if (built.code !== 0) {
    console.log(`FAILED ${stage}\n${built.output}`);
    return { passed: 0, failed: [`${stage}: not built`], skipped: [] };
  }
  const compiler = process.env.CXX ?? 'c++';
  const found = await run(compiler, [`-print-file-name=${runtime}`], { env });
  // A compiler that does not have the file says its name only.
  if (found.code !== 0 || !found.output.trim().includes('/')) {
    return { passed: 0, failed: [], skipped: [{ title: stage, reason: `needs ${runtime} of ${compiler}` }] };
  }
  const sanitized = {
    ...env,
    ...options,
    // node-gyp-build looks there first.
    NODE_MIF_PREBUILD: join(root, 'san', name),
    MIF_PRELOAD: found.output.trim(),
  };
  return runSuites(root, sanitized, ['--project=lifecycle'], stage);
}
