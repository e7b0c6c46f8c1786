// SPDX-License-Identifier: MIT
// What a subscriber has asked to be told: the draft's flags (draft-ietf-mif-api-extension-05 sec. 3.2.7.1, .5, .13).
// A subscription names its subjects; whether one of them has news is the subject's own knowledge.

import type { ElementType } from '../pvd/provisioning-domain.ts';
import type { EnumerationDone, MifMessage } from './message.ts';
import type { Picture } from './picture.ts';
import { anyInterface, type PvdReference } from './reference.ts';
import { type InterfaceSubject, type PvdSubject, rank, type Subject, topic } from './subject.ts';

/** One flag of a subscriber. */
export interface Subscription {
  /** Which subjects: each of these words is a flag of its own and may be stopped alone. */
  readonly topics: readonly string[];
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
  readonly topics = [topic.interfaces];
  readonly depth = rank.interface;
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
  readonly topics = [topic.pvdsOn(anyInterface)];
  readonly depth = rank.pvd;
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
  readonly depth = rank.pvd;
  readonly interface: InterfaceSubject;

  constructor(subject: InterfaceSubject) {
    this.interface = subject;
  }

  get topics(): readonly string[] {
    return [topic.pvdsOn(this.interface.id)];
  }

  get about() {
    return { request: 'announce-provisioning-domain', interface: this.interface.reference } as const;
  }

  subjects(): Iterable<Subject> {
    return this.interface.pairs.values();
  }

  absence(): MifMessage | undefined {
    if (this.interface.current || isBelieved(this.interface)) return undefined;
    return { type: 'no-interface-announcement', interface: this.interface.reference };
  }
}

/** What one provisioning domain contains; ends with it (MIF-78). */
abstract class ContentsSubscription {
  readonly pvd: PvdReference;
  readonly #picture: Picture;
  readonly #pairs: readonly PvdSubject[];

  constructor(pvd: PvdReference, picture: Picture) {
    this.pvd = pvd;
    this.#picture = picture;
    this.#pairs = [...picture.pairsOf(pvd.handle)];
  }

  *subjects(): Generator<Subject> {
    for (const pair of this.#picture.pairsOf(this.pvd.handle)) yield* this.subjectsOn(pair);
  }

  protected abstract subjectsOn(pair: PvdSubject): Iterable<Subject>;

  absence(): MifMessage | undefined {
    const { handle } = this.pvd;
    if (this.#picture.findPvd(handle)) return undefined;
    // It may have moved since it was asked for, and have been told of where it went.
    for (const pair of this.#picture.allPairs()) {
      if (pair.reference.handle === handle && isBelieved(pair)) return undefined;
    }
    const reason = this.#pairs[0]?.reason ?? 'withdrawn';
    return { type: 'no-provisioning-domain-announcement', pvd: this.pvd, reason };
  }
}

/** Its addresses. */
export class AddressesSubscription extends ContentsSubscription implements Subscription {
  readonly depth = rank.address;

  get topics(): readonly string[] {
    return [topic.addressesOf(this.pvd.handle)];
  }

  get about() {
    return { request: 'announce-address', pvd: this.pvd } as const;
  }

  protected override subjectsOn(pair: PvdSubject): Iterable<Subject> {
    return pair.addresses.values();
  }
}

/** Its configuration elements: those of some types, or all (MIF-32). */
export class ElementsSubscription extends ContentsSubscription implements Subscription {
  readonly depth = rank.element;
  readonly #types: ReadonlySet<ElementType> | undefined;

  constructor(pvd: PvdReference, picture: Picture, types: ReadonlySet<ElementType> | undefined) {
    super(pvd, picture);
    this.#types = types;
  }

  get topics(): readonly string[] {
    const { handle } = this.pvd;
    if (this.#types === undefined) return [topic.elementsOf(handle)];
    return [...this.#types].map((type) => topic.elementOf(handle, type));
  }

  get about() {
    return { request: 'announce-configuration-element', pvd: this.pvd } as const;
  }

  protected override subjectsOn(pair: PvdSubject): Iterable<Subject> {
    const subjects = [...pair.elements.values()];
    return this.#types === undefined ? subjects : subjects.filter(({ type }) => this.#types?.has(type));
  }
}

/** Whether the subscriber still expects a farewell from a subject or from something in it. */
function isBelieved(subject: Subject): boolean {
  if (subject.told) return true;
  for (const child of subject.contents()) if (isBelieved(child)) return true;
  return false;
}
