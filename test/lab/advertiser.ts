// SPDX-License-Identifier: MIT
// A router that says anything: advertiser.py in a node of a lab.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Daemon } from './daemon.ts';
import type { Lab } from './lab.ts';
import { until } from './until.ts';

const program = fileURLToPath(new URL('advertiser.py', import.meta.url));

/** How a message is sent. */
export interface Sending {
  /** Its source; default `fe80::a:1`. */
  router?: string;
  /** Hop limit; default 255. */
  hops?: number;
  /** Default: the right one. */
  checksum?: number;
  /** Sent once of each of so many routers that do not exist. */
  routers?: number;
}

export class Advertiser {
  readonly #daemon: Daemon;
  #orders = 0;

  private constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  static async start(lab: Lab, node: string, interfaceName: string): Promise<Advertiser> {
    return new Advertiser(await lab.daemon(node, 'python3', [program, interfaceName], /ready/));
  }

  /** Resolves when it has been sent. */
  async send(message: Uint8Array, sending: Sending = {}): Promise<void> {
    this.#daemon.child.stdin?.write(order(message, sending));
    const wanted = ++this.#orders;
    await until('the advertisement to be sent', () => this.#daemon.output.split('sent').length > wanted, 60_000);
  }

  /** Sends it while this process does nothing else, so that nothing is received meanwhile. */
  static sendBlocking(lab: Lab, node: string, interfaceName: string, message: Uint8Array, sending: Sending): void {
    const command = [`--net=${lab.path(node)}`, '--', 'python3', program, interfaceName];
    execFileSync('nsenter', command, { input: order(message, sending), timeout: 60_000 });
  }
}

function order(message: Uint8Array, sending: Sending): string {
  return `${JSON.stringify({ message: Buffer.from(message).toString('hex'), router: 'fe80::a:1', ...sending })}\n`;
}
