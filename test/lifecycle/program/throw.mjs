// SPDX-License-Identifier: MIT
// A callback that throws each time it is called.
//   throw.mjs caught     with a listener for uncaught exceptions: the monitor goes on
//   throw.mjs uncaught   without: the process ends as from any other callback
//   throw.mjs worker     in a worker without: its parent is told

import { once } from 'node:events';
import { isMainThread } from 'node:worker_threads';
import { open, report, startWorker, stir } from './native.mjs';

const how = process.argv[2];

if (isMainThread && how === 'worker') {
  const worker = startWorker(import.meta.url);
  const [error] = await once(worker, 'error');
  report({ message: error.message });
} else {
  const messages = [];
  if (how === 'caught') process.on('uncaughtException', (error) => messages.push(error.message));
  let calls = 0;
  open((monitor) => {
    monitor.snapshot();
    monitor.outcomes();
    calls += 1;
    stir(monitor);
    if (calls === 3) {
      monitor.close();
      report({ calls, messages });
    }
    throw new Error(`thrown by call ${calls}`);
  }).hold(true);
}
