// SPDX-License-Identifier: MIT
// What keeps a program alive: a held monitor does, another does not.

import { live, open, report } from './native.mjs';

let calls = 0;
const forgotten = open();
const held = open((monitor) => {
  monitor.snapshot();
  if (monitor.state() !== live) return;
  // Nothing else keeps this program alive.
  report({ calls: ++calls });
  monitor.hold(false);
});
held.hold(true);
process.on('exit', () => forgotten.state());
