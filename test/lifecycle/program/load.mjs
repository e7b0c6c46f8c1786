// SPDX-License-Identifier: MIT
// Monitors in this environment and in workers take snapshots and differences, select, look up, make sockets, close and open
// again, while the network changes.
//   load.mjs <workers> <monitors each> <changes>    in a namespace of its own, with `ip`

import { once } from 'node:events';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { changeRoutes, holdings, native, open, report, startWorker, until } from './native.mjs';

/** Each wake of this number, a monitor gives its place to a new one. */
const wakesOfOne = 8;

/** Changes are made so often at least: on a fast machine one round would be over before the first race. */
const rounds = 10;

/** What a selector writes in place of an answer when there is no question. */
const noAnswer = 0xffff_ffff;

if (isMainThread) await main();
else await work();

async function main() {
  const [workers, monitors, changes] = process.argv.slice(2).map(Number);
  // One worker before, so that what Node keeps of its first is not counted.
  await once(startWorker(import.meta.url, { monitors: 0 }), 'exit');
  const before = holdings();
  const others = Array.from({ length: workers }, () => startWorker(import.meta.url, { monitors }));
  const mine = begin(monitors);
  let waiting = others.length + 1;
  const answers = others.map(async (worker) => {
    await once(worker, 'message');
    waiting--;
    return (await once(worker, 'message'))[0];
  });
  void seen(mine).then(() => waiting--);
  // How long it takes until each has seen something is the machine's affair.
  for (let round = 0; round < rounds || (waiting > 0 && round < 200); round++) await changeRoutes(changes, round);
  for (const worker of others) worker.postMessage('end');
  const environments = await Promise.all([...answers, end(mine)]);
  await until('the end of the workers', () => holdings().threads === before.threads);
  report({ environments, before, after: holdings() });
}

async function work() {
  if (workerData.monitors === 0) return;
  const mine = begin(workerData.monitors);
  const ending = once(parentPort, 'message');
  await seen(mine);
  parentPort.postMessage('seen');
  await ending;
  parentPort.postMessage(end(mine));
}

function begin(monitors) {
  const load = { wakes: 0, steps: 0, answers: 0, sockets: 0, reopened: 0, visits: 0, isEnding: false, open: new Set() };
  for (let n = 0; n < monitors; n++) {
    add(load);
    visit(load);
  }
  return load;
}

/** A handle that is told of the present state once and gives its place to the next: somebody always comes and goes. */
function visit(load) {
  const monitor = open((self) => {
    load.visits++;
    self.snapshot();
    self.close();
    load.open.delete(self);
    if (!load.isEnding) visit(load);
  });
  monitor.hold(true);
  load.open.add(monitor);
}

function add(load) {
  const words = new Uint32Array(64);
  let selector;
  let last;
  let wakes = 0;
  const monitor = open((self) => {
    load.wakes++;
    const now = self.snapshot();
    if (last !== undefined) load.steps += now.difference(last)[1];
    last = now;
    selector ??= self.createSelector(words);
    words.fill(0);
    selector.select('10.0.0.1');
    if (words[0] !== noAnswer) load.answers++;
    // On the monitor's thread, between what it reads.
    self.lookUpInterface('lo');
    native.closeDescriptor(self.createBoundSocket(4, 0, 1, 'lo', undefined, 0));
    load.sockets++;
    if (load.isEnding) return;
    if (++wakes % wakesOfOne !== 0) return;
    self.close();
    load.open.delete(self);
    load.reopened++;
    add(load);
  });
  monitor.hold(true);
  load.open.add(monitor);
}

function seen(load) {
  return until('every environment to have seen something', () => Math.min(load.steps, load.reopened) > 0);
}

function end(load) {
  load.isEnding = true;
  for (const monitor of load.open) monitor.close();
  const { wakes, steps, answers, sockets, reopened, visits } = load;
  return { wakes, steps, answers, sockets, reopened, visits };
}
