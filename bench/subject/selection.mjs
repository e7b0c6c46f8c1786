// SPDX-License-Identifier: MIT
// What a selection costs, of one of these kinds; prints nanoseconds of processor time for each, and of wall time. Destinations
// are `distinct` ones, all over the place.
//
//   selection.mjs select|oracle|packed <questions> <distinct>    oracle: select() that asks the kernel
//   selection.mjs dgram <questions> <distinct>    a datagram socket of Node's: connect, address, disconnect

import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [, , kind, questionText, distinctText] = process.argv;
const questions = Number(questionText);
const distinct = Number(distinctText);
/** Destinations of one call. */
const batch = 8192;

/** As bench/peer/route-query.c. */
function destination(n) {
  const mixed = Math.imul(n, 2654435761) >>> 0;
  return (((16 + ((mixed >>> 24) % 190)) << 24) | (mixed & 0xffffff)) >>> 0;
}

function textOf(group) {
  return `${group >>> 24}.${(group >>> 16) & 255}.${(group >>> 8) & 255}.${group & 255}`;
}

async function measure(ask) {
  const start = performance.now();
  const before = process.cpuUsage();
  const count = await ask();
  const { user, system } = process.cpuUsage(before);
  const wallMs = performance.now() - start;
  return { cpuNs: ((user + system) * 1000) / count, wallNs: (wallMs * 1e6) / count };
}

const texts = kind === 'packed' ? [] : Array.from({ length: distinct }, (_, n) => textOf(destination(n)));

const kinds = { select: () => select(undefined), oracle: () => select({ oracle: true }), packed, dgram };
console.log(JSON.stringify(await kinds[kind]()));

async function select(options) {
  const { openHost } = await import('node-mif');
  const host = await openHost();
  let refused = 0;
  const ask = (count) => {
    for (let n = 0; n < count; n++) {
      try {
        host.select(texts[n % distinct], options);
      } catch {
        refused++;
      }
    }
    return count;
  };
  ask(Math.ceil(questions / 4));
  const result = await measure(() => ask(questions));
  await host.close();
  return { ...result, refused };
}

async function packed() {
  const { openHost } = await import('node-mif');
  const host = await openHost();
  const batches = Array.from({ length: Math.max(1, Math.ceil(distinct / batch)) }, (_, first) => {
    const bytes = new Uint8Array(4 * batch);
    const view = new DataView(bytes.buffer);
    for (let n = 0; n < batch; n++) view.setUint32(4 * n, destination((first * batch + n) % distinct));
    return bytes;
  });
  let ways = 0;
  const ask = (count) => {
    let asked = 0;
    for (; asked < count; asked += batch) ways += host.selectMany(batches[(asked / batch) % batches.length]).ways[0];
    return asked;
  };
  ask(Math.ceil(questions / 4));
  const result = await measure(() => ask(questions));
  await host.close();
  return { ...result, ways };
}

async function dgram() {
  const socket = createSocket('udp4');
  socket.bind();
  await once(socket, 'listening');
  const connect = (address) =>
    new Promise((resolve) => {
      socket.connect(9, address, (error) => resolve(error));
    });
  const result = await measure(async () => {
    for (let n = 0; n < questions; n++) {
      if ((await connect(texts[n % distinct])) !== undefined) continue;
      socket.address();
      socket.disconnect();
    }
    return questions;
  });
  socket.close();
  return result;
}
