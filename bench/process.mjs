// SPDX-License-Identifier: MIT
// Programs in a namespace, each in a process of its own, with what they cost as the kernel counted it (peer/enter.c).
// A program prints one line of JSON, its result, as its last; a listener prints a line `ready` before, and ends when its
// standard input does.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { program } from './peers.mjs';

/** How long a program may take before it counts as hanging, milliseconds. */
const patienceMs = 600_000;

/**
 * Runs a program to its end.
 * @param {string} netns file of the namespace
 * @param {string[]} command
 * @returns {Promise<{ result: any, wallMs: number, cpuMs: number, peakMb: number, ended: string }>} `result` is undefined
 * when the last line is no JSON, `ended` is empty for a good end
 */
export async function run(netns, command, { isDiscarded = false } = {}) {
  const listener = new Listener(netns, command, isDiscarded ? 'ignore' : 'pipe');
  return listener.stop();
}

/** Starts a listener; when the promise is fulfilled, it listens. */
export async function listen(netns, command, { stdout = 'pipe', readyMs } = {}) {
  const listener = new Listener(netns, command, stdout);
  if (readyMs === undefined) await listener.ready;
  else await pause(readyMs);
  return listener;
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

class Listener {
  /** Fulfilled by the line `ready`, or by the end. */
  ready;
  #child;
  #closed;
  #text = '';
  #report = '';

  constructor(netns, command, stdout) {
    this.#child = spawn(program('enter'), [netns, ...command], { stdio: ['pipe', stdout, 'inherit', 'pipe'] });
    this.#child.stdin.on('error', () => {});
    this.#closed = once(this.#child, 'close');
    this.ready = new Promise((resolve) => {
      this.#closed.then(resolve);
      this.#child.stdout?.setEncoding('utf8').on('data', (text) => {
        this.#text += text;
        if (/^ready/m.test(this.#text)) resolve();
      });
    });
    this.#child.stdio[3].setEncoding('utf8').on('data', (text) => {
      this.#report += text;
    });
  }

  /** The number that follows the word `ready`: what the program calls itself, its process id. */
  get pid() {
    return Number(/^ready (\d+)/m.exec(this.#text)?.[1]);
  }

  /** The lines that it has printed. */
  get lines() {
    return this.#text.split('\n').filter((line) => line !== '');
  }

  /** Ends it, by a signal if it listens to nothing else, and tells what it found and cost. */
  async stop(signal) {
    this.#child.stdin.end();
    if (signal !== undefined) this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGTERM'), patienceMs);
    await this.#closed;
    clearTimeout(timer);
    const { code, signal: killer, ...cost } = JSON.parse(this.#report);
    const ended = killer !== 0 && signal === undefined ? `signal ${killer}` : code > 0 ? `exit code ${code}` : '';
    return { ...cost, ended, result: ended === '' ? resultOf(this.lines.at(-1)) : undefined };
  }
}

function resultOf(line) {
  return line?.startsWith('{') ? JSON.parse(line) : undefined;
}
