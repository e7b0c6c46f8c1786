// SPDX-License-Identifier: MIT
// Ours, listening: every event is applied to the mirror. With `listen` every change is told to JavaScript and its routes
// are read; with `block` the JavaScript thread is busy for 100 of each 200 ms. Prints `ready`, and its counters once its
// standard input has ended and the mirror has been at rest.

import { openHost } from 'node-mif';

const quietMs = 300;
const host = await openHost();
let changed = 0;
if (process.argv.includes('listen')) {
  host.on('change', ({ added, changed: others, removed }) => {
    for (const some of [added.routes, others.routes, removed.routes]) changed += some?.length ?? 0;
  });
}
let blocker;
if (process.argv.includes('block')) {
  blocker = setInterval(() => {
    const end = performance.now() + 100;
    while (performance.now() < end);
  }, 200);
}

const before = host.stats();
const cpuBefore = process.cpuUsage();
console.log('ready', process.pid);

let generation = before.generation;
let latest = performance.now();
process.stdin.resume().on('end', () => {
  clearInterval(blocker);
  latest = performance.now();
  setInterval(report, 20);
});

async function report() {
  const now = host.stats();
  const { synced, routes } = host.snapshot();
  if (now.generation !== generation || !synced) {
    generation = now.generation;
    latest = performance.now();
  }
  if (performance.now() - latest < quietMs) return;
  const { user, system } = process.cpuUsage(cpuBefore);
  const overruns = now.overruns - before.overruns;
  console.log(
    JSON.stringify({
      // After an overrun the messages of the dumps that followed are among them.
      ...(overruns === 0 ? { delivered: now.messages - before.messages } : {}),
      overruns,
      resyncs: now.resyncs - before.resyncs,
      wakes: now.wakes - before.wakes,
      changed,
      cpuUs: user + system,
      routes: routes.length,
      receiveBuffer: host.capabilities.receiveBuffer,
    }),
  );
  process.exit(0);
}
