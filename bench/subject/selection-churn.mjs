// SPDX-License-Identifier: MIT
// A mirror in a storm of route changes, and what it costs in processor time and memory: `plain`; `indexed`, once somebody has
// selected; `asked`, with a batch of selections each 10 ms meanwhile.

import { openHost } from 'node-mif';

const kind = process.argv[2];
const batch = Uint8Array.from({ length: 4 * 256 }, (_, at) => (at % 4 === 0 ? 16 : (at * 31) & 255));
const everyMs = 10;

const settle = async () => {
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().rss;
};

const host = await openHost();
const routes = host.snapshot().routes.length;
const before = await settle();
if (kind !== 'plain') host.select('192.0.2.7');
const indexBytes = (await settle()) - before;
const timer = kind === 'asked' ? setInterval(() => host.selectMany(batch), everyMs) : undefined;
const start = process.cpuUsage();
console.log(`ready ${process.pid}`);

process.stdin.resume();
process.stdin.on('end', async () => {
  const { user, system } = process.cpuUsage(start);
  clearInterval(timer);
  const { delivered, overruns } = host.stats();
  console.log(
    JSON.stringify({ cpuUs: user + system, delivered, overruns, indexBytes: routes > 0 ? indexBytes / routes : 0 }),
  );
  await host.close();
});
