// SPDX-License-Identifier: MIT
// The client's side of a connection to the echo server: lines there, lines back.

import type { Socket } from 'node:net';
import { StepFailure } from './narrator.ts';

/** What the server says first. */
export interface Greeting {
  /** Address that it sees. */
  you: string;
  port: number;
}

const patienceMs = 5000;

export class Conversation {
  readonly #socket: Socket;
  #pending = '';
  #arrived: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    // Whether a connection still answers is found by asking; an error alone says nothing more.
    socket.on('error', () => {});
    socket.on('data', (text: string) => {
      this.#pending += text;
      this.#arrived();
    });
  }

  async greeting(): Promise<Greeting> {
    const line = await this.#line(patienceMs);
    if (line === undefined) throw new StepFailure('the server did not greet');
    return JSON.parse(line) as Greeting;
  }

  /** Sends a text and resolves with the milliseconds until it was back, undefined when it did not come in time. */
  async ask(text: string, withinMs: number = patienceMs): Promise<number | undefined> {
    const begin = performance.now();
    this.#socket.write(`${text}\n`);
    const line = await this.#line(withinMs);
    if (line === undefined) return undefined;
    if (line !== text) throw new StepFailure('the server sent back something else than it got');
    return performance.now() - begin;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #line(withinMs: number): Promise<string | undefined> {
    const late = Symbol();
    const { promise, timer } = timeout(withinMs, late);
    try {
      for (;;) {
        const end = this.#pending.indexOf('\n');
        if (end >= 0) {
          const line = this.#pending.slice(0, end);
          this.#pending = this.#pending.slice(end + 1);
          return line;
        }
        const arrival = new Promise<void>((resolve) => {
          this.#arrived = resolve;
        });
        if ((await Promise.race([arrival, promise])) === late) return undefined;
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

function timeout<T>(ms: number, value: T): { promise: Promise<T>; timer: NodeJS.Timeout } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, ms, value);
  });
  return { promise, timer: timer! };
}
