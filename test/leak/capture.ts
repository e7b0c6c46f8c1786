// SPDX-License-Identifier: MIT
// A capture of all that leaves a node of a lab, on every link that it has or gets: see program/capture.py.

import { fileURLToPath } from 'node:url';
import { Conversation } from '../lab/conversation.ts';
import type { Lab } from '../lab/lab.ts';
import { type Frame, readFrame } from './frame.ts';

interface Taken {
  /** Those from other links than the right ones, in their order. */
  strays: Frame[];
  /** How many left by the right ones. */
  right: number;
}

export class Capture {
  readonly #conversation: Conversation;

  private constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  static async of(lab: Lab, node: string): Promise<Capture> {
    const program = fileURLToPath(new URL('program/capture.py', import.meta.url));
    const capture = new Capture(new Conversation(['nsenter', `--net=${lab.path(node)}`, '--', 'python3', program]));
    // An answer shows that it sees, from now on.
    await capture.take([]);
    return capture;
  }

  /**
   * What has left since the last time.
   * @param right MAC addresses of the links that may be used: unlike names and numbers nobody inherits them
   */
  async take(right: readonly string[]): Promise<Taken> {
    const taken = await this.#conversation.ask(right);
    if (taken.dropped > 0) throw new Error(`the capture lost ${taken.dropped} frames, so it proves nothing`);
    const strays = (taken.strays as [link: string, hex: string][]).map(([link, hex]) => readFrame(link, hex));
    return { strays, right: taken.right };
  }

  end(): Promise<void> {
    return this.#conversation.end();
  }
}
