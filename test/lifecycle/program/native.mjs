// SPDX-License-Identifier: MIT
// What the programs of this folder share: the native library without any of lib/ above it, and what a process sees of
// itself. Each program prints one JSON document; the tests start them (../program.ts).

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../../', import.meta.url));

export const native = require('node-gyp-build')(root);

export const live = 2;

/**
 * Opens a monitor of the namespace that this process is in.
 * @param onWake called with the monitor; taking its snapshot is the callback's affair
 */
export function open(onWake = (monitor) => monitor.snapshot()) {
  const monitor = native.openMonitor({ settleMs: 0, onWake: () => onWake(monitor) });
  return monitor;
}

/** Opens a monitor and waits until it is live. */
export async function openLive(onWake = () => {}) {
  let monitor;
  await new Promise((resolve) => {
    monitor = open(() => {
      monitor.snapshot();
      if (monitor.state() === live) resolve();
      onWake(monitor);
    });
    monitor.hold(true);
  });
  return monitor;
}

/** Starts to connect to a port of this host where nobody listens: the outcome, and with it a wake, follows at once. */
export function stir(monitor) {
  return monitor.connect({
    family: 4,
    type: 'stream',
    interfaceIndex: 0,
    destination: '127.0.0.1',
    port: 1,
  });
}

/** What this process holds of the kernel: descriptors and threads. */
export function holdings() {
  return { descriptors: readdirSync('/proc/self/fd').length, threads: readdirSync('/proc/self/task').length };
}

/** Asks again and again until the answer is true, leaving the event loop to others in between. */
export async function until(what, ask) {
  const deadline = performance.now() + 20_000;
  while (!ask()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Starts this program's file again as a worker. */
export function startWorker(url, workerData) {
  return new Worker(new URL(url), { workerData });
}

export function report(value) {
  console.log(JSON.stringify(value));
}
