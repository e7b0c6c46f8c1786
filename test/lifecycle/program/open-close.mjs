// SPDX-License-Identifier: MIT
// Opens and closes a monitor many times, at any state of its life, with wakes and sockets left behind.
//   open-close.mjs <times>

import { holdings, native, open, openLive, openWoken, report, until } from './native.mjs';

async function round(n) {
  const monitor = n % 10 === 0 ? await openLive() : open();
  const others = n % 20 === 0 ? openWoken(3, monitor) : [];
  native.closeDescriptor(native.createBoundSocket(4, 1, 0, '', undefined, 0));
  monitor.close();
  for (const other of others) other.close();
}

await round(0);
const before = holdings();
for (let n = 0; n < Number(process.argv[2]); n++) await round(n);
// Node closes what is behind a wake in the next turns of its loop.
await until('as few descriptors as before', () => holdings().descriptors <= before.descriptors);
report({ before, after: holdings() });
