// SPDX-License-Identifier: MIT
// The package `netlink` of npm reads every route of both families into objects. Prints milliseconds and their number.
//
//   netlink-dump.mjs <package.json beside its node_modules>

import { createRequire } from 'node:module';

const { createRtNetlink } = createRequire(process.argv[2])('netlink');

const grow = () => process.memoryUsage.rss() / 2 ** 20;
globalThis.gc?.();
const before = grow();
const start = performance.now();
const cpuAtStart = process.cpuUsage();
const socket = createRtNetlink();
const routes = [...(await socket.getRoutes({ family: 2 })), ...(await socket.getRoutes({ family: 10 }))];
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpuAtStart);
globalThis.gc?.();
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, routes: routes.length, growthMb: grow() - before }));
process.exit(0);
