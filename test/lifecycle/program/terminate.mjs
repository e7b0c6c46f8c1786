// SPDX-License-Identifier: MIT
// Workers that are ended from outside at a chosen moment of their monitors' life, a few at a time.
//   terminate.mjs <workers> <monitors each> opening|delivery|random

import { once } from 'node:events';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { holdings, open, openLive, report, startWorker, stir } from './native.mjs';

/** Ended within this time of having opened everything. */
const randomWithinMs = 8;
const atOnce = 6;

if (isMainThread) await main();
else await work();

async function main() {
  const [workers, monitors, moment] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
  // One round before, so that what Node keeps of its first worker is not counted.
  await endOne(monitors, moment);
  const before = holdings();
  let left = workers;
  const lane = async () => {
    while (left-- > 0) await endOne(monitors, moment);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  report({ before, after: holdings() });
}

async function endOne(monitors, moment) {
  const worker = startWorker(import.meta.url, { monitors, moment });
  await once(worker, 'message');
  if (moment === 'random') await new Promise((resolve) => setTimeout(resolve, Math.random() * randomWithinMs));
  await worker.terminate();
}

async function work() {
  const { monitors, moment } = workerData;
  const opened = [];
  const onWake = (monitor) => {
    monitor.snapshot();
    monitor.outcomes();
    // Never quiet: an attempt to connect is always under way.
    if (moment !== 'opening') stir(monitor);
  };
  if (moment === 'delivery') await openLive();
  for (let n = 0; n < monitors; n++) {
    const monitor = open(onWake);
    monitor.hold(true);
    if (moment !== 'opening') stir(monitor);
    opened.push(monitor);
  }
  parentPort.postMessage('opened');
}
