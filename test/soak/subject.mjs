// SPDX-License-Identifier: MIT
// A program that uses the package without a rest: hosts, iterations, sessions, sockets and workers that come and go
// beside a host that stays. After each round everything but that host is closed; every now and then it says what the
// process then holds, as a line of JSON. Ends with its standard input, with a line that counts what it did.
//   node --expose-gc subject.mjs <file of another namespace> <milliseconds between samples>

import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createBoundSocket, openHost, openSession } from '../../dist/index.js';

const nouns = ['interfaces', 'addresses', 'nexthops', 'routes', 'rules', 'neighbours', 'pvds'];

/** Decodes every record of a snapshot, and counts them. */
function read(snapshot) {
  return nouns.reduce((count, noun) => count + [...snapshot[noun]].length, 0);
}

if (isMainThread) await main(process.argv[2], Number(process.argv[3]));
else await work();

async function main(elsewhere, sampleMs) {
  let isOver = false;
  createInterface({ input: process.stdin }).on('close', () => {
    isOver = true;
  });
  const done = { rounds: 0, hosts: 0, records: 0, changes: 0, sessions: 0, sockets: 0, workers: 0 };
  const lasting = await openHost();
  lasting.on('change', () => done.changes++);
  const start = performance.now();
  for (let sampleAt = start; !isOver; done.rounds++) {
    await round(lasting, elsewhere, done);
    if (performance.now() < sampleAt) continue;
    sampleAt = performance.now() + sampleMs;
    print({ seconds: (performance.now() - start) / 1000, ...(await holdings(lasting)) });
  }
  const { resyncs, overruns } = lasting.stats();
  print({ done: { ...done, resyncs, overruns } });
  await lasting.close();
}

async function round(lasting, elsewhere, done) {
  // Hosts that share the monitor of the one that stays, and hosts whose monitor begins and ends with them.
  for (const netns of [undefined, undefined, elsewhere, elsewhere]) {
    const host = await openHost({ netns });
    done.records += read(host.snapshot());
    await host.close();
    done.hosts++;
  }
  await listen(elsewhere, done);
  await converse(lasting, done);
  for (const { name } of [...lasting.snapshot().interfaces].filter(({ flags }) => flags.includes('up'))) {
    try {
      createBoundSocket({ host: lasting, family: 6, type: 'datagram', via: name }).close();
      done.sockets++;
    } catch (error) {
      // It may have gone down since the snapshot, or have no address yet.
      if (!/^ERR_MIF_/.test(error.code)) throw error;
    }
  }
  await employ(done, done.rounds % 2 === 0);
}

/** Reads the changes of two namespaces for a moment, with several readers at once. */
async function listen(elsewhere, done) {
  const host = await openHost({ settle: 5 });
  const other = await openHost({ netns: elsewhere });
  const signal = AbortSignal.timeout(200);
  const reader = async (changes) => {
    try {
      for await (const { snapshot } of changes) done.records += snapshot.addresses.length;
    } catch (error) {
      if (error.name !== 'TimeoutError') throw error;
    }
  };
  await Promise.all([
    reader(host.changes({ signal })),
    reader(host.changes({ signal })),
    reader(other.changes({ signal })),
  ]);
  await host.close();
  await other.close();
  done.hosts += 2;
}

/** A subscriber that asks for interfaces and domains, and reads all that there is to read. */
async function converse(host, done) {
  const session = await openSession({ host });
  session.post({ type: 'announce-interfaces' });
  session.post({ type: 'announce-provisioning-domain', interface: '*' });
  await session.check({ timeout: 1000 });
  while (session.get() !== undefined) done.records++;
  await session.close();
  done.sessions++;
}

/** A worker with a host of its own that is either asked to end, or ended while it listens. */
async function employ(done, isAsked) {
  const worker = new Worker(new URL(import.meta.url), { execArgv: [] });
  const ended = new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  if (isAsked) worker.postMessage('end');
  else await worker.terminate();
  await ended;
  done.workers++;
}

async function work() {
  const host = await openHost();
  host.on('change', ({ snapshot }) => read(snapshot));
  const end = new Promise((resolve) => parentPort.once('message', resolve));
  read(host.snapshot());
  parentPort.postMessage('listening');
  await end;
  await host.close();
}

/** What this process holds when all that can be freed is. */
async function holdings(lasting) {
  // Twice, with a turn of the loop between: what one collection finds unreachable may be finalised in the next turn.
  for (let n = 0; n < 2; n++) {
    globalThis.gc();
    await delay(10);
  }
  const { external, arrayBuffers, heapUsed } = process.memoryUsage();
  const [, rss] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return {
    rss: Number(rss) * 1024,
    external: external + arrayBuffers,
    heap: heapUsed,
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    users: lasting.stats().users,
  };
}

function print(line) {
  console.log(JSON.stringify(line));
}
