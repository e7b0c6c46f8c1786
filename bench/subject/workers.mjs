// SPDX-License-Identifier: MIT
// So many worker threads, each with a host of its own on this namespace, or with none (`idle`), while routes come and go; with
// `listen` each reads every change. The workers share one monitor. Prints `ready`, and at the end of its standard input what
// the process cost since then and how large it is.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const settleMs = 500;

if (isMainThread) {
  const [count, mode] = process.argv.slice(2);
  const workers = Array.from(
    { length: Number(count) },
    () => new Worker(new URL(import.meta.url), { workerData: mode }),
  );
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const before = process.cpuUsage();
  console.log('ready', process.pid);
  process.stdin.resume().on('end', () => setTimeout(report, settleMs, before));
} else {
  if (workerData !== 'idle') {
    const { openHost } = await import('node-mif');
    const host = await openHost();
    globalThis.host = host;
    if (workerData === 'listen') host.on('change', ({ added, removed }) => [added.routes, removed.routes]);
  }
  // Keeps the worker alive, as a program would.
  parentPort.on('message', () => {});
  parentPort.postMessage('ready');
}

function report(before) {
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 2 ** 20 }));
  process.exit(0);
}
