// SPDX-License-Identifier: MIT
// Builds the native test binary and runs its cases. The lines that it prints are described in main.cc.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How one case ended. */
export interface Verdict {
  outcome: 'ok' | 'not ok' | 'skip';
  /** Failed checks, or why the case was skipped; empty when ok. */
  detail: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const sanitizer = process.env['MIF_SANITIZE'] ?? '';
const folder = join(root, 'build', sanitizer === '' ? 'native-tests' : `native-tests-${sanitizer}`);
const binary = join(folder, 'mif-native-tests');

/** What is missing here to build the binary, or undefined when nothing is. */
export function missingNeed(): string | undefined {
  return ['cmake', process.env['CXX'] ?? 'c++'].find((tool) => spawnSync(tool, ['--version']).status !== 0);
}

/** Builds what changed since the last time, in build/native-tests. @throws Error with the compiler's output. */
export function build(): void {
  const hasCache = existsSync(join(folder, 'CMakeCache.txt'));
  const generator = !hasCache && spawnSync('ninja', ['--version']).status === 0 ? ['-G', 'Ninja'] : [];
  const options = ['-DMIF_TESTS=ON', `-DMIF_SANITIZE=${sanitizer}`];
  run('cmake', ['-S', root, '-B', folder, ...generator, ...options]);
  run('cmake', ['--build', folder, '--target', 'mif-native-tests', '--parallel', '2']);
}

/** The titles of all cases. @throws Error when two cases share one. */
export function titles(): string[] {
  return run(binary, ['--list']).split('\n').filter(Boolean);
}

/**
 * Runs cases and says how each ended. One that takes the process with it is a failure with the last words of the
 * process; those behind it run in a new process.
 */
export function runCases(all: readonly string[]): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  let rest = all;
  while (rest.length > 0) {
    const { stdout, stderr, signal, status } = spawnSync(binary, ['--run', ...rest], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      // A report of undefined behaviour is a failure, not a remark.
      env: { UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1', ...process.env },
    });
    for (const line of stdout.split('\n').filter(Boolean)) note(line, verdicts);
    const fatal = rest.find((title) => !verdicts.has(title));
    if (fatal === undefined) {
      // A sanitizer reports leaks after the last case: no case's fault alone, and no success of any.
      if (status !== 0 && status !== 1) throw new Error(`after the last case: ${signal ?? status}\n${stderr}`);
      break;
    }
    verdicts.set(fatal, {
      outcome: 'not ok',
      detail: `ended the process: ${signal ?? status}\n${stderr.slice(-4000)}`,
    });
    rest = rest.slice(rest.indexOf(fatal) + 1);
  }
  return verdicts;
}

function note(line: string, verdicts: Map<string, Verdict>): void {
  const match = /^(ok|not ok|skip) ([^\t]*)(?:\t(.*))?$/.exec(line);
  if (match === null) return;
  const [, outcome, title = '', detail = ''] = match;
  verdicts.set(title, { outcome: outcome as Verdict['outcome'], detail });
}

function run(command: string, parameters: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, parameters, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}
