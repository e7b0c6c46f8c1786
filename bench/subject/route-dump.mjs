// SPDX-License-Identifier: MIT
// Ours, in a process of its own: from `openHost()` to a mirror that equals the kernel (links, addresses, routes of both
// families, rules, neighbours, nexthops), then every route as a JavaScript object. Prints both times in milliseconds.

import { openHost } from 'node-mif';

const start = performance.now();
const host = await openHost();
const snapshot = host.snapshot();
const mirrored = performance.now();
let routes = 0;
for (const _route of snapshot.routes) routes++;
const decoded = performance.now();
console.log(JSON.stringify({ mirrorMs: mirrored - start, objectsMs: decoded - start, routes }));
await host.close();
