// SPDX-License-Identifier: MIT
// A process that a lab runs in the foreground inside one of its nodes, with all that it starts itself: they are one
// process group, and are stopped as one.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { searchPath } from './requirements.ts';
import { until } from './until.ts';

/** How long a process may take to end after SIGTERM. */
const graceMs = 2_000;

export class Daemon {
  readonly child: ChildProcess;
  readonly #name: string;
  #output = '';
  /** Nobody of the group is left, so that its id may be another's. */
  #isGone = false;

  /** Starts a command with the network of the given namespace file; its process id is the command's own. */
  constructor(namespacePath: string, command: string, args: readonly string[]) {
    this.#name = command;
    this.child = spawn('nsenter', [`--net=${namespacePath}`, '--', command, ...args], {
      env: { ...process.env, PATH: searchPath },
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        this.#output += text;
      });
    }
    this.child.on('error', (error) => {
      this.#output += error.message;
    });
  }

  /** Everything it has written so far, on either stream. */
  get output(): string {
    return this.#output;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined;
  }

  /** What the pattern finds in its output, as soon as it is there; rejects where it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return until(
      () => `${this.#name} to say ${pattern}; it said: ${this.#output}`,
      () => {
        const found = pattern.exec(this.#output);
        if (!found && this.hasEnded) throw new Error(`${this.#name} ended early: ${this.#output}`);
        return found ?? undefined;
      },
    );
  }

  /** Asks it to end, and makes it end, and whatever it left behind. Safe twice. */
  async stop(): Promise<void> {
    if (!this.hasEnded) {
      const ended = once(this.child, 'exit');
      this.#signal('SIGTERM');
      const timer = setTimeout(() => this.#signal('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    }
    this.#signal('SIGKILL');
  }

  /** To the whole group; the id of a group is in use as long as one process of it lives. */
  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined || this.#isGone) return;
    try {
      process.kill(-pid, signal);
    } catch {
      this.#isGone = true;
    }
  }
}
