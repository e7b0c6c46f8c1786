// SPDX-License-Identifier: MIT
// What a subscriber has asked to be told: the draft's flags (draft-ietf-mif-api-extension-05 sec. 3.2.7.1, .5, .13).
// A subscription names its subjects; whether one of them has news is the subject's own knowledge.

import type { EnumerationDone, MifMessage } from './message.ts';
import type { Picture } from './picture.ts';
import { anyInterface, type PvdReference } from './reference.ts';
import { type InterfaceSubject, type PvdSubject, type Subject, topic } from './subject.ts';

/** One flag of a subscriber. */
export interface Subscription {
  readonly topic: string;
  /** Lower ones are listed first when everything is listed anew (MIF-77). */
  readonly depth: number;
  /** What `enumeration-done` says of it. */
  readonly about: Pick<EnumerationDone, 'request' | 'interface' | 'pvd'>;
  /** Its subjects, in the order of appearance. Lazy, and indifferent to changes of the picture under way. */
  subjects(): Iterable<Subject>;
  /** Says that what it was about went away before anything was told of it; undefined while it is there (MIF-80). */
  absence(): MifMessage | undefined;
}

export class InterfacesSubscription implements Subscription {
  readonly topic = topic.interfaces;
  readonly depth = 0;
  readonly about = { request: 'announce-interfaces' } as const;
  readonly #picture: Picture;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  subjects(): Iterable<Subject> {
    return this.#picture.interfaces.values();
  }

  absence(): undefined {}
}

/** The provisioning domains on all interfaces (MIF-21). */
export class AllPvdsSubscription implements Subscription {
  readonly topic = topic.pvdsOn(anyInterface);
  readonly depth = 1;
  readonly about = { request: 'announce-provisioning-domain', interface: anyInterface } as const;
  readonly #picture: Picture;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  subjects(): Iterable<Subject> {
    return this.#picture.allPairs();
  }

  absence(): undefined {}
}

/** The provisioning domains on one interface; ends with it (MIF-24). */
export class PvdsSubscription implements Subscription {
  readonly depth = 1;
  readonly interface: InterfaceSubject;

  constructor(subject: InterfaceSubject) {
    this.interface = subject;
  }

  get topic(): string {
    return topic.pvdsOn(this.interface.id);
  }

  get about() {
    return { request: 'announce-provisioning-domain', interface: this.interface.reference } as const;
  }

  subjects(): Iterable<Subject> {
    return this.interface.children.values();
  }

  absence(): MifMessage | undefined {
    if (this.interface.current || isBelieved(this.interface)) return undefined;
    return { type: 'no-interface-announcement', interface: this.interface.reference };
  }
}

/** The addresses of one provisioning domain; ends with it (MIF-78). */
export class AddressesSubscription implements Subscription {
  readonly depth = 2;
  readonly pvd: PvdReference;
  readonly #picture: Picture;
  readonly #pairs: readonly PvdSubject[];

  constructor(pvd: PvdReference, picture: Picture) {
    this.pvd = pvd;
    this.#picture = picture;
    this.#pairs = [...picture.pairsOf(pvd.handle)];
  }

  get topic(): string {
    return topic.addressesOf(this.pvd.handle);
  }

  get about() {
    return { request: 'announce-address', pvd: this.pvd } as const;
  }

  *subjects(): Generator<Subject> {
    for (const pair of this.#picture.pairsOf(this.pvd.handle)) yield* pair.children.values();
  }

  absence(): MifMessage | undefined {
    if (this.#picture.findPvd(this.pvd.handle) || this.#pairs.some(isBelieved)) return undefined;
    const reason = this.#pairs[0]?.reason ?? 'withdrawn';
    return { type: 'no-provisioning-domain-announcement', pvd: this.pvd, reason };
  }
}

/** Whether the subscriber still expects a farewell from a subject or from something in it. */
function isBelieved(subject: Subject): boolean {
  if (subject.told) return true;
  for (const child of subject.children.values()) if (isBelieved(child)) return true;
  return false;
}
