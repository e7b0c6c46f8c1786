// SPDX-License-Identifier: MIT
// What the mirror of this namespace costs: growth of the process beyond one that observes an empty namespace, whose file is
// the argument. Megabytes of resident memory, and of the JavaScript heap.

import { openHost } from 'node-mif';

const mb = 2 ** 20;

async function settle() {
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage();
}

const small = await openHost({ netns: process.argv[2] });
for (const _interface of small.snapshot().interfaces);
const before = await settle();
const host = await openHost();
const { routes } = host.snapshot();
const { length } = routes;
const after = await settle();
console.log(
  JSON.stringify({
    routes: length,
    growthMb: (after.rss - before.rss) / mb,
    heapMb: (after.heapUsed - before.heapUsed) / mb,
  }),
);
await host.close();
await small.close();
