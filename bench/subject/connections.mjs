// SPDX-License-Identifier: MIT
// Sockets that are made, connected and ended, of one of these kinds; prints how many a second, and the processor time of each.
//
//   connections.mjs serve <address>                                accepts, until its input ends
//   connections.mjs plain|local|bound <count> <in flight> <address>  connects and resets, so that no port has to wait
//   connections.mjs plain-datagram|bound-datagram <count>          makes, binds and closes datagram sockets

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';

const [, , kind, ...words] = process.argv;
const port = 7;
const local = '198.51.100.1';
const device = 'wire';

async function serve(address) {
  const server = net.createServer((socket) => socket.on('error', () => {}).resume());
  server.listen({ port, host: address, backlog: 1024 });
  await once(server, 'listening');
  console.log('ready');
  process.stdin.resume();
  process.stdin.on('end', () => process.exit());
}

async function connections(countText, inFlightText, address) {
  const { connect, openHost } = await import('node-mif');
  const host = kind === 'bound' ? await openHost() : undefined;
  const plainly = async (options) => {
    const socket = net.connect({ host: address, port, autoSelectFamily: false, ...options });
    await once(socket, 'connect');
    return socket;
  };
  const ways = {
    plain: () => plainly({}),
    local: () => plainly({ localAddress: local }),
    bound: () => connect({ address, port }, { host, via: device }),
  };
  const make = ways[kind];
  const one = async () => {
    const socket = await make();
    socket.resetAndDestroy();
    await once(socket, 'close');
  };
  const count = Number(countText);
  const inFlight = Number(inFlightText);
  await measure(Math.ceil(count / 5), inFlight, one);
  const result = await measure(count, inFlight, one);
  await host?.close();
  return result;
}

async function datagrams(countText) {
  const { createBoundSocket, openHost } = await import('node-mif');
  const host = kind === 'bound-datagram' ? await openHost() : undefined;
  const one = async () => {
    const socket = createSocket('udp4');
    // Before it is bound: with a descriptor Node says so at once.
    const isListening = once(socket, 'listening');
    if (host === undefined) {
      socket.bind();
    } else {
      const boundSocket = createBoundSocket({ host, family: 4, type: 'datagram', via: device });
      socket.bind({ fd: boundSocket.adopt(), exclusive: true });
    }
    await isListening;
    socket.close();
    await once(socket, 'close');
  };
  const count = Number(countText);
  await measure(Math.ceil(count / 5), 1, one);
  const result = await measure(count, 1, one);
  await host?.close();
  return result;
}

async function measure(count, inFlight, one) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await one();
  };
  const start = performance.now();
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (count * 1000) / (performance.now() - start), cpuUs: (user + system) / count };
}

if (kind === 'serve') await serve(words[0]);
else if (kind.endsWith('datagram')) console.log(JSON.stringify(await datagrams(...words)));
else console.log(JSON.stringify(await connections(...words)));
