// SPDX-License-Identifier: MIT
// A process that is asked in lines of JSON and answers in lines of JSON, in order. What it says unasked is told apart by
// its key `told`.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { searchPath } from './requirements.ts';
import { until } from './until.ts';

/** What a line says; the two ends of a conversation know what is in it. */
// biome-ignore lint/suspicious/noExplicitAny: each end has a shape of its own.
export type Line = any;

interface Waiting {
  read: (answer: Line) => void;
  reject: (error: Error) => void;
}

export class Conversation {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  #stderr = '';

  /** @param told takes what is said unasked, before the answers that follow it */
  constructor([command, ...args]: readonly [string, ...string[]], told: (line: Line) => void = () => {}) {
    this.#child = spawn(command, args, { env: { ...process.env, PATH: searchPath } });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr += text;
    });
    this.#child.stdin.on('error', () => {});
    this.#child.on('error', (error) => this.#fail(error));
    this.#child.on('close', () => this.#fail(new Error(`${command} ${args.join(' ')} has ended: ${this.#stderr}`)));
    createInterface({ input: this.#child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (line !== null && typeof line === 'object' && 'told' in line) told(line.told);
      else this.#waiting.shift()?.read(line);
    });
  }

  /** @param read makes of the answer what is wanted, before anything that was said after it is told */
  ask<T = Line>(question: unknown, read: (answer: Line) => T = (answer) => answer): Promise<T> {
    if (this.#hasEnded) return Promise.reject(new Error(`nobody is there to answer: ${this.#stderr}`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ read: (answer) => resolve(read(answer)), reject });
      this.say(question);
    });
  }

  /** What needs no answer. */
  say(statement: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(statement)}\n`);
  }

  /** Stops it where it is; resolves when each of its threads stands still, which on a busy machine takes a while. */
  async suspend(): Promise<void> {
    this.#child.kill('SIGSTOP');
    const tasks = `/proc/${this.#child.pid}/task`;
    // The state is the first word behind the name, which is in brackets (proc_pid_stat(5)).
    const isStopped = (task: string) => /.*\) T/.test(readFileSync(`${tasks}/${task}/stat`, 'utf8'));
    await until('the process to stop', () => readdirSync(tasks).every(isStopped));
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Ends its input and waits for its end; makes it end where it takes longer than that of a program at rest. */
  async end(graceMs = 3_000): Promise<void> {
    if (this.#hasEnded) return;
    const closed = once(this.#child, 'close');
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await closed;
    clearTimeout(timer);
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
