// SPDX-License-Identifier: MIT
// The event loop is blocked while the network changes more often than a socket's buffer holds.
//   paused.mjs <changes>    in a namespace of its own, with `ip`

import { spawnSync } from 'node:child_process';
import { openLive, report, routeChanges, until } from './native.mjs';

const route = 3;
const monitor = await openLive();
const before = monitor.snapshot();

// spawnSync blocks this thread until the last change has been made.
const changes = Number(process.argv[2]);
const { status, stderr } = spawnSync('ip', ['-batch', '-'], { input: routeChanges(changes) });
if (status !== 0) throw new Error(String(stderr));

const kept = Math.ceil(changes / 2);
let after = monitor.snapshot();
await until('every route that is left', () => {
  after = monitor.snapshot();
  return after.synced && after.size(route) - before.size(route) === kept;
});
const [, steps] = after.difference(before);
report({ kept, steps, overruns: monitor.stats().overruns, resyncs: monitor.stats().resyncs });
monitor.close();
