// SPDX-License-Identifier: MIT
// Running one command to its end, from a test.

import { spawn } from 'node:child_process';
import { searchPath } from './requirements.ts';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end, whatever its exit code; rejects only where it cannot be started. */
export function outcomeOf(command: string, args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, PATH: searchPath } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 128, stdout, stderr }));
    // A command that ends without reading its input is judged by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** What a command writes to its standard output; rejects with its own words where its exit code is not 0. */
export async function run(command: string, args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await outcomeOf(command, args, input);
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')}: exit ${code}: ${stderr.trim() || stdout.trim()}\n${input}`);
  return stdout;
}
