// SPDX-License-Identifier: MIT
// Processes and threads that a program starts. Each resolves to whom the server saw.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { scope } from 'node-mif';

const execute = promisify(execFile);
const program = fileURLToPath(new URL('child.mjs', import.meta.url));
const mif = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

const output = async (args) => JSON.parse((await execute(process.execPath, args)).stdout);
const held = ({ ports, address }, how) =>
  output([mif, 'run', '--via', 'b0', '--', program, how, String(ports.tcp), address]);

export const kin = {
  'mif run': (context) => held(context, 'itself'),
  'mif run: a child': (context) => held(context, 'child'),
  'mif run: a child without the variables of its parent': (context) => held(context, 'bare child'),
  'mif run: a worker': (context) => held(context, 'worker'),
  'mif run: a worker of a child': (context) => held(context, 'child worker'),
  'scope: a child': ({ host, ports, address }) =>
    scope({ host, via: 'b0' }, () => output([program, 'itself', String(ports.tcp), address])),
  'scope: a worker': ({ host, ports, address }) =>
    scope({ host, via: 'b0' }, async () => {
      const [told] = await once(new Worker(program, { argv: ['itself', String(ports.tcp), address] }), 'message');
      return told;
    }),
};
