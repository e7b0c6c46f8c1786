// SPDX-License-Identifier: MIT
// The subscriber of the play: posts, checks and gets, and lets the narrator hear all of it.

import type { MifMessage } from '../../session/message.ts';
import type { MifRequest } from '../../session/request.ts';
import type { MifSession } from '../../session/session.ts';
import { type Narrator, StepFailure } from './narrator.ts';

/** Longer than anything here takes on a slow machine; a step fails after it. */
const patienceMs = 5000;

type MessageOf<Type extends MifMessage['type']> = Extract<MifMessage, { type: Type }>;

export class Dialogue {
  readonly #session: MifSession;
  readonly #narrator: Narrator;
  readonly #stop: AbortSignal;
  #heard: MifMessage[] = [];

  constructor(session: MifSession, narrator: Narrator, stop: AbortSignal) {
    this.#session = session;
    this.#narrator = narrator;
    this.#stop = stop;
  }

  post(request: MifRequest): void {
    this.#narrator.posted(request);
    this.#session.post(request);
  }

  /** Everything heard since the step began, in order. */
  get heard(): readonly MifMessage[] {
    return this.#heard;
  }

  /** Starts a new step. */
  forget(): void {
    this.#heard = [];
  }

  /** Resolves with a message of a type, heard already or yet to come in this step, that fits. */
  hear<Type extends MifMessage['type']>(
    type: Type,
    fits: (message: MessageOf<Type>) => boolean = () => true,
  ): Promise<MessageOf<Type>> {
    const isIt = (message: MifMessage): message is MessageOf<Type> =>
      message.type === type && fits(message as MessageOf<Type>);
    return this.until(`a fitting ${type}`, () => this.#heard.find(isIt));
  }

  /** Resolves with the outcome of a connection (MIF-59). */
  outcome(connectionId: string): Promise<MessageOf<'connected' | 'not-connected'>> {
    return this.until(`the outcome of ${connectionId}`, () =>
      this.#heard.find(
        (message): message is MessageOf<'connected' | 'not-connected'> =>
          (message.type === 'connected' || message.type === 'not-connected') && message.connectionId === connectionId,
      ),
    );
  }

  /** Reads messages until `find` finds something. */
  async until<T>(what: string, find: () => T | undefined): Promise<T> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      const message = this.#session.get();
      if (message !== undefined) {
        this.#heard.push(message);
        this.#narrator.received(message);
        continue;
      }
      const timeout = deadline - performance.now();
      if (timeout <= 0) throw new StepFailure(`waited ${patienceMs / 1000} s in vain for ${what}`);
      await this.#session.check({ timeout, signal: this.#stop });
    }
  }
}
