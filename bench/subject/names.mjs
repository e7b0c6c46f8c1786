// SPDX-License-Identifier: MIT
// Questions to one name server, sixty-four at a time; prints how many a second, and the processor time of each.
//
//   names.mjs serve <address>                          answers, until its input ends
//   names.mjs resolver|bound|known <count> <address>

import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';

const [, , kind, ...words] = process.argv;
const port = 53;
const device = 'wire';
const inFlight = 64;
const header = 12;

/** Every name has one address. */
function serve(address) {
  const socket = createSocket('udp4');
  const answer = Buffer.from('c00c000100010000012c0004c0000201', 'hex');
  socket.on('message', (question, { port: to, address: from }) => {
    let end = header;
    while (question[end] !== 0) end += question[end] + 1;
    const reply = Buffer.concat([question.subarray(0, end + 5), answer]);
    reply.writeUInt16BE(0x8180, 2);
    reply.writeUInt32BE(0x00010001, 4);
    reply.writeUInt32BE(0, 8);
    socket.send(reply, to, from);
  });
  socket.bind({ port, address }, () => console.log('ready'));
  process.stdin.resume();
  process.stdin.on('end', () => process.exit());
}

async function ask(countText, address) {
  const { openHost, resolve } = await import('node-mif');
  const ways = {
    resolver: () => {
      const resolver = new Resolver();
      resolver.setServers([address]);
      return (name) => resolver.resolve4(name);
    },
    bound: async () => {
      const host = await openHost();
      return (name) => resolve(name, 'A', { host, via: device, servers: [address] });
    },
    known: async () => {
      const host = await openHost();
      const forEach = { host, via: device, servers: [address] };
      return () => resolve('known.example', 'A', forEach);
    },
  };
  const one = await ways[kind]();
  const count = Number(countText);
  await measure(Math.ceil(count / 5), 'warm', one);
  console.log(JSON.stringify(await measure(count, 'host', one)));
  process.exit();
}

async function measure(count, prefix, one) {
  let next = 0;
  const work = async () => {
    while (next < count) await one(`${prefix}${next++}.example`);
  };
  const cpu = process.cpuUsage();
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, work));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuUs: (user + system) / count };
}

if (kind === 'serve') serve(...words);
else await ask(...words);
