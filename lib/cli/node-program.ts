// SPDX-License-Identifier: MIT
// Which program a command line starts, and whether it is one of Node's: only in those a scope can be entered from outside.

import { accessSync, closeSync, constants, openSync, readSync, realpathSync } from 'node:fs';
import { basename, delimiter, extname, join } from 'node:path';
import { CommandError } from './exit-code.ts';

/** What to start. */
export interface NodeProgram {
  readonly command: string;
  readonly args: readonly string[];
}

const scripts = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']);

/**
 * A command of Node's: `node` itself, a script by its name, or a program whose first line asks for node, such as npm.
 * @throws CommandError ERR_MIF_UNSUPPORTED for any other program, whose sockets nobody could hold
 */
export function nodeProgram([command = '', ...args]: readonly string[], path = process.env['PATH'] ?? ''): NodeProgram {
  if (scripts.has(extname(command))) return { command: process.execPath, args: [command, ...args] };
  const file = find(command, path);
  if (file !== undefined && isOfNode(file)) return { command: file, args };
  const what = file === undefined ? 'there is no such program' : 'it is no program of Node.js';
  throw new CommandError(
    file === undefined ? 'ERR_MIF_INVALID_ARG' : 'ERR_MIF_UNSUPPORTED',
    `cannot run ${JSON.stringify(command)}: ${what}`,
    'Name node, a script, or a program whose first line asks for node, such as npm or npx.',
  );
}

function find(command: string, path: string): string | undefined {
  const folders = command.includes('/') ? [''] : path.split(delimiter);
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isOfNode(file: string): boolean {
  if (basename(realpathSync(file)) === 'node') return true;
  const start = Buffer.alloc(128);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, start);
  } finally {
    closeSync(fd);
  }
  return /^#!.*\bnode\b/.test(start.toString('latin1').split('\n')[0] ?? '');
}
