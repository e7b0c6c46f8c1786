// SPDX-License-Identifier: MIT
// One subscriber of the MIF API: what it asked for, what it was told, what waits for it, what it connects
// (draft-ietf-mif-api-extension-05 sec. 3.2.7). Knows no promise and no event loop; session.ts puts these around it.

import type { Socket } from 'node:net';
import { MifError } from '../binding/mif-error.ts';
import type { HostChange } from '../snapshot/change.ts';
import { Announcements } from './announcements.ts';
import { Connections } from './connection.ts';
import type { MifMessage } from './message.ts';
import type { SessionNetwork, TakeOptions } from './network.ts';
import { Picture } from './picture.ts';
import { PvdChoice } from './pvd-choice.ts';
import { MessageQueue, type QueueEntry, Reply } from './queue.ts';
import { handleRequest } from './request-table.ts';
import { Sequence } from './sequence.ts';
import { PvdSubject } from './subject.ts';
import { Translations } from './translation.ts';

/** Requests that may be without their answer, or their answer unread (MIF-83). */
const requestLimit = 256;

export interface SubscriberOptions {
  /** Announcements that may wait unread. */
  queueLimit: number;
  /** Whether messages that are not the draft's are posted and delivered. */
  extensions: boolean;
  /** Called when a message has become readable; may be called for nothing. */
  onReadable: () => void;
  /** Called when the network ended by itself. */
  onEnd: (error: Error | undefined) => void;
}

export class Subscriber {
  readonly network: SessionNetwork;
  readonly extensions: boolean;
  readonly picture: Picture;
  readonly announcements: Announcements;
  readonly connections: Connections;
  readonly translations: Translations;
  readonly pvdChoice: PvdChoice;
  readonly #queue: MessageQueue;
  readonly #onReadable: () => void;
  readonly #unsubscribe: () => void;

  constructor(network: SessionNetwork, options: SubscriberOptions) {
    this.network = network;
    this.extensions = options.extensions;
    this.#onReadable = options.onReadable;
    const sequence = new Sequence();
    this.picture = new Picture(network.snapshot(), sequence, (id) => network.intentOf?.(id));
    this.#queue = new MessageQueue((subject) => this.announcements.tell(subject));
    this.announcements = new Announcements({
      picture: this.picture,
      queue: this.#queue,
      sequence,
      now: () => network.now(),
      limit: options.queueLimit,
      saysExtensions: options.extensions,
    });
    this.connections = new Connections(network, {
      add: (message, onRead) => this.#addReply(message, onRead),
      remove: (entry) => this.#queue.remove(entry),
    });
    const entries = {
      add: (entry: QueueEntry) => this.#addEntry(entry),
      remove: (entry: QueueEntry) => this.#queue.remove(entry),
    };
    this.translations = new Translations(network, entries, { saysExtensions: options.extensions });
    this.pvdChoice = new PvdChoice(this.picture, () => network.defaultPvd?.());
    this.#unsubscribe = network.subscribe({
      changed: (change) => this.#apply(change),
      intentChanged: (interfaceId) => {
        this.announcements.applyIntent(interfaceId);
        this.#notify();
      },
      closed: options.onEnd,
    });
  }

  /** POST MESSAGE. Throws what MIF-08 calls `invalid`, `duplicate-id` and `limit`. */
  post(request: unknown): void {
    handleRequest(this, request);
    this.#notify();
  }

  /** GET MESSAGE. */
  get(): MifMessage | undefined {
    return this.#queue.next();
  }

  /** Whether `get()` would return a message. */
  isReadable(): boolean {
    return this.#queue.isReadable();
  }

  take(token: string, options: TakeOptions | undefined): Socket {
    return this.connections.take(token, options);
  }

  /** Queues an answer. A subscriber of the draft's own messages gets only these. */
  answer(message: MifMessage): void {
    if ('extension' in message && !this.extensions) return;
    this.#addReply(message);
  }

  /** Makes sure that one more request may be owed an answer; throws otherwise. Call before anything takes effect. */
  reserve(type: string): void {
    const underWay = this.connections.trying + this.translations.size;
    if (this.#queue.size + underWay < requestLimit || this.#queue.countAnswers() + underWay < requestLimit) return;
    throw new MifError('ERR_MIF_QUEUE_FULL', `${type}: ${requestLimit} requests are without a read answer`, {
      hint: 'Read messages before posting more.',
    });
  }

  /** Ends everything: nothing outlives the subscriber (MIF-12). Safe twice. */
  close(): void {
    this.#unsubscribe();
    this.connections.close();
    this.translations.close();
    this.#queue.clear();
  }

  #apply(change: HostChange): void {
    const { departed, ended } = this.announcements.apply(change);
    for (const handle of ended) {
      this.connections.endPvd(handle);
      this.translations.endPvd(handle);
    }
    for (const subject of departed) {
      if (subject instanceof PvdSubject) this.connections.endPvdOn(subject.reference.handle, subject.parent.id);
    }
    this.#notify();
  }

  #addReply(message: MifMessage, onRead?: () => void): QueueEntry {
    const reply = new Reply(message, onRead);
    this.#addEntry(reply);
    return reply;
  }

  #addEntry(entry: QueueEntry): void {
    this.#queue.add(entry);
    // Outcomes come at any time, not only while a request or a change is worked on.
    this.#onReadable();
  }

  #notify(): void {
    if (this.#queue.isReadable()) this.#onReadable();
  }
}
