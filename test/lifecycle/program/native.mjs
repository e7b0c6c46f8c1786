// SPDX-License-Identifier: MIT
// What the programs of this folder share: the native library without any of lib/ above it, and what a process sees of
// itself. Each program prints one JSON document; the tests start them (../program.ts).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../../', import.meta.url));

export const native = require('node-gyp-build')(root);

export const live = 2;

/** For what takes milliseconds where nothing is wrong. */
const patienceMs = 20_000;

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

/**
 * Opens handles that share a live monitor, and returns when each has a wake on its way. The event loop has had no turn, so none
 * has arrived.
 */
export function openWoken(count, monitor, onWake) {
  const before = monitor.stats().wakes;
  // A handle of a live monitor is woken for the present state.
  const opened = Array.from({ length: count }, () => open(onWake));
  const deadline = performance.now() + patienceMs;
  while (monitor.stats().wakes < before + count) {
    if (performance.now() > deadline) throw new Error('waited in vain for the wakes');
    Atomics.wait(pause, 0, 0, 1);
  }
  return opened;
}

/** Something to wait for without a turn of the event loop. */
const pause = new Int32Array(new SharedArrayBuffer(4));

/** What `ip -batch` reads to make routes; every second one is deleted at once. */
export function routeChanges(count, round = 0) {
  const lines = Array.from({ length: count }, (_, n) => {
    const prefix = `10.${round}.${(n >> 8) & 0xff}.${n & 0xff}/32`;
    return `route replace ${prefix} dev lo\n${n % 2 === 0 ? '' : `route del ${prefix} dev lo\n`}`;
  });
  return lines.join('');
}

/** Makes them in the namespace of this process, which must be its own; the event loop goes on meanwhile. */
export async function changeRoutes(count, round) {
  const child = spawn('ip', ['-batch', '-'], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(routeChanges(count, round));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`ip ended with ${code}`);
}

/** What this process holds of the kernel: descriptors and threads. */
export function holdings() {
  return { descriptors: readdirSync('/proc/self/fd').length, threads: readdirSync('/proc/self/task').length };
}

/** Asks again and again until the answer is true, leaving the event loop to others in between. */
export async function until(what, ask) {
  const deadline = performance.now() + patienceMs;
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
