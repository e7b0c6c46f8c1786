// SPDX-License-Identifier: MIT
// Opens and closes a monitor many times, at any state of its life, with attempts and sockets left behind.
//   open-close.mjs <times>

import { holdings, native, open, openLive, report, stir, until } from './native.mjs';

async function round(n) {
  const monitor = n % 10 === 0 ? await openLive() : open();
  if (n % 3 === 0) stir(monitor);
  const { fd } = native.createBoundSocket({ family: 4, type: 'datagram', interfaceIndex: 0 });
  native.closeDescriptor(fd);
  monitor.close();
}

await round(0);
const before = holdings();
for (let n = 0; n < Number(process.argv[2]); n++) await round(n);
// Node closes what is behind a wake in the next turns of its loop.
await until('as few descriptors as before', () => holdings().descriptors <= before.descriptors);
report({ before, after: holdings() });
