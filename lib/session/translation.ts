// SPDX-License-Identifier: MIT
// The translations of names of one subscriber, from the request until its end is read
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.18 to .20). Asks nobody itself.

import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { MifMessage, TranslationStatus } from './message.ts';
import type { SessionNetwork, TranslationOutcome } from './network.ts';
import type { QueueEntry } from './queue.ts';
import type { PvdReference } from './reference.ts';

export type TranslationId = string | number;

export interface TranslationOrder {
  readonly translationId: TranslationId;
  readonly name: string;
  readonly pvd: ProvisioningDomain;
  /** Each is asked for on its own. */
  readonly families: readonly (4 | 6)[];
}

/** What a server says at most for one name; more are no choice but a burden. */
const mostResults = 256;

export class Translations {
  readonly #network: SessionNetwork;
  readonly #parts: TranslationParts;
  readonly #byId = new Map<TranslationId, Translation>();

  constructor(network: SessionNetwork, queue: EntryQueue, { saysExtensions }: { saysExtensions: boolean }) {
    this.#network = network;
    this.#parts = { queue, saysExtensions, ended: (id) => this.#byId.delete(id) };
  }

  /** Those that are under way, or whose messages are not all read. */
  get size(): number {
    return this.#byId.size;
  }

  /** Whether an id still names one (MIF-53). */
  has(id: TranslationId): boolean {
    return this.#byId.has(id);
  }

  /** The id must be free. */
  start(order: TranslationOrder): void {
    const { translationId, pvd } = order;
    const translation = new Translation(translationId, this.#parts, pvd);
    this.#byId.set(translationId, translation);
    translation.begin(this.#network, order);
  }

  /** Ends a request that nobody can be asked for. The id must be free. */
  refuse(translationId: TranslationId, status: TranslationStatus): void {
    const translation = new Translation(translationId, this.#parts);
    this.#byId.set(translationId, translation);
    translation.end(status);
  }

  /** No message of it is read any more (MIF-51). */
  stop(id: TranslationId): void {
    this.#byId.get(id)?.abandon();
    this.#byId.delete(id);
  }

  /** Ends those in a domain that has gone. */
  endPvd(handle: string): void {
    for (const translation of this.#byId.values()) {
      if (translation.pvd?.handle === handle) translation.end('cancelled-pvd-gone');
    }
  }

  close(): void {
    for (const translation of this.#byId.values()) translation.abandon();
    this.#byId.clear();
  }
}

export interface EntryQueue {
  add(entry: QueueEntry): void;
  remove(entry: QueueEntry): void;
}

interface TranslationParts {
  readonly queue: EntryQueue;
  readonly saysExtensions: boolean;
  ended(id: TranslationId): void;
}

/** One name: its addresses as they come, then its end. */
class Translation implements QueueEntry {
  // It counts as long as it is under way, not only while something of it waits.
  readonly isAnswer = false;
  readonly pvd: PvdReference | undefined;
  readonly #id: TranslationId;
  readonly #parts: TranslationParts;
  readonly #waiting: MifMessage[] = [];
  readonly #known = new Set<string>();
  #questions: { cancel(): void }[] = [];
  #open = 0;
  #status: TranslationStatus = 'no-name';
  #isOver = false;

  constructor(id: TranslationId, parts: TranslationParts, pvd?: PvdReference) {
    this.#id = id;
    this.#parts = parts;
    this.pvd = pvd && { handle: pvd.handle, id: pvd.id };
  }

  begin(network: SessionNetwork, { name, pvd, families }: TranslationOrder): void {
    if (network.translate === undefined) {
      this.end('no-data');
      return;
    }
    const asked = [...new Set(families)];
    this.#open = asked.length;
    this.#questions = asked.map((family) =>
      network.translate!({ pvd, name, family }, (outcome) => this.#settle(family, outcome)),
    );
  }

  hasMessage(): boolean {
    return this.#waiting.length > 0;
  }

  take(): MifMessage {
    const message = this.#waiting.shift()!;
    if (this.#isOver && this.#waiting.length === 0) this.#parts.ended(this.#id);
    return message;
  }

  end(status: TranslationStatus): void {
    if (this.#isOver) return;
    this.#cancel();
    if (this.#parts.saysExtensions) {
      this.#tell({ type: 'translation-done', translationId: this.#id, status, extension: true });
    } else if (this.#waiting.length === 0) this.#parts.ended(this.#id);
  }

  abandon(): void {
    this.#cancel();
    this.#waiting.length = 0;
    this.#parts.queue.remove(this);
  }

  #settle(family: 4 | 6, outcome: TranslationOutcome): void {
    if (this.#isOver) return;
    this.#open -= 1;
    if ('status' in outcome) this.#status = worse(this.#status, outcome.status);
    else {
      const { origin, server } = outcome;
      for (const address of outcome.addresses) {
        if (this.#known.has(address) || this.#known.size >= mostResults) continue;
        this.#known.add(address);
        const result = {
          type: 'name-translation',
          translationId: this.#id,
          pvd: this.pvd!,
          family,
          address,
          origin,
        } as const;
        this.#tell(server === null ? result : { ...result, server });
      }
      if (outcome.addresses.length === 0) this.#status = worse(this.#status, 'no-data');
    }
    if (this.#open === 0) this.end(this.#known.size > 0 ? 'complete' : this.#status);
  }

  #tell(message: MifMessage): void {
    this.#waiting.push(message);
    this.#parts.queue.add(this);
  }

  #cancel(): void {
    this.#isOver = true;
    for (const question of this.#questions) question.cancel();
    this.#questions = [];
  }
}

/** Of two families: what is no answer says less than that there is none. */
const gravity: readonly TranslationStatus[] = ['no-name', 'no-data', 'server-failure', 'timeout'];

function worse(one: TranslationStatus, other: TranslationStatus): TranslationStatus {
  const rank = (status: TranslationStatus) => (gravity.includes(status) ? gravity.indexOf(status) : gravity.length);
  return rank(other) > rank(one) ? other : one;
}
