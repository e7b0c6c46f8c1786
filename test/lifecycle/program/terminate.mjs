// SPDX-License-Identifier: MIT
// Workers that are ended from outside at a chosen moment of their monitors' life, a few at a time.
//   terminate.mjs <workers> <monitors each> opening|delivery|random
//   terminate.mjs <workers> <monitors each> changes       in a namespace of its own, with `ip`

import { once } from 'node:events';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { changeRoutes, holdings, open, openLive, report, startWorker } from './native.mjs';

/** Ended within this time of having opened everything. */
const randomWithinMs = 8;
const atOnce = 6;
/** Routes of one round of changes; the rounds follow each other until the last worker has ended. */
const changesEach = 1000;

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
  const lanes = Promise.all(Array.from({ length: atOnce }, lane));
  if (moment === 'changes') await changeUntil(lanes);
  await lanes;
  report({ before, after: holdings() });
}

async function endOne(monitors, moment) {
  const worker = startWorker(import.meta.url, { monitors, moment });
  await once(worker, 'message');
  if (moment === 'random' || moment === 'changes')
    await new Promise((resolve) => setTimeout(resolve, Math.random() * randomWithinMs));
  await worker.terminate();
}

async function changeUntil(end) {
  let isOver = false;
  const noteEnd = () => {
    isOver = true;
  };
  void end.then(noteEnd, noteEnd);
  for (let round = 0; !isOver; round = (round + 1) % 4) await changeRoutes(changesEach, round);
}

async function work() {
  const { monitors, moment } = workerData;
  const isRenewing = moment === 'delivery' || moment === 'random';
  const add = () => open(onWake).hold(true);
  const onWake = (monitor) => {
    monitor.snapshot();
    if (!isRenewing) return;
    // Never quiet: a handle that is opened is woken for the present state.
    add();
    monitor.close();
  };
  if (moment === 'delivery') await openLive();
  for (let n = 0; n < monitors; n++) add();
  parentPort.postMessage('opened');
}
