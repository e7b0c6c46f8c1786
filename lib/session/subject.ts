// SPDX-License-Identifier: MIT
// What an announcement can be about: an interface, a provisioning domain on an interface, a configuration element or an
// address of such a domain. Subjects form a tree by containment; each knows what is true of it and what the subscriber has been
// told. The difference of the two is the next message about it, so that no history is kept (MIF-83).

import type { ElementType, PvdAddress, PvdEndReason } from '../pvd/provisioning-domain.ts';
import {
  type AddressFacts,
  type ElementFacts,
  type InterfaceFacts,
  lifetimeAt,
  type PvdFacts,
  sameAddressFacts,
  sameFacts,
  withoutAbsent,
} from './facts.ts';
import type { MifMessage } from './message.ts';
import { anyInterface, type InterfaceReference, type PvdReference } from './reference.ts';

/** What one can subscribe to, as words. */
export const topic = {
  interfaces: 'interfaces',
  pvdsOn: (interfaceId: string) => `pvds on ${interfaceId}`,
  elementsOf: (handle: string) => `elements of ${handle}`,
  elementOf: (handle: string, type: ElementType) => `element ${type} of ${handle}`,
  addressesOf: (handle: string) => `addresses of ${handle}`,
} as const;

/** Depth in the tree, and the order of arrival (MIF-77). */
export const rank = { interface: 0, pvd: 1, element: 2, address: 3 } as const;

/** Shared by all leaves: there may be tens of thousands. */
const nothing: readonly Subject[] = [];

/** A node of the tree. Facts are replaced, never changed. */
export abstract class Subject<Facts extends object = object> {
  /** What is true; undefined when it is gone. */
  current: Facts | undefined;
  /** What the subscriber believes; undefined when it knows of none. */
  told: Facts | undefined;
  /** When it last appeared, in the subscriber's sequence. */
  bornAt = 0;
  /** When the subscriber was last told, in its sequence. */
  toldAt = 0;

  /** Subscriptions under which it is told, one of them is enough; see subscription.ts. */
  abstract readonly topics: readonly string[];
  abstract readonly rank: number;
  abstract readonly parent: Subject | undefined;

  /** What it contains, including the departed that the subscriber still believes in. */
  abstract contents(): Iterable<Subject>;

  /** Whether the subscriber would learn something from a message about it. */
  hasNews(now: number): boolean {
    if (this.current === undefined || this.told === undefined) return this.current !== this.told;
    return !this.isSame(this.told, this.current, now);
  }

  /** The message that makes the subscriber believe what is true; call only when `hasNews` or it is true. */
  message(now: number): MifMessage {
    return this.current === undefined ? this.withdrawal() : this.announcement(this.current, now);
  }

  /** Notes that `message` was read. */
  settle(at: number): void {
    this.told = this.current;
    this.toldAt = at;
  }

  /** Leaves the tree when it is neither true nor believed nor on the path to something that is. */
  prune(): void {
    if (this.current !== undefined || this.told !== undefined || !this.isEmpty()) return;
    this.leave();
    this.parent?.prune();
  }

  /** Something that has gone and must be told before this is announced. */
  get precursor(): Subject | undefined {
    return undefined;
  }

  protected isEmpty(): boolean {
    return true;
  }

  protected isSame(told: Facts, current: Facts, _now: number): boolean {
    return sameFacts(told, current);
  }

  protected abstract announcement(facts: Facts, now: number): MifMessage;
  protected abstract withdrawal(): MifMessage;
  protected abstract leave(): void;
}

export class InterfaceSubject extends Subject<InterfaceFacts> {
  readonly rank = rank.interface;
  readonly parent = undefined;
  /** Domains on it, by handle. */
  readonly pairs = new Map<string, PvdSubject>();
  readonly id: string;
  readonly index: number;
  /** The latest one, so that a departed interface still has its name. */
  name: string;
  readonly #siblings: Map<string, InterfaceSubject>;

  constructor(reference: InterfaceReference, siblings: Map<string, InterfaceSubject>) {
    super();
    this.id = reference.id;
    this.index = reference.index;
    this.name = reference.name;
    this.#siblings = siblings;
  }

  get topics(): readonly string[] {
    return [topic.interfaces];
  }

  get reference(): InterfaceReference {
    return { id: this.id, index: this.index, name: this.name };
  }

  override contents(): Iterable<Subject> {
    return this.pairs.values();
  }

  protected override isEmpty(): boolean {
    return this.pairs.size === 0;
  }

  protected override announcement({ name: _, ...facts }: InterfaceFacts): MifMessage {
    return { type: 'interface-announcement', interface: this.reference, ...facts };
  }

  protected override withdrawal(): MifMessage {
    return { type: 'no-interface-announcement', interface: this.reference };
  }

  protected override leave(): void {
    this.#siblings.delete(this.id);
  }
}

/** A provisioning domain on one of its interfaces: such pairs are what is announced (MIF-28). */
export class PvdSubject extends Subject<PvdFacts> {
  readonly rank = rank.pvd;
  readonly parent: InterfaceSubject;
  /** By address, prefix length and peer; empty unless somebody asked for the addresses. */
  readonly addresses = new Map<string, AddressSubject>();
  /** Empty unless somebody asked for the elements, and on all interfaces of the domain but one: it has each once (MIF-34). */
  readonly elements = new Map<ElementType, ElementSubject>();
  readonly reference: PvdReference;
  /** Why it ended. */
  reason: PvdEndReason = 'withdrawn';

  constructor(reference: PvdReference, parent: InterfaceSubject) {
    super();
    this.reference = reference;
    this.parent = parent;
  }

  get topics(): readonly string[] {
    return [topic.pvdsOn(anyInterface), topic.pvdsOn(this.parent.id)];
  }

  override *contents(): Generator<Subject> {
    yield* this.addresses.values();
    yield* this.elements.values();
  }

  protected override isEmpty(): boolean {
    return this.addresses.size === 0 && this.elements.size === 0;
  }

  protected override announcement(facts: PvdFacts): MifMessage {
    return {
      type: 'provisioning-domain-announcement',
      interface: this.parent.reference,
      pvd: this.reference,
      ...facts,
    };
  }

  protected override withdrawal(): MifMessage {
    return {
      type: 'no-provisioning-domain-announcement',
      interface: this.parent.reference,
      pvd: this.reference,
      reason: this.reason,
    };
  }

  protected override leave(): void {
    this.parent.pairs.delete(this.reference.handle);
  }
}

/** One source's contribution to a domain (MIF-33). */
export class ElementSubject extends Subject<ElementFacts> {
  readonly rank = rank.element;
  readonly parent: PvdSubject;
  readonly type: ElementType;
  /** The same element under an interface that the domain has left. One word names both, so its end is told first. */
  former: ElementSubject | undefined;

  constructor(type: ElementType, parent: PvdSubject) {
    super();
    this.type = type;
    this.parent = parent;
  }

  /** That of all elements, and its own. */
  get topics(): readonly string[] {
    const { handle } = this.parent.reference;
    return [topic.elementsOf(handle), topic.elementOf(handle, this.type)];
  }

  override contents(): Iterable<Subject> {
    return nothing;
  }

  override get precursor(): Subject | undefined {
    const { former } = this;
    return former && former.told && !former.current ? former : undefined;
  }

  protected override announcement({ version }: ElementFacts): MifMessage {
    return {
      type: 'configuration-element-announcement',
      pvd: this.parent.reference,
      element: this.type,
      version,
    };
  }

  protected override withdrawal(): MifMessage {
    return { type: 'no-configuration-element-announcement', pvd: this.parent.reference, element: this.type };
  }

  protected override leave(): void {
    this.parent.elements.delete(this.type);
  }
}

export class AddressSubject extends Subject<AddressFacts> {
  readonly rank = rank.address;
  readonly parent: PvdSubject;
  /** What `current` was made from. */
  record: PvdAddress | undefined;
  readonly #key: string;

  constructor(key: string, parent: PvdSubject) {
    super();
    this.#key = key;
    this.parent = parent;
  }

  get topics(): readonly string[] {
    return [topic.addressesOf(this.parent.reference.handle)];
  }

  override contents(): Iterable<Subject> {
    return nothing;
  }

  protected override isSame(told: AddressFacts, current: AddressFacts, now: number): boolean {
    return sameAddressFacts(told, current, now);
  }

  protected override announcement(facts: AddressFacts, now: number): MifMessage {
    const { validUntil, preferredUntil, ...rest } = facts;
    return withoutAbsent({
      type: 'address-announcement' as const,
      pvd: this.parent.reference,
      interface: this.parent.parent.reference,
      ...rest,
      validLifetime: lifetimeAt(validUntil, facts.family, now),
      preferredLifetime: lifetimeAt(preferredUntil, facts.family, now),
    });
  }

  protected override withdrawal(): MifMessage {
    const { family, address, prefixLength, peer } = this.told!;
    return withoutAbsent({
      type: 'no-address-announcement' as const,
      pvd: this.parent.reference,
      interface: this.parent.parent.reference,
      family,
      address,
      prefixLength,
      peer,
    });
  }

  protected override leave(): void {
    this.parent.addresses.delete(this.#key);
  }
}
