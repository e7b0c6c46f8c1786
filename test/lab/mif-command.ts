// SPDX-License-Identifier: MIT
// The command line program as another program meets it: a process with JSON lines on both ends.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Outcome, outcomeOf } from './command.ts';
import { searchPath } from './requirements.ts';
import { until } from './until.ts';

/** The built program. */
export const mifProgram = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A line of the program. What is in it is told by docs/api. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests is what a program without our types reads.
export type Line = Record<string, any>;

/** Words that start the program; a test may put `nsenter` and such before them. */
export type Launcher = readonly [command: string, ...args: string[]];

const launchHere: Launcher = [process.execPath, mifProgram];

/** Runs `mif` to its end. */
export function mif(args: readonly string[], launcher: Launcher = launchHere, input = ''): Promise<Outcome> {
  const [command, ...before] = launcher;
  return outcomeOf(command, [...before, ...args], input);
}

/** What `mif … --json` prints; rejects where its exit code is not 0. */
export async function mifJson(args: readonly string[], launcher?: Launcher): Promise<Line> {
  const { code, stdout, stderr } = await mif([...args, '--json'], launcher);
  if (code !== 0) throw new Error(`mif ${args.join(' ')}: exit ${code}: ${stderr}`);
  return JSON.parse(stdout) as Line;
}

/** A `mif` that goes on: `mif session`, `mif watch`. */
export class MifProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Every line so far, as written. */
  readonly lines: Line[] = [];
  #stderr = '';
  #read = 0;

  constructor(args: readonly string[], launcher: Launcher = launchHere) {
    const [command, ...before] = launcher;
    this.child = spawn(command, [...before, ...args], { env: { ...process.env, PATH: searchPath } });
    this.child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr += text;
    });
    this.child.stdin.on('error', () => {});
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line)));
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Writes a line: an object as JSON, text as it is. */
  post(request: object | string): void {
    this.child.stdin.write(`${typeof request === 'string' ? request : JSON.stringify(request)}\n`);
  }

  /** Reads on up to and including the first line that fits; lines read once are not read again. */
  async readUntil(what: string, fits: (line: Line) => boolean, timeoutMs?: number): Promise<Line[]> {
    const start = this.#read;
    return until(
      () =>
        `${what}; read since: ${this.lines
          .slice(start)
          .map((line) => JSON.stringify(line))
          .join('\n')}; ${this.#stderr}`,
      () => {
        while (this.#read < this.lines.length) {
          if (fits(this.lines[this.#read++]!)) return this.lines.slice(start, this.#read);
        }
        if (this.child.exitCode !== null) throw new Error(`mif ended with ${this.child.exitCode}: ${this.#stderr}`);
        return undefined;
      },
      timeoutMs,
    );
  }

  /** The first line that fits, from where reading stands. */
  async next(what: string, fits: (line: Line) => boolean, timeoutMs?: number): Promise<Line> {
    return (await this.readUntil(what, fits, timeoutMs)).at(-1)!;
  }

  /** Posts a request and reads its answers, up to the `enumeration-done` that ends them. */
  enumerate(request: { type: string } & Line): Promise<Line[]> {
    this.post(request);
    const ends = (line: Line) => line['type'] === 'enumeration-done' && line['request'] === request.type;
    return this.readUntil(`the end of ${JSON.stringify(request)}`, ends);
  }

  /** Ends its input, or sends it a signal, and waits for its end. */
  async end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const closed = once(child, 'close');
      if (signal) child.kill(signal);
      else child.stdin.end();
      await closed;
    }
    return child.exitCode ?? child.signalCode!;
  }
}
