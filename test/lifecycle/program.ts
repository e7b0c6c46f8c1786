// SPDX-License-Identifier: MIT
// Starts a program of ./program in a process of its own: what is tested here ends processes.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { searchPath } from '../lab/requirements.ts';

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
  /** The JSON document it printed. */
  // biome-ignore lint/suspicious/noExplicitAny: each program has a shape of its own.
  report: any;
}

export interface ProgramOptions {
  /** File of the network namespace to run in; absent for this process's. */
  namespacePath?: string;
  nodeOptions?: readonly string[];
}

/** A sanitizer's runtime, which the addon needs when it was built with one, and Node was not (scripts/test/sanitizers.mjs). */
const runtime = process.env['MIF_PRELOAD'];
const preload = runtime === undefined ? {} : { LD_PRELOAD: runtime };

/** Runs `program/<name>.mjs` to its end, which is the test's time-out at the latest. */
export function runProgram(name: string, args: readonly string[] = [], options: ProgramOptions = {}): Promise<Ending> {
  const { namespacePath, nodeOptions = [] } = options;
  const file = fileURLToPath(new URL(`program/${name}.mjs`, import.meta.url));
  const command = [process.execPath, ...nodeOptions, file, ...args];
  const [head, ...rest] = namespacePath === undefined ? command : ['nsenter', `--net=${namespacePath}`, ...command];
  return new Promise((resolve, reject) => {
    const child = spawn(head as string, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: searchPath, ...preload },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stderr, report: stdout === '' ? undefined : JSON.parse(stdout) });
    });
  });
}
