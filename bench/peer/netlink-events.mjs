// SPDX-License-Identifier: MIT
// The package `netlink` of npm listens to IPv4 route events, with the largest buffer that it can ask for, and counts them.
// Prints `ready`, and its counters once its standard input has ended and it has been quiet.
//
//   netlink-events.mjs <package.json beside its node_modules>

import { createRequire } from 'node:module';

const { createRtNetlink } = createRequire(process.argv[2])('netlink');

const quietMs = 300;
let delivered = 0;
let overruns = 0;
let latest = 0;

const socket = createRtNetlink({ ref: true });
socket.socket.setRecvBufferSize(8 * 1024 * 1024);
socket.on('message', (messages) => {
  delivered += messages.length;
  latest = performance.now();
});
socket.on('error', () => overruns++);
socket.addMembership('IPV4_ROUTE');

console.log('ready', process.pid);
const before = process.cpuUsage();
process.stdin.resume().on('end', () => setInterval(report, 20));

function report() {
  if (performance.now() - latest < quietMs) return;
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ delivered, overruns, cpuUs: user + system }));
  process.exit(0);
}
