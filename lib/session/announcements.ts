// SPDX-License-Identifier: MIT
// Which news of the network waits for a subscriber, and in what order it is told. Nothing is copied into the queue:
// a subject waits there while what is true of it differs from what was told, so that the newest state wins, an unread
// appearance and its end annihilate, and a farewell to something known is never lost (MIF-83).

import { elementOrder } from '../pvd/element.ts';
import type { HostChange } from '../snapshot/change.ts';
import { Departures, Enumeration } from './enumeration.ts';
import type { MifMessage } from './message.ts';
import type { Picture, PictureChange } from './picture.ts';
import type { MessageQueue, QueueEntry } from './queue.ts';
import type { Sequence } from './sequence.ts';
import { InterfaceSubject, Subject, topic } from './subject.ts';
import type { Subscription } from './subscription.ts';

export interface AnnouncementOptions {
  picture: Picture;
  queue: MessageQueue;
  sequence: Sequence;
  now: () => number;
  /** Announcements that may wait unread (MIF-83). */
  limit: number;
  /** Whether the subscriber knows `enumeration-done` and `overrun`. */
  saysExtensions: boolean;
}

export class Announcements {
  readonly #picture: Picture;
  readonly #queue: MessageQueue;
  readonly #sequence: Sequence;
  readonly #now: () => number;
  readonly #limit: number;
  readonly #saysExtensions: boolean;
  readonly #subscriptions = new Map<string, Subscription>();
  /** The latest listing of each subscription, by topic; it may be over. */
  readonly #listings = new Map<string, Enumeration>();
  #overrun: OverrunNotice | undefined;

  constructor(options: AnnouncementOptions) {
    this.#picture = options.picture;
    this.#queue = options.queue;
    this.#sequence = options.sequence;
    this.#now = options.now;
    this.#limit = options.limit;
    this.#saysExtensions = options.saysExtensions;
  }

  /** Whether a request for some of these topics would be a repetition of one whose listing is still unread. */
  isListing(topics: readonly string[]): boolean {
    return topics.some((name) => {
      const listing = this.#listings.get(name);
      return listing !== undefined && this.#queue.has(listing);
    });
  }

  /** Lists what there is, and tells what changes from now on. Again: lists again, and changes are still told once (MIF-18). */
  subscribe(subscription: Subscription): void {
    const isRepetition = this.isListing(subscription.topics);
    for (const name of subscription.topics) this.#subscriptions.set(name, subscription);
    this.#list(subscription, isRepetition);
  }

  /**
   * Ends subscriptions, purges what is unread of them, and forgets that it was told (MIF-16).
   * @param isMeant - also asked of subscriptions that ended by themselves and whose messages are unread.
   * @param subjects - what was told under them.
   */
  unsubscribe(isMeant: (subscription: Subscription, topicName: string) => boolean, subjects: Iterable<Subject>): void {
    for (const [name, subscription] of this.#subscriptions) if (isMeant(subscription, name)) this.#end(name);
    // A request of several topics has its list as long as one of them is left.
    this.#queue.removeWhere((entry) => {
      if (!(entry instanceof Enumeration)) return false;
      const { subscription } = entry;
      const isOver = (name: string) => isMeant(subscription, name);
      return (
        subscription.topics.some(isOver) &&
        subscription.topics.every((name) => isOver(name) || !this.#subscriptions.has(name))
      );
    });
    for (const subject of subjects) {
      if (this.#isWanted(subject)) continue;
      subject.told = undefined;
      this.#queue.remove(subject);
      subject.prune();
    }
  }

  /** Takes one change in; all its messages are readable afterwards, or none was before (MIF-81). */
  apply(change: HostChange): PictureChange {
    const result = this.#picture.apply(change, this.#now());
    for (const subject of result.departed) this.#consider(subject);
    // MIF-24, MIF-78: a subscription ends with what it was about. Its last messages wait in the queue.
    for (const subject of result.departed) {
      if (subject instanceof InterfaceSubject) this.#end(topic.pvdsOn(subject.id));
    }
    for (const handle of result.ended) {
      this.#end(topic.addressesOf(handle));
      this.#end(topic.elementsOf(handle));
      for (const type of elementOrder) this.#end(topic.elementOf(handle, type));
    }
    for (const subject of result.arrived) this.#consider(subject);
    for (const subject of result.departed) subject.prune();
    if (this.#queue.announcements > this.#limit) this.#startOver();
    return result;
  }

  /** Words the next message about a subject, or first about what has to be told before it (MIF-77). */
  tell(subject: Subject): MifMessage {
    const next = (subject.current && subject.precursor) ?? this.#outermostUntold(subject);
    const message = next.message(this.#now());
    next.settle(this.#sequence.next());
    this.#queue.remove(next);
    next.prune();
    return message;
  }

  #consider(subject: Subject): void {
    if (!this.#isWanted(subject)) return;
    if (!subject.hasNews(this.#now())) {
      this.#queue.remove(subject);
    } else if (!subject.current) {
      // At the end, so that it stands behind the farewells of what it contained.
      this.#queue.remove(subject);
      this.#queue.add(subject);
    } else if (!this.#willBeListed(subject)) {
      this.#queue.add(subject);
    }
  }

  #isWanted(subject: Subject): boolean {
    return subject.topics.some((name) => this.#subscriptions.has(name));
  }

  #willBeListed(subject: Subject): boolean {
    return subject.topics.some((name) => {
      const listing = this.#listings.get(name);
      return listing !== undefined && this.#queue.has(listing) && listing.willTell(subject);
    });
  }

  #outermostUntold(subject: Subject): Subject {
    let outermost = subject;
    if (!subject.current) return outermost;
    for (let outer = subject.parent; outer; outer = outer.parent) {
      if (outer.current && !outer.told && this.#isWanted(outer)) outermost = outer;
    }
    return outermost;
  }

  #list(subscription: Subscription, isAnswer: boolean): void {
    const listing = new Enumeration(subscription, {
      since: this.#sequence.next(),
      isAnswer,
      saysDone: this.#saysExtensions,
      isWanted: (subject) => this.#isWanted(subject),
      tell: (subject) => this.tell(subject),
    });
    for (const name of subscription.topics) {
      // One that is still unread is another request's, which #end will not find any more.
      const replaced = this.#listings.get(name);
      if (replaced) replaced.isAnswer = true;
      this.#listings.set(name, listing);
    }
    this.#queue.add(listing);
  }

  #end(topicName: string): void {
    this.#subscriptions.delete(topicName);
    const listing = this.#listings.get(topicName);
    // Its request is still owed an end (MIF-80), and nothing that lives bounds it any more.
    if (listing) listing.isAnswer = true;
    this.#listings.delete(topicName);
  }

  /** MIF-84: nobody reads. What waits is replaced by its meaning: what has gone, then everything there is. */
  #startOver(): void {
    const unread = this.#overrun && this.#queue.has(this.#overrun) ? this.#overrun.dropped : 0;
    const dropped = unread + this.#queue.announcements;
    this.#queue.removeWhere((entry) => entry instanceof Subject || !entry.isAnswer);
    if (this.#saysExtensions) {
      this.#overrun = new OverrunNotice(dropped);
      this.#queue.add(this.#overrun);
    }
    this.#queue.add(
      new Departures(
        () => this.#picture.interfaces.values(),
        (subject) => this.#queue.has(subject),
        (subject) => this.tell(subject),
      ),
    );
    const subscriptions = [...new Set(this.#subscriptions.values())].sort((a, b) => a.depth - b.depth);
    for (const subscription of subscriptions) this.#list(subscription, false);
  }
}

/** Says that announcements were dropped; itself dropped when more are before it is read. */
class OverrunNotice implements QueueEntry {
  readonly isAnswer = false;
  readonly dropped: number;
  #isRead = false;

  constructor(dropped: number) {
    this.dropped = dropped;
  }

  hasMessage(): boolean {
    return !this.#isRead;
  }

  take(): MifMessage {
    this.#isRead = true;
    return { type: 'overrun', dropped: this.dropped, extension: true };
  }
}
