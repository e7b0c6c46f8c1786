// SPDX-License-Identifier: MIT
// Monitors that nobody closes and nobody refers to, except through their own callbacks. Needs --expose-gc.

import { open, openLive, report, until } from './native.mjs';

const watcher = await openLive();

// Each callback refers to its monitor, as callbacks do.
for (let n = 0; n < 50; n++) open((monitor) => monitor.snapshot());
const opened = watcher.stats().users;
await until('the forgotten ones to be collected', () => {
  globalThis.gc();
  return watcher.stats().users === 1;
});

// One that the program waits for is not forgotten, though nothing refers to it either.
let calls = 0;
function forget() {
  const held = open((monitor) => {
    monitor.snapshot();
    calls += 1;
  });
  held.hold(true);
  return new WeakRef(held);
}
const reference = forget();
let collections = 0;
await until('the held one to be called and to outlive collections', () => {
  globalThis.gc();
  return ++collections >= 50 && calls > 0;
});
const usersWhileHeld = watcher.stats().users;
reference.deref()?.hold(false);
await until('the one that is held no more to be collected', () => {
  globalThis.gc();
  return watcher.stats().users === 1;
});
report({ opened, usersWhileHeld });
watcher.close();
