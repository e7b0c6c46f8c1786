// SPDX-License-Identifier: MIT
// A process that is stopped while routes change, so that notifications are lost, and must find back. Prints `ready`, then one
// line when it is synced after a resync: when, on CLOCK_MONOTONIC; and how many routes it sees.

import { openHost } from 'node-mif';

const start = performance.now();
const host = await openHost();
const openMs = performance.now() - start;
const before = host.stats();
let told = false;

host.on('change', ({ synced, epoch, snapshot }) => look(synced, epoch, snapshot));
console.log('ready', process.pid);
// The change may be nothing that a listener hears of, when what was lost had no effect.
setInterval(() => {
  const snapshot = host.snapshot();
  look(snapshot.synced, snapshot.epoch, snapshot);
}, 1);
process.stdin.resume().on('end', () => {
  const { overruns, resyncs } = host.stats();
  console.log(JSON.stringify({ openMs, overruns: overruns - before.overruns, resyncs: resyncs - before.resyncs }));
  process.exit(0);
});

function look(synced, epoch, snapshot) {
  if (told || !synced || epoch === before.epoch) return;
  told = true;
  const at = Number(process.hrtime.bigint()) / 1e6;
  console.log(`synced ${at} ${snapshot.routes.length}`);
}
