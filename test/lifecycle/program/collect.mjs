// SPDX-License-Identifier: MIT
// Monitors that nobody closes and nobody refers to, except through their own callbacks. Needs --expose-gc.

import { openLive, open, report, stir, until } from './native.mjs';

const watcher = await openLive();

// Each callback refers to its monitor, as callbacks do.
for (let n = 0; n < 50; n++) open((monitor) => monitor.snapshot());
const opened = watcher.stats().users;
await until('the forgotten ones to be collected', () => {
  globalThis.gc();
  return watcher.stats().users === 1;
});

// One that the program waits for is not forgotten, though nothing refers to it either.
let outcomes = 0;
const forget = () => {
  const held = open((monitor) => {
    monitor.snapshot();
    outcomes += monitor.outcomes().length;
    if (outcomes < 3) stir(monitor);
    else monitor.close();
  });
  held.hold(true);
  stir(held);
};
forget();
await until('three outcomes of the held one', () => {
  globalThis.gc();
  return outcomes === 3;
});
report({ opened, users: watcher.stats().users });
watcher.close();
