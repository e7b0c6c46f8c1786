// SPDX-License-Identifier: MIT
// Tells the play: to people as a dialogue, live; to programs as one object a step. Both are told the same.

import type { MifMessage } from '../../session/message.ts';
import type { MifRequest } from '../../session/request.ts';
import { errorText, isReportable } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { padEnd, printable, type Style } from '../style.ts';
import { tellMessage } from './telling.ts';

/** A step that did not do what it says. The play ends there. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
}

export interface Narrator {
  begin(title: string): void;
  posted(request: MifRequest): void;
  received(message: MifMessage): void;
  /** What else happens, and what is seen. */
  note(text: string): void;
  /** Something that was checked and holds. */
  proved(text: string): void;
  /** Ends the step; `error` when it failed. */
  end(elapsedMs: number, error?: Error): void;
  /** Ends the play. `steps` were to be played. */
  summary(outcome: { steps: number; passed: number; elapsedMs: number; interrupted: boolean }): void;
}

export class PeopleNarrator implements Narrator {
  readonly #output: Output;
  readonly #style: Style;
  #step = 0;

  constructor(output: Output, style: Style) {
    this.#output = output;
    this.#style = style;
  }

  begin(title: string): void {
    this.#step++;
    this.#line(`\n${this.#style.bold(`${String(this.#step).padStart(2)}  ${title}`)}`);
  }

  posted(request: MifRequest): void {
    this.#line(`    ${this.#style.cyan('→')} ${this.#message(request)}`);
  }

  received(message: MifMessage): void {
    this.#line(`    ${this.#style.yellow('←')} ${this.#message(message)}`);
  }

  note(text: string): void {
    this.#line(`      ${this.#style.dim(printable(text))}`);
  }

  proved(text: string): void {
    this.#line(`    ${this.#style.green('✓')} ${printable(text)}`);
  }

  end(_elapsedMs: number, error?: Error): void {
    if (!error) return;
    this.#line(`    ${this.#style.red('✗')} ${printable(error.message)}`);
    if (isReportable(error) && error.hint !== undefined) this.note(error.hint);
  }

  summary({ steps, passed, elapsedMs, interrupted }: Parameters<Narrator['summary']>[0]): void {
    const time = `${(elapsedMs / 1000).toFixed(1)} s`;
    if (passed === steps)
      this.#line(`\n${this.#style.green('✓')} ${steps} steps, all as they should be, in ${time}; the lab is gone`);
    else
      this.#line(
        `\n${this.#style.red('✗')} ${passed} of ${steps} steps in ${time}${interrupted ? ', interrupted' : ''}; the lab is gone`,
      );
  }

  #message(message: MifRequest | MifMessage): string {
    const { type, facts } = tellMessage(message);
    return printable(facts === '' ? type : `${padEnd(type, 35)} `) + this.#style.dim(printable(facts));
  }

  #line(text: string): void {
    void this.#output.line(text);
  }
}

export class ProgramNarrator implements Narrator {
  readonly #output: Output;
  #step = 0;
  #title = '';
  #messages: object[] = [];
  #notes: string[] = [];
  #proved: string[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  begin(title: string): void {
    this.#step++;
    this.#title = title;
    this.#messages = [];
    this.#notes = [];
    this.#proved = [];
  }

  posted(request: MifRequest): void {
    this.#messages.push({ posted: request });
  }

  received(message: MifMessage): void {
    this.#messages.push({ received: message });
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  proved(text: string): void {
    this.#proved.push(text);
  }

  end(elapsedMs: number, error?: Error): void {
    this.#object({
      step: this.#step,
      title: this.#title,
      ok: error === undefined,
      elapsedMs: Math.round(elapsedMs),
      messages: this.#messages,
      notes: this.#notes,
      proved: this.#proved,
      ...(error && { error: isReportable(error) ? errorText(error) : { message: error.message } }),
    });
  }

  summary({ steps, passed, elapsedMs, interrupted }: Parameters<Narrator['summary']>[0]): void {
    this.#object({ summary: { ok: passed === steps, steps, passed, interrupted, elapsedMs: Math.round(elapsedMs) } });
  }

  #object(value: object): void {
    void this.#output.line(JSON.stringify(value));
  }
}
