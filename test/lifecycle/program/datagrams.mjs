// SPDX-License-Identifier: MIT
// Datagram sockets whose worker ends, whose process exits, or whose callback throws.
//   datagrams.mjs terminate <workers>|exit|throw

import { once } from 'node:events';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { holdings, native, report, startWorker, until } from './native.mjs';

const socketsEach = 20;
const atOnce = 6;
/** Ended within this time of having opened everything. */
const randomWithinMs = 8;

/** A socket that sends itself what it receives, for ever. */
function open(onReady) {
  const fd = native.createBoundSocket(4, 1, 0, '', '127.0.0.1', 0);
  const socket = native.openDatagramSocket({ fd, family: 4, interfaceIndex: 0, longest: 2048, onReady });
  socket.watch(true, false);
  return socket;
}

function openBusy() {
  const socket = open(() => {
    for (const { data, address, port } of socket.receive()) socket.send(data, { destination: address, port });
  });
  const { address, port } = socket.localName();
  socket.send(Buffer.from('x'), { destination: address, port });
  return socket;
}

const modes = {
  async terminate() {
    const endOne = async () => {
      const worker = startWorker(import.meta.url, {});
      await once(worker, 'message');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * randomWithinMs));
      await worker.terminate();
    };
    // One round before, so that what Node keeps of its first worker is not counted.
    await endOne();
    const before = holdings();
    let left = Number(process.argv[3]);
    const lane = async () => {
      while (left-- > 0) await endOne();
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    report({ before, after: holdings() });
  },
  async exit() {
    const socket = open(() => process.exit(7));
    socket.send(Buffer.from('x'), { destination: '127.0.0.1', port: socket.localName().port });
  },
  async throw() {
    const heard = [];
    process.on('uncaughtException', (error) => heard.push(error.message));
    let calls = 0;
    const socket = open(() => {
      socket.receive();
      // Put off as promises are: it runs before the next callback.
      Promise.resolve().then(() => heard.push(`after ${calls}`));
      throw new Error(`call ${++calls}`);
    });
    const send = () => socket.send(Buffer.from('x'), { destination: '127.0.0.1', port: socket.localName().port });
    send();
    await until('the first', () => heard.length === 2);
    send();
    await until('the second', () => heard.length === 4);
    socket.close();
    socket.close();
    report({ heard });
  },
};

if (isMainThread) {
  await modes[process.argv[2]]();
} else if (workerData) {
  for (let n = 0; n < socketsEach; n++) openBusy();
  // Some are closed already, and the loop has not yet let go of them.
  for (let n = 0; n < socketsEach; n++) openBusy().close();
  parentPort.postMessage('opened');
}
