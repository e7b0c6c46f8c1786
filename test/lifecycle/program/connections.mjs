// SPDX-License-Identifier: MIT
// Connections of connect(), some made and some under way, whose worker, process or host ends.
//   connections.mjs terminate <workers>|exit|close

import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { connect, openHost } from '../../../dist/index.js';
import { holdings, report, startWorker, until } from './native.mjs';

const half = 50;
const eachOfWorker = 10;
const atOnce = 6;
/** Ended within this time of the first connection. */
const randomWithinMs = 8;

/** How many connections are made when the host is closed: from none to all that can be. */
const moments = [0, 1, 10, half];

/** A server that accepts at once, and one whose queue is full, so that whoever connects waits for it. */
async function startServers() {
  let accepted = 0;
  const quick = createServer((socket) => {
    accepted++;
    socket.on('error', () => {}).on('close', () => accepted--);
    socket.resume();
  });
  await once(quick.listen(0, '127.0.0.1'), 'listening');
  const full = startWorker(import.meta.url, { role: 'full' });
  const [port] = await once(full, 'message');
  return {
    ports: [quick.address().port, port],
    idle: () => until('the server to be left', () => accepted === 0),
    /** The server may accept late what its client has given up. */
    noMore: ({ descriptors }) =>
      until('as few descriptors as before', () => accepted === 0 && holdings().descriptors <= descriptors),
    async end() {
      quick.close();
      await full.terminate();
    },
  };
}

/** Listens and stands still: two fit into its queue, whoever comes later is under way until it ends. */
async function listenOnly() {
  const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 });
  await once(server, 'listening');
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Asks each server for so many connections, by turns. */
function ask(host, ports, count) {
  const asked = (port) => connect({ address: '127.0.0.1', port }, { host, via: 'lo' });
  return Array.from({ length: count }, () => ports.map(asked)).flat();
}

const modes = {
  async terminate() {
    const servers = await startServers();
    const endOne = async () => {
      const worker = startWorker(import.meta.url, { role: 'client', ports: servers.ports });
      await once(worker, 'message');
      await sleep(Math.random() * randomWithinMs);
      await worker.terminate();
    };
    // One round before, so that what Node keeps of its first worker is not counted.
    await endOne();
    await servers.idle();
    const before = holdings();
    let left = Number(process.argv[3]);
    const lane = async () => {
      while (left-- > 0) await endOne();
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    await servers.idle();
    await servers.noMore(before);
    report({ before, after: holdings() });
    await servers.end();
  },
  async exit() {
    const { ports } = await startServers();
    const attempts = ask(await openHost(), ports, half);
    await Promise.any(attempts);
    process.exit(7);
  },
  async close() {
    const servers = await startServers();
    const rounds = [];
    await closeWith(servers, 0);
    const before = holdings();
    for (const made of moments) rounds.push(await closeWith(servers, made));
    await servers.noMore(before);
    report({ rounds, before, after: holdings() });
    await servers.end();
  },
};

/** Closes a host when so many of a hundred connections are made; what became of each. */
async function closeWith({ ports, idle }, made) {
  const host = await openHost();
  const sockets = [];
  const codes = {};
  const attempts = ask(host, ports, half).map((attempt) =>
    attempt.then(
      (socket) => {
        sockets.push(socket);
        if (sockets.length === made) host.close();
      },
      ({ code }) => {
        codes[code] = (codes[code] ?? 0) + 1;
      },
    ),
  );
  if (made === 0) host.close();
  await Promise.all(attempts);
  // Made ones are their owner's.
  const destroyed = sockets.filter((socket) => socket.destroyed).length;
  await Promise.all(sockets.map((socket) => once(socket.destroy(), 'close')));
  await idle();
  return { wanted: made, made: sockets.length, destroyed, codes };
}

async function beClient(ports) {
  const attempts = ask(await openHost(), ports, eachOfWorker);
  // A thread that ends has nobody to tell.
  for (const attempt of attempts) attempt.catch(() => {});
  await Promise.any(attempts);
  parentPort.postMessage('connected');
}

if (isMainThread) await modes[process.argv[2]]();
else if (workerData.role === 'full') await listenOnly();
else await beClient(workerData.ports);
