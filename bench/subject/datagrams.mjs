// SPDX-License-Identifier: MIT
// Datagrams to a server that sends them back, so many under way at a time; prints how many a second, and the processor time of each.
//
//   datagrams.mjs serve <address>                    sends back what comes, until its input ends
//   datagrams.mjs plain|bound|told <count> <address>

import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [, , kind, ...words] = process.argv;
const port = 7;
const device = 'wire';
const underWay = 32;
const data = Buffer.alloc(64, 'x');
/** What is lost is sent again, so that a full buffer does not end the run. */
const patienceMs = 200;

async function serve(address) {
  const server = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  server.on('message', (message, from) => server.send(message, from.port, from.address));
  server.bind(port, address);
  await once(server, 'listening');
  console.log('ready');
  process.stdin.resume();
  process.stdin.on('end', () => process.exit());
}

async function open(address) {
  if (kind === 'plain') {
    const socket = createSocket('udp4').bind();
    await once(socket, 'listening');
    return { socket, send: () => socket.send(data, port, address) };
  }
  const { createUdpSocket } = await import('node-mif');
  const socket = await createUdpSocket({ type: 'udp4', via: device, packetInfo: kind === 'told' });
  const to = { address, port };
  return { socket, send: kind === 'told' ? () => socket.send(data, to) : () => socket.send(data, port, address) };
}

async function measure({ socket, send }, count) {
  let answered = 0;
  let isAnswered = false;
  const start = performance.now();
  const before = process.cpuUsage();
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!isAnswered) for (let n = 0; n < underWay; n++) send();
      isAnswered = false;
    }, patienceMs);
    const onMessage = () => {
      isAnswered = true;
      if (++answered < count) {
        send();
        return;
      }
      clearInterval(timer);
      socket.removeListener('message', onMessage);
      resolve();
    };
    socket.on('message', onMessage);
    for (let n = 0; n < underWay; n++) send();
  });
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (count * 1000) / (performance.now() - start), cpuUs: (user + system) / count };
}

if (kind === 'serve') {
  await serve(words[0]);
} else {
  const opened = await open(words[1]);
  const count = Number(words[0]);
  await measure(opened, Math.ceil(count / 5));
  console.log(JSON.stringify(await measure(opened, count)));
  process.exit();
}
