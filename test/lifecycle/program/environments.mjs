// SPDX-License-Identifier: MIT
// Two environments share a monitor; one of them ends, and the other is still told.
//   environments.mjs            it opens another handle, which is told of the present state
//   environments.mjs change     the network changes; in a namespace of its own, with `ip`

import { once } from 'node:events';
import { isMainThread, parentPort } from 'node:worker_threads';
import { changeRoutes, live, open, openLive, report, startWorker, until } from './native.mjs';

if (isMainThread) {
  let calls = 0;
  const monitor = await openLive(() => {
    calls += 1;
  });
  const alone = monitor.stats();
  const worker = startWorker(import.meta.url);
  await once(worker, 'message');
  const both = monitor.stats();
  await worker.terminate();
  const after = monitor.stats();
  const told = calls;
  if (process.argv[2] === 'change') {
    await changeRoutes(1);
    await until('the change', () => calls > told);
  } else {
    const seen = [];
    const late = open((self) => seen.push(self.state()));
    await until('the present state', () => seen.includes(live));
    late.close();
  }
  // The worker's monitor was ours: it was not dumped again.
  report({ users: [alone.users, both.users, after.users], dumps: [alone.dumps, both.dumps, monitor.stats().dumps] });
  monitor.close();
} else {
  await openLive();
  parentPort.postMessage('live');
}
