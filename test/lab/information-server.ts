// SPDX-License-Identifier: MIT
// A server that says of networks what a test wants: information-server.mjs in a node of a lab.

import { fileURLToPath } from 'node:url';
import type { Daemon } from './daemon.ts';
import type { Lab } from './lab.ts';
import { until } from './until.ts';

const program = fileURLToPath(new URL('information-server.mjs', import.meta.url));

/** What is said at a path; 404 elsewhere. */
export interface Said {
  status?: number;
  type?: string;
  location?: string;
  body?: unknown;
  /** Octets of nothing behind the body. */
  size?: number;
  /** Never ends. */
  stall?: boolean;
}

export interface Heard {
  path: string;
  headers: Record<string, string>;
  peer: string;
}

export class InformationServer {
  readonly #daemon: Daemon;

  private constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  static async start(lab: Lab, node: string): Promise<InformationServer> {
    return new InformationServer(await lab.daemon(node, process.execPath, [program], /"certificate"/));
  }

  /** What it proves itself with: server.test and other.test. */
  get certificate(): string {
    return this.#lines.flatMap(({ certificate }) => certificate ?? [])[0] as string;
  }

  /** Says this from now on, and nothing of before. */
  async say(answers: Record<string, Said>): Promise<void> {
    const heard = () => this.#lines.filter((line) => line['answers'] !== undefined).length;
    const before = heard();
    this.#daemon.child.stdin?.write(`${JSON.stringify(answers)}\n`);
    await until('the server to have heard', () => heard() > before);
  }

  /** Requests so far. */
  get requests(): Heard[] {
    return this.#lines.filter((line) => line['path'] !== undefined) as never[];
  }

  /** Clients that ended TLS before it was set up. */
  get refusals(): number {
    return this.#lines.filter((line) => line['refused'] !== undefined).length;
  }

  get #lines(): Record<string, unknown>[] {
    return this.#daemon.output.split('\n').flatMap((line) => (line.startsWith('{') ? JSON.parse(line) : []));
  }
}
