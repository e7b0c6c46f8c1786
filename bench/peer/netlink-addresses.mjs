// SPDX-License-Identifier: MIT
// As peer/address-poll.c, by the package `netlink` of npm: when its callback sees each address event.
//
//   netlink-addresses.mjs <package.json beside its node_modules>

import { createRequire } from 'node:module';

const { createRtNetlink } = createRequire(process.argv[2])('netlink');

const seen = [];
/** Those that are there: events of a new one and of one that goes look the same here. */
const present = new Set();
const socket = createRtNetlink({ ref: true });
socket.on('message', (messages) => {
  const at = Number(process.hrtime.bigint());
  for (const { kind, attrs } of messages) {
    if (kind !== 'address' || attrs.local?.[0] !== 10 || attrs.local[1] !== 99) continue;
    const number = (attrs.local[2] << 8) | attrs.local[3];
    seen.push([number, present.has(number), at]);
    if (!present.delete(number)) present.add(number);
  }
});
socket.addMembership('IPV4_IFADDR');

console.log('ready', process.pid);
process.stdin.resume().on('end', () => {
  const told = seen.map(([number, isDeleted, at]) => [isDeleted ? -number - 1 : number, at]);
  console.log(JSON.stringify({ seen: told }));
  process.exit(0);
});
