// SPDX-License-Identifier: MIT
// A callback that throws each time it is called.
//   throw.mjs caught     with a listener for uncaught exceptions: the next handle is called
//   throw.mjs changes    the same, and the same handle is called for the next change; in a namespace of its own, with `ip`
//   throw.mjs uncaught   without: the process ends as from any other callback
//   throw.mjs worker     in a worker without: its parent is told

import { once } from 'node:events';
import { isMainThread } from 'node:worker_threads';
import { changeRoutes, open, report, startWorker } from './native.mjs';

const how = process.argv[2];

if (isMainThread && how === 'worker') {
  const worker = startWorker(import.meta.url);
  const [error] = await once(worker, 'error');
  report({ message: error.message });
} else {
  const messages = [];
  if (how === 'caught' || how === 'changes') process.on('uncaughtException', (error) => messages.push(error.message));
  let calls = 0;
  const onWake = (monitor) => {
    monitor.snapshot();
    calls += 1;
    if (calls === 3) {
      monitor.close();
      report({ calls, messages });
    } else if (how === 'changes') {
      void changeRoutes(1, calls);
    } else {
      open(onWake).hold(true);
      monitor.close();
    }
    throw new Error(`thrown by call ${calls}`);
  };
  open(onWake).hold(true);
}
