// SPDX-License-Identifier: MIT
// Many sockets of one program, of one of these kinds. Each line of its input asks for the next step, which it answers by a line of
// JSON; it ends with its input. Against the built package.
//
//   subject.mjs serve <port>                           listens; accepts and keeps
//   subject.mjs connections <count> <via> <address> <port>…   opens all; closes all
//   subject.mjs datagrams <count> <via>                opens all; closes all
//   subject.mjs cycles <count> <via> <address> <port>  one after the other, sixteen at a time
//   subject.mjs exhaustion <via> <address> <port>      as many as it may have descriptors

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { connect, createBoundSocket, createUdpSocket, listen, openHost } from 'node-mif';

const [, , kind, ...words] = process.argv;
const descriptors = () => readdirSync('/proc/self/fd').length;
const backlog = 4096;

const kinds = { serve, connections, datagrams, cycles, exhaustion };
const steps = kinds[kind](...words);
for await (const _ of createInterface({ input: process.stdin })) {
  const { value } = await steps.next();
  console.log(JSON.stringify(value ?? null));
}
process.exit();

async function* serve(port) {
  const server = await listen({ port: Number(port), address: '0.0.0.0', backlog, reusePort: true });
  server.on('connection', (socket) => socket.on('error', () => {}).resume());
  yield server.address();
}

/** `make(number)` for each number, so many at a time. */
async function inTurns(count, atATime, make) {
  let next = 0;
  const worker = async () => {
    while (next < count) await make(next++);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

async function* connections(count, via, address, ...ports) {
  const host = await openHost();
  const before = descriptors();
  const sockets = [];
  await inTurns(Number(count), 64, async (number) => {
    const port = Number(ports[number % ports.length]);
    const socket = await connect({ address, port }, { host, via });
    socket.on('error', () => {});
    sockets.push(socket);
  });
  const open = sockets.filter(({ readyState }) => readyState === 'open').length;
  const sources = [...new Set(sockets.map(({ localAddress }) => localAddress))];
  const names = new Set(sockets.map(({ localPort, remotePort }) => `${localPort} ${remotePort}`)).size;
  const during = descriptors() - before;
  yield { open, sources, names, during };
  await endAll(sockets, (socket) => socket.resetAndDestroy());
  yield { left: descriptors() - before };
}

async function* datagrams(count, via) {
  const host = await openHost();
  const before = descriptors();
  const sockets = [];
  for (let number = 0; number < Number(count); number++) {
    sockets.push(await createUdpSocket({ host, type: 'udp4', via }));
  }
  const ports = new Set(sockets.map((socket) => socket.address().port)).size;
  const during = descriptors() - before;
  yield { open: sockets.length, ports, during };
  await endAll(sockets, (socket) => socket.close());
  yield { left: descriptors() - before };
}

async function* cycles(count, via, address, port) {
  const host = await openHost();
  const before = descriptors();
  let done = 0;
  await inTurns(Number(count), 16, async () => {
    const socket = await connect({ address, port: Number(port) }, { host, via });
    socket.resetAndDestroy();
    await once(socket, 'close');
    done++;
  });
  yield { done, left: descriptors() - before };
}

async function* exhaustion(via, address, port) {
  const host = await openHost();
  const before = descriptors();
  const sockets = [];
  let bound;
  while (bound === undefined) {
    try {
      sockets.push(createBoundSocket({ host, family: 4, type: 'datagram', via }));
    } catch (error) {
      bound = told(error);
    }
  }
  const udp = await createUdpSocket({ host, type: 'udp4', via }).then(() => undefined, told);
  const connected = await connect({ address, port: Number(port) }, { host, via }).then(() => undefined, told);
  for (const socket of sockets) socket.close();
  // With descriptors again, everything goes on.
  const socket = await connect({ address, port: Number(port) }, { host, via });
  await endAll([socket], () => socket.resetAndDestroy());
  yield { made: sockets.length > 0, bound, udp, connected, left: descriptors() - before };
}

function told({ code, errno, mif }) {
  return { code, errno: Math.abs(errno ?? mif?.errno ?? 0) };
}

async function endAll(sockets, end) {
  await Promise.all(
    sockets.map((socket) => {
      const closed = once(socket, 'close');
      end(socket);
      return closed;
    }),
  );
}
