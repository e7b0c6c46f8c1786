// SPDX-License-Identifier: MIT
// Requests to one server, sixteen at a time; prints how many a second, and the processor time of each.
//
//   requests.mjs serve <address>                                                      answers, until its input ends
//   requests.mjs agent|bound-agent|undici|bound-undici <count> kept|new <address>

import { once } from 'node:events';
import http from 'node:http';

const [, , kind, ...words] = process.argv;
const port = 80;
const device = 'wire';
const inFlight = 16;

async function serve(address) {
  const server = http.createServer((_, response) => response.end('ok'));
  server.keepAliveTimeout = 60_000;
  server.listen({ port, host: address, backlog: 1024 });
  await once(server, 'listening');
  console.log('ready');
  process.stdin.resume();
  process.stdin.on('end', () => process.exit());
}

function viaAgent(agent, host) {
  return () =>
    new Promise((resolve, reject) => {
      const request = http.get({ host, port, agent }, (response) => response.resume().on('end', resolve));
      request.on('error', reject);
    });
}

function viaDispatcher(undici, dispatcher, host, isKept) {
  const origin = `http://${host}`;
  return async () => {
    const { body } = await undici.request(origin, { dispatcher, reset: !isKept });
    await body.dump();
  };
}

async function requests(countText, life, address) {
  const { createAgent, createDispatcher, openHost } = await import('node-mif');
  const undici = await import('undici');
  const isKept = life === 'kept';
  const host = kind.startsWith('bound') ? await openHost() : undefined;
  const options = { keepAlive: isKept, maxSockets: inFlight };
  const limits = { connections: inFlight, pipelining: 1 };
  const ways = {
    agent: () => viaAgent(new http.Agent(options), address),
    'bound-agent': () => viaAgent(createAgent({ host, via: device, ...options }).http, address),
    undici: () => viaDispatcher(undici, new undici.Agent(limits), address, isKept),
    'bound-undici': () =>
      viaDispatcher(undici, createDispatcher({ host, via: device, undici, ...limits }), address, isKept),
  };
  const one = ways[kind]();
  const count = Number(countText);
  await measure(Math.ceil(count / 5), one);
  const result = await measure(count, one);
  console.log(JSON.stringify(result));
  process.exit();
}

async function measure(count, one) {
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
else await requests(...words);
