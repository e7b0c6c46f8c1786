// SPDX-License-Identifier: MIT
// What keeps a program alive: a held monitor does, another does not.

import { open, report, stir } from './native.mjs';

const forgotten = open();
const held = open((monitor) => {
  monitor.snapshot();
  for (const { elapsedMs, failure } of monitor.outcomes()) {
    report({ code: failure.code, elapsedMs });
    monitor.hold(false);
  }
});
held.hold(true);
stir(held);
process.on('exit', () => forgotten.state());
