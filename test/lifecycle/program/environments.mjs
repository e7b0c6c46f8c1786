// SPDX-License-Identifier: MIT
// Two environments share a monitor; one of them ends.

import { once } from 'node:events';
import { isMainThread, parentPort } from 'node:worker_threads';
import { openLive, report, startWorker, stir, until } from './native.mjs';

if (isMainThread) {
  let outcomes = 0;
  const monitor = await openLive((self) => {
    outcomes += self.outcomes().length;
  });
  const alone = monitor.stats();
  const worker = startWorker(import.meta.url);
  await once(worker, 'message');
  const both = monitor.stats();
  await worker.terminate();
  const after = monitor.stats();
  stir(monitor);
  await until('an outcome', () => outcomes === 1);
  // The worker's monitor was ours: it was not dumped again.
  report({ users: [alone.users, both.users, after.users], dumps: [alone.dumps, both.dumps] });
  monitor.close();
} else {
  await openLive();
  parentPort.postMessage('live');
}
