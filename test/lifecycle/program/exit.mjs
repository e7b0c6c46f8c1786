// SPDX-License-Identifier: MIT
// process.exit() in the midst of a callback, of the main thread or of a worker.
//   exit.mjs main|worker

import { once } from 'node:events';
import { isMainThread } from 'node:worker_threads';
import { open, report, startWorker } from './native.mjs';

if (isMainThread && process.argv[2] === 'worker') {
  const [code] = await once(startWorker(import.meta.url), 'exit');
  report({ code });
} else {
  const others = Array.from({ length: 5 }, () => open());
  open((monitor) => {
    monitor.snapshot();
    process.exit(7);
  }).hold(true);
  for (const monitor of others) monitor.hold(true);
}
