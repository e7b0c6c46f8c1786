// SPDX-License-Identifier: MIT
// Several processes or threads that listen on one port of one interface; each says who it is.
//   fan-out.mjs cluster|threads <how many> <port>

import cluster from 'node:cluster';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { listen } from '../../../dist/index.js';

const [mode, count, port] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

async function serve(name) {
  const server = await listen({ via: 'b0', port, reusePort: true });
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.end(name);
  });
}

async function start() {
  const names = Array.from({ length: count }, (_, n) => `server ${n}`);
  const started = names.map((name) =>
    mode === 'cluster'
      ? cluster.fork({ MIF_TEST_NAME: name })
      : new Worker(new URL(import.meta.url), { argv: process.argv.slice(2), workerData: { name } }),
  );
  await Promise.all(started.map((each) => once(each, 'message')));
  console.log('all listen');
}

if (cluster.isWorker) {
  await serve(process.env.MIF_TEST_NAME);
  process.send('listens');
} else if (isMainThread) {
  await start();
} else {
  await serve(workerData.name);
  parentPort.postMessage('listens');
}
