// SPDX-License-Identifier: MIT
// A program that knows nothing of paths, nor who has started it: asks the server whom it sees, itself or by others like it.
//
//   node child.mjs HOW PORT ADDRESS

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const [how, port, address] = process.argv.slice(2);
const program = import.meta.filename ?? process.argv[1];

async function ask() {
  const socket = connect(Number(port), address);
  const [data] = await once(socket, 'data');
  socket.destroy();
  return JSON.parse(data);
}

async function askBy(others) {
  const args = [program, others, port, address];
  if (others === 'worker') return (await once(new Worker(program, { argv: ['itself', port, address] }), 'message'))[0];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

const ways = {
  itself: ask,
  child: () => askBy('itself'),
  'bare child': () =>
    JSON.parse(execFileSync(process.execPath, [program, 'itself', port, address], { encoding: 'utf8', env: {} })),
  worker: () => askBy('worker'),
  'child worker': () =>
    JSON.parse(execFileSync(process.execPath, [program, 'worker', port, address], { encoding: 'utf8' })),
};

const told = await ways[how]();
if (isMainThread) console.log(JSON.stringify(told));
else parentPort.postMessage(told);
