// SPDX-License-Identifier: MIT
// A mirror held against the kernel: by its snapshots, and by what its changes add up to.

import type { Host } from '../../lib/host/host.ts';
import { differences } from './comparison.ts';
import type { Lab } from './lab.ts';
import { Ledger } from './ledger.ts';
import { askKernel, comparable, nouns } from './oracle.ts';
import { until } from './until.ts';

/** How far a mirror may be behind a busy kernel, milliseconds. */
export const patienceMs = 5_000;

/** Holds one host of a lab against the kernel, from now on. */
export class Witness {
  readonly #lab: Lab;
  readonly #node: string;
  readonly #host: Host;
  readonly #ledger: Ledger;

  constructor(lab: Lab, node: string, host: Host) {
    this.#lab = lab;
    this.#node = node;
    this.#host = host;
    this.#ledger = new Ledger(host.snapshot());
    host.on('change', (change) => this.#ledger.apply(change));
  }

  /** What the mirror says otherwise than the kernel at this moment, over all tables; empty when nothing. */
  async disagreements(): Promise<string[]> {
    const kernel = await askKernel(this.#lab, this.#node);
    const snapshot = this.#host.snapshot();
    return nouns.flatMap((noun) =>
      differences(kernel[noun], comparable(noun, snapshot[noun])).map((line) => `${noun}: ${line}`),
    );
  }

  /**
   * Resolves when every table says the same as `ip`, and the changes told so far add up to the snapshot.
   * @param after what happened before, for the message where they never agree
   */
  async agreement(after: string, timeoutMs = patienceMs): Promise<void> {
    let last: string[] = [];
    const story = (whose: string) => `${whose} after\n  ${after}\n${last.slice(0, 40).join('\n')}\n`;
    const agree = async () => {
      last = await this.disagreements();
      return last.length === 0;
    };
    await until(() => story('the mirror to agree with the kernel'), agree, timeoutMs);
    const addUp = () => {
      last = this.#ledger.disagreements(this.#host.snapshot());
      return last.length === 0;
    };
    await until(() => story('the changes to add up to the snapshot'), addUp, timeoutMs);
  }
}
