// SPDX-License-Identifier: MIT
// Ours, in a process of its own: from `openHost()` until JavaScript may read every route, the first one read; links,
// addresses, rules, neighbours and nexthops are mirrored too. Meanwhile a timer watches the JavaScript thread: how late
// it comes at most is how long anything else would have waited. With `objects` every route is then made an object.

import { openHost } from 'node-mif';
import { watchTimer } from './lateness.mjs';

const endWatch = watchTimer();

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const start = performance.now();
const cpuAtStart = cpuMs();
const host = await openHost();
const { routes } = host.snapshot();
const [first] = routes.length > 0 ? routes : [];
const ms = performance.now() - start;
const dumpCpuMs = cpuMs() - cpuAtStart;
const lagMs = endWatch();
if (first === undefined) throw new Error('the host has no routes');

let objects = 0;
if (process.argv.includes('objects')) for (const _route of routes) objects++;
console.log(
  JSON.stringify({
    ms,
    cpuMs: dumpCpuMs,
    lagMs,
    objectsMs: performance.now() - start,
    objectsCpuMs: cpuMs() - cpuAtStart,
    routes: routes.length,
    objects,
  }),
);
await host.close();
