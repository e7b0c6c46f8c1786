// SPDX-License-Identifier: MIT
// `mif run -- CMD…`: a Node program all of whose sockets are on a chosen network. A module that Node loads before the program
// enters a scope; children that are Node programs inherit it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { openHost } from '../mif/mif.ts';
import { type Command, namespaceOf, viaOf } from './command.ts';
import { usageError } from './exit-code.ts';
import { nodeProgram } from './node-program.ts';

export const run: Command = {
  name: 'run',
  operands: '-- COMMAND…',
  summary: 'runs a Node program with every socket on one network; what cannot be held to it fails',
  details: [
    'COMMAND is node, a script, or a program of Node such as npm. Its children are held too where they are Node programs.',
    'Names are resolved by the system, on whatever network it likes. The exit code is the one of COMMAND.',
  ],
  options: ['netns', 'via'],
  maxOperands: Number.POSITIVE_INFINITY,
  endsBySignal: true,
  async run({ options, operands, stop }) {
    if (operands.length === 0) throw usageError('mif run: what?', 'Write mif run --via V -- node program.js');
    const { via } = viaOf(options);
    if (via === undefined) throw usageError('mif run: over which network?', 'Say so with --via.');
    const { command, args } = nodeProgram(operands);
    // What is asked for must be possible now: the program itself would end with a stack.
    const host = await openHost({ ...namespaceOf(options), signal: stop });
    await host.close();
    // In its address, because NODE_OPTIONS is what children inherit.
    const preload = new URL('run-preload.js', import.meta.url);
    preload.search = encodeURIComponent(JSON.stringify({ via, ...namespaceOf(options) }));
    const { NODE_OPTIONS: given } = process.env;
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: {
        ...process.env,
        NODE_OPTIONS: `${given === undefined ? '' : `${given} `}--import=${preload.href}`,
      },
    });
    const end = () => child.kill('SIGTERM');
    stop.addEventListener('abort', end, { once: true });
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    stop.removeEventListener('abort', end);
    // As shells tell it.
    return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  },
};
