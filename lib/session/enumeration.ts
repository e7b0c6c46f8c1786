// SPDX-License-Identifier: MIT
// Long lists in the queue, expanded one message at a time when they are read: what a subscription has at present
// (MIF-13, MIF-17, MIF-18), and what the subscriber believes in though it has gone (after an overrun, MIF-84). A list
// takes the room of one entry, whatever its length.

import type { EnumerationDone, MifMessage } from './message.ts';
import type { QueueEntry } from './queue.ts';
import { rank, type Subject } from './subject.ts';
import type { Subscription } from './subscription.ts';

type Tell = (subject: Subject) => MifMessage;

/** Steps through subjects; one that was looked at stays the first until it no longer qualifies. */
class Cursor {
  readonly #subjects: Iterator<Subject>;
  readonly #qualifies: (subject: Subject) => boolean;
  #held: Subject | undefined;

  constructor(subjects: Iterable<Subject>, qualifies: (subject: Subject) => boolean) {
    this.#subjects = subjects[Symbol.iterator]();
    this.#qualifies = qualifies;
  }

  first(): Subject | undefined {
    while (!this.#held || !this.#qualifies(this.#held)) {
      const step = this.#subjects.next();
      this.#held = step.done ? undefined : step.value;
      if (!this.#held) return undefined;
    }
    return this.#held;
  }
}

export interface EnumerationOptions {
  /** The moment of the request, in the subscriber's sequence. */
  readonly since: number;
  readonly isAnswer: boolean;
  /** Whether the subscriber knows `enumeration-done`. */
  readonly saysDone: boolean;
  /** False for what has been stopped since, where the rest of the request lives on (MIF-37). */
  readonly isWanted: (subject: Subject) => boolean;
  readonly tell: Tell;
}

/** The answer to an announce request: everything that was there when it was posted, then `enumeration-done`. */
export class Enumeration implements QueueEntry {
  readonly subscription: Subscription;
  /**
   * False for the first listing of a living subscription: what there is to subscribe to bounds these, and a program
   * that asks for every interface of a large host as it reads of it must not meet the limit.
   */
  isAnswer: boolean;
  readonly #since: number;
  readonly #isWanted: (subject: Subject) => boolean;
  readonly #tell: Tell;
  readonly #saysDone: boolean;
  #cursor: Cursor | undefined;
  #hasSaidAbsence = false;
  #isDone = false;

  constructor(subscription: Subscription, { since, isAnswer, saysDone, isWanted, tell }: EnumerationOptions) {
    this.subscription = subscription;
    this.isAnswer = isAnswer;
    this.#since = since;
    this.#saysDone = saysDone;
    this.#isWanted = isWanted;
    this.#tell = tell;
  }

  /** Whether it is still going to tell this subject, so that a change of it needs no entry of its own. */
  willTell(subject: Subject): boolean {
    return subject.current !== undefined && subject.bornAt <= this.#since && subject.toldAt <= this.#since;
  }

  hasMessage(): boolean {
    if (this.#isDone) return false;
    return this.#saysDone || this.#first() !== undefined || this.#absence() !== undefined;
  }

  take(): MifMessage {
    const subject = this.#first();
    if (subject) return this.#tell(subject);
    const absence = this.#absence();
    if (absence) {
      this.#hasSaidAbsence = true;
      return absence;
    }
    this.#isDone = true;
    return { type: 'enumeration-done', ...this.subscription.about, extension: true } satisfies EnumerationDone;
  }

  #absence(): MifMessage | undefined {
    return this.#hasSaidAbsence ? undefined : this.subscription.absence();
  }

  #first(): Subject | undefined {
    this.#cursor ??= new Cursor(
      this.subscription.subjects(),
      (subject) => this.willTell(subject) && this.#isWanted(subject),
    );
    return this.#cursor.first();
  }
}

/** What the subscriber believes in though it has gone: addresses, then elements, domains, interfaces (MIF-77). */
export class Departures implements QueueEntry {
  readonly isAnswer = false;
  readonly #tell: Tell;
  readonly #cursor: Cursor;

  /** @param hasOwnEntry - whether a subject waits in the queue by itself, behind this. */
  constructor(roots: () => Iterable<Subject>, hasOwnEntry: (subject: Subject) => boolean, tell: Tell) {
    this.#tell = tell;
    this.#cursor = new Cursor(
      deepestFirst(roots),
      (subject) => !subject.current && subject.told !== undefined && !hasOwnEntry(subject),
    );
  }

  hasMessage(): boolean {
    return this.#cursor.first() !== undefined;
  }

  take(): MifMessage {
    return this.#tell(this.#cursor.first()!);
  }
}

const lastFirst = Object.values(rank).reverse();

function* deepestFirst(roots: () => Iterable<Subject>): Generator<Subject> {
  for (const wanted of lastFirst) yield* ofRank(roots(), wanted);
}

function* ofRank(subjects: Iterable<Subject>, wanted: number): Generator<Subject> {
  for (const subject of subjects) {
    if (subject.rank === wanted) yield subject;
    else if (subject.rank < wanted) yield* ofRank(subject.contents(), wanted);
  }
}
