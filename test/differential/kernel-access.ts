// SPDX-License-Identifier: MIT
// The kernel's side of a trial: changes it, and looks at it when it stands still (kernel-access.py).

import { fileURLToPath } from 'node:url';
import { entriesOf, type IpEntry, type Lab } from '../lab/lab.ts';
import { type KernelView, questions, viewOf } from '../lab/oracle.ts';
import { Conversation } from '../lab/conversation.ts';

const program = fileURLToPath(new URL('kernel-access.py', import.meta.url));

/** All tables at a moment. */
export interface KernelLook {
  /** Equal for equal tables, but for what runs with the clock. */
  print: string;
  view: KernelView;
}

export class KernelAccess {
  readonly #conversation: Conversation;
  readonly #answers: IpEntry[][] = questions.map(() => []);

  constructor(lab: Lab, node: string) {
    this.#conversation = new Conversation(['nsenter', `--net=${lab.path(node)}`, '--', 'python3', program]);
    this.#conversation.say(questions);
  }

  /** Runs `ip` with these arguments; whether the kernel accepted. */
  async run(command: string): Promise<boolean> {
    const [{ code }] = await this.#conversation.ask({ run: [command] });
    return code === 0;
  }

  /** Runs many commands by one `ip -batch`. */
  async batch(commands: readonly string[]): Promise<void> {
    const { code, error } = await this.#conversation.ask({ batch: commands });
    if (code !== 0) throw new Error(`ip -batch: ${error}`);
  }

  async look(): Promise<KernelLook> {
    const { print, answers } = await this.#conversation.ask({ look: null });
    for (const [n, text] of Object.entries<string>(answers)) this.#answers[Number(n)] = entriesOf(text);
    return { print, view: viewOf(this.#answers) };
  }

  /**
   * Sends messages, hexadecimal, from a process to all sockets that listen to the kernel.
   * @returns how many were sent
   */
  forge(messages: readonly string[]): Promise<number> {
    return this.#conversation.ask({ forge: messages });
  }

  end(): Promise<void> {
    return this.#conversation.end();
  }
}
