// SPDX-License-Identifier: MIT
// As peer/route-query.c, by the package `netlink` of npm: one question after the other. Prints nanoseconds of processor time for
// each, and of wall time.
//
//   netlink-route.mjs <package.json beside its node_modules> <questions>

import { createRequire } from 'node:module';

const { createRtNetlink } = createRequire(process.argv[2])('netlink');
const questions = Number(process.argv[3]);

/** As bench/peer/route-query.c. */
function destination(n) {
  const mixed = Math.imul(n, 2654435761) >>> 0;
  return Buffer.from([16 + ((mixed >>> 24) % 190), (mixed >>> 16) & 255, (mixed >>> 8) & 255, mixed & 255]);
}

const socket = createRtNetlink();
let answered = 0;
async function ask(count) {
  for (let n = 0; n < count; n++) {
    await socket.getRoute({ family: 2, dstLen: 32 }, { dst: destination(n) }).then(
      () => answered++,
      () => {},
    );
  }
}
await ask(Math.ceil(questions / 4));
answered = 0;
const start = performance.now();
const before = process.cpuUsage();
await ask(questions);
const { user, system } = process.cpuUsage(before);
const wallMs = performance.now() - start;
console.log(
  JSON.stringify({ cpuNs: ((user + system) * 1000) / questions, wallNs: (wallMs * 1e6) / questions, answered }),
);
process.exit(0);
