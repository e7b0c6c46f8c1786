// SPDX-License-Identifier: MIT
// What waits for one subscriber, in the order in which it is read (MIF-10). An announcement waits as its subject, so
// that it is in here once, however often it changed, and is worded when it is read (MIF-83). Everything else waits
// as an entry that gives one message or several. Knows no meaning of either; subscriber.ts does.

import type { MifMessage } from './message.ts';
import { Subject } from './subject.ts';

/** Something that gives messages, none or many, when it is read. */
export interface QueueEntry {
  /** Whether a message is left. One that has none is over and leaves the queue. */
  hasMessage(): boolean;
  /** The next message; call only after `hasMessage()`. */
  take(): MifMessage;
  /** Whether it answers a request and therefore counts against the limit of requests. */
  readonly isAnswer: boolean;
}

export class MessageQueue {
  // Sets keep the order of insertion, find an entry at once and let one leave from anywhere.
  readonly #entries = new Set<Subject | QueueEntry>();
  readonly #tell: (subject: Subject) => MifMessage;
  #announcements = 0;

  /** @param tell - words the message about a subject and takes the subject out of the queue. */
  constructor(tell: (subject: Subject) => MifMessage) {
    this.#tell = tell;
  }

  /** Subjects that wait. */
  get announcements(): number {
    return this.#announcements;
  }

  /** Everything that waits. */
  get size(): number {
    return this.#entries.size;
  }

  /** Answers to requests that wait. Looks at every entry. */
  countAnswers(): number {
    let answers = 0;
    for (const entry of this.#entries) if (!(entry instanceof Subject) && entry.isAnswer) answers += 1;
    return answers;
  }

  has(entry: Subject | QueueEntry): boolean {
    return this.#entries.has(entry);
  }

  /** Puts an entry at the end; one that waits already keeps its place. */
  add(entry: Subject | QueueEntry): void {
    if (this.#entries.has(entry)) return;
    this.#entries.add(entry);
    if (entry instanceof Subject) this.#announcements += 1;
  }

  remove(entry: Subject | QueueEntry): void {
    if (this.#entries.delete(entry) && entry instanceof Subject) this.#announcements -= 1;
  }

  removeWhere(isOver: (entry: Subject | QueueEntry) => boolean): void {
    for (const entry of this.#entries) if (isOver(entry)) this.remove(entry);
  }

  /** Whether `next()` would return a message. */
  isReadable(): boolean {
    return this.#first() !== undefined;
  }

  next(): MifMessage | undefined {
    const first = this.#first();
    if (first === undefined) return undefined;
    if (first instanceof Subject) return this.#tell(first);
    const message = first.take();
    if (!first.hasMessage()) this.remove(first);
    return message;
  }

  clear(): void {
    this.#entries.clear();
    this.#announcements = 0;
  }

  #first(): Subject | QueueEntry | undefined {
    for (const entry of this.#entries) {
      if (entry instanceof Subject || entry.hasMessage()) return entry;
      this.remove(entry);
    }
    return undefined;
  }
}

/** One message. */
export class Reply implements QueueEntry {
  readonly isAnswer = true;
  readonly #message: MifMessage;
  readonly #onRead: (() => void) | undefined;
  #isRead = false;

  /** @param onRead - called when the message is read; not when it is dropped. */
  constructor(message: MifMessage, onRead?: () => void) {
    this.#message = message;
    this.#onRead = onRead;
  }

  hasMessage(): boolean {
    return !this.#isRead;
  }

  take(): MifMessage {
    this.#isRead = true;
    this.#onRead?.();
    return this.#message;
  }
}
