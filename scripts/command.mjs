// SPDX-License-Identifier: MIT
// Running a command from a script, in sight or collected. Neither throws: the caller decides what a failure means.

import { spawn } from 'node:child_process';

/**
 * Runs a command with its output on ours and nothing on its standard input.
 * @returns its exit code; 127 when it could not be started, 128 when a signal ended it
 */
export async function runVisibly(command, commandArguments, options) {
  const { code } = await start(command, commandArguments, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  return code;
}

/** Runs a command and collects what it says on either stream. */
export function run(command, commandArguments, options) {
  return start(command, commandArguments, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
}

function start(command, commandArguments, options) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, options);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 128, output }));
  });
}
