// SPDX-License-Identifier: MIT
// Listeners to routers whose worker ends, that nobody has any more, or that are all that is left of a program. They are told
// something all the time: advertisements come in by the one device of their namespace.
//   routers.mjs terminate <workers>|collect|alive

import { once } from 'node:events';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { holdings, native, report, startWorker, until } from './native.mjs';

const listenersEach = 10;
const atOnce = 6;
/** Ended within this time of having opened everything, milliseconds. */
const randomWithinMs = 8;

const monitor = native.openMonitor({ settleMs: 0, onWake: () => monitor.snapshot() });

function listen(count = () => {}) {
  return ['advertisements', 'options'].map((news) => {
    const listener = monitor.openRouterListener({
      news,
      onReady: () => {
        const { news: heard } = listener.receive();
        count(heard.length);
      },
    });
    return listener;
  });
}

const modes = {
  async terminate() {
    const endOne = async () => {
      const worker = startWorker(import.meta.url, {});
      await once(worker, 'message');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * randomWithinMs));
      await worker.terminate();
    };
    // What the storm brings, and what Node keeps of its first worker, is not counted.
    let heard = 0;
    const listeners = listen((count) => {
      heard += count;
    });
    await until('the storm', () => heard > 0);
    await endOne();
    const before = holdings();
    let left = Number(process.argv[3]);
    const lane = async () => {
      while (left-- > 0) await endOne();
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    const after = holdings();
    for (const listener of listeners) listener.close();
    for (const listener of listeners) listener.close();
    report({ before, after, heard: heard > 0 });
    monitor.close();
  },
  async collect() {
    listen();
    globalThis.gc();
    const before = holdings();
    (() => {
      for (let count = 0; count < listenersEach; count++) listen();
    })();
    const during = holdings();
    await until('them to be collected', () => {
      globalThis.gc();
      return holdings().descriptors <= before.descriptors;
    });
    report({ opened: during.descriptors - before.descriptors });
    monitor.close();
  },
  async alive() {
    listen();
    report({});
  },
};

if (isMainThread) {
  await modes[process.argv[2]]();
} else if (workerData) {
  for (let count = 0; count < listenersEach; count++) listen();
  // Some are closed already, and the loop has not yet let go of them.
  for (let count = 0; count < listenersEach; count++) for (const listener of listen()) listener.close();
  parentPort.postMessage('opened');
}
