// SPDX-License-Identifier: MIT
// The network as one subscriber sees it: the tree of subjects, kept in step with a host's changes. Holds what is
// contained together even where a change does not: with an interface go its domains, with them their addresses and elements
// (MIF-23, MIF-36, MIF-42). These are followed only where somebody asked for them.

import type { ElementType, ProvisioningDomain, PvdAddress, PvdEndReason } from '../pvd/provisioning-domain.ts';
import type { HostChange, Interface } from '../snapshot/change.ts';
import { addressFacts, interfaceFacts, isAnnounceable, pvdFacts } from './facts.ts';
import type { DatedSnapshot } from './network.ts';
import type { Sequence } from './sequence.ts';
import { AddressSubject, ElementSubject, InterfaceSubject, PvdSubject, type Subject } from './subject.ts';

/** What one change did to the tree. */
export interface PictureChange {
  /** Gone: addresses, then elements, then domains, then interfaces (MIF-77). */
  readonly departed: readonly Subject[];
  /** Come or different: interfaces, then domains, then elements, then addresses (MIF-77). */
  readonly arrived: readonly Subject[];
  /** Handles of the domains that are on no interface any more. */
  readonly ended: readonly string[];
}

export class Picture {
  /** By id, in the order of appearance; the departed that the subscriber still believes in are among them. */
  readonly interfaces = new Map<string, InterfaceSubject>();
  readonly #records = new Map<string, Interface>();
  readonly #pvds = new Map<string, DatedPvd>();
  readonly #followed = new Set<string>();
  readonly #followedElements = new Set<string>();
  readonly #sequence: Sequence;

  constructor(snapshot: DatedSnapshot, sequence: Sequence) {
    this.#sequence = sequence;
    const step = new Step();
    for (const record of snapshot.interfaces) this.#keepInterface(record, step);
    for (const pvd of snapshot.pvds) this.#keepPvd(pvd, snapshot.now, step);
  }

  /** By id, name or alternative name; only present ones. */
  findInterface(posted: string): InterfaceSubject | undefined {
    const byId = this.interfaces.get(posted);
    if (byId) return byId.current ? byId : undefined;
    let byAltName: InterfaceSubject | undefined;
    for (const subject of this.interfaces.values()) {
      if (subject.current?.name === posted) return subject;
      if (subject.current?.altNames.includes(posted)) byAltName ??= subject;
    }
    return byAltName;
  }

  /** By handle or id; of several with one id the one known longest (PVD-26). Only living ones. */
  findPvd(posted: string): ProvisioningDomain | undefined {
    const byHandle = this.#pvds.get(posted);
    if (byHandle) return byHandle.pvd;
    for (const { pvd } of this.#pvds.values()) if (namesPvd(posted, pvd)) return pvd;
    return undefined;
  }

  /** The record of a present interface. */
  recordOf(id: string): Interface | undefined {
    return this.#records.get(id);
  }

  /** A living domain on each of its present interfaces. */
  *pairsOf(handle: string): Generator<PvdSubject> {
    for (const id of this.#pvds.get(handle)?.pvd.interfaceIds ?? []) {
      const pair = this.interfaces.get(id)?.pairs.get(handle);
      if (pair?.current) yield pair;
    }
  }

  /** All pairs, the departed that the subscriber still believes in included. */
  *allPairs(): Generator<PvdSubject> {
    for (const subject of this.interfaces.values()) yield* subject.pairs.values();
  }

  /** Keeps the addresses of a living domain in the tree from now on. Safe twice. */
  follow(handle: string): void {
    const known = this.#pvds.get(handle);
    if (!known || this.#followed.has(handle)) return;
    this.#followed.add(handle);
    for (const pair of this.pairsOf(handle)) this.#keepAddresses(pair, known, new Step());
  }

  /** Keeps the configuration elements of a living domain in the tree until it ends. Safe twice. */
  followElements(handle: string): void {
    const known = this.#pvds.get(handle);
    if (!known || this.#followedElements.has(handle)) return;
    this.#followedElements.add(handle);
    this.#keepElements(known.pvd, new Step());
  }

  /** Stops keeping the addresses of a domain; those that the subscriber still believes in are the caller's to prune. */
  unfollow(handle: string): void {
    this.#followed.delete(handle);
    for (const pair of this.pairsOf(handle)) for (const address of pair.addresses.values()) address.current = undefined;
  }

  /** Takes one change in, whole; `now` is the moment of the lifetimes in it. */
  apply(change: HostChange, now: number): PictureChange {
    const step = new Step();
    const { added, changed, removed } = change;

    for (const pvd of removed.pvds ?? []) this.#endPvd(pvd, step);
    for (const { id } of removed.interfaces ?? []) this.#removeInterface(id, step);
    for (const { after } of changed.interfaces ?? []) this.#keepInterface(after, step);
    for (const record of added.interfaces ?? []) this.#keepInterface(record, step);
    for (const { after } of changed.pvds ?? []) this.#keepPvd(after, now, step);
    for (const pvd of added.pvds ?? []) this.#keepPvd(pvd, now, step);

    for (const [pair, reason] of step.departedPairs) pair.reason = reason ?? likelyReason(pair.parent);
    const ended = [...step.touchedPvds].filter((handle) => !this.#isOnAnInterface(handle));
    for (const handle of step.touchedPvds) {
      const known = this.#pvds.get(handle);
      if (known && this.#followedElements.has(handle)) this.#keepElements(known.pvd, step);
    }
    for (const handle of ended) {
      this.#pvds.delete(handle);
      this.#followed.delete(handle);
      this.#followedElements.delete(handle);
    }
    return { departed: step.departed(), arrived: step.arrived(), ended };
  }

  #keepInterface(record: Interface, step: Step): void {
    let subject = this.interfaces.get(record.id);
    if (!subject) {
      subject = new InterfaceSubject(record, this.interfaces);
      this.interfaces.set(record.id, subject);
    }
    if (!subject.current) subject.bornAt = this.#sequence.next();
    subject.current = interfaceFacts(record);
    subject.name = record.name;
    this.#records.set(record.id, record);
    step.arrivedInterfaces.push(subject);
  }

  #removeInterface(id: string, step: Step): void {
    const subject = this.interfaces.get(id);
    this.#records.delete(id);
    if (!subject?.current) return;
    for (const pair of subject.pairs.values()) this.#removePair(pair, 'interface-gone', step);
    subject.current = undefined;
    step.departedInterfaces.push(subject);
  }

  #keepPvd(pvd: ProvisioningDomain, now: number, step: Step): void {
    for (const pair of this.pairsOf(pvd.handle)) {
      if (!pvd.interfaceIds.includes(pair.parent.id)) this.#removePair(pair, undefined, step);
    }
    const dated = { pvd, at: now };
    this.#pvds.set(pvd.handle, dated);
    step.touchedPvds.add(pvd.handle);
    const facts = pvdFacts(pvd);
    const reference = { handle: pvd.handle, id: pvd.id };
    for (const interfaceId of pvd.interfaceIds) {
      const parent = this.interfaces.get(interfaceId);
      if (!parent?.current) continue;
      let pair = parent.pairs.get(pvd.handle);
      if (!pair) {
        pair = new PvdSubject(reference, parent);
        parent.pairs.set(pvd.handle, pair);
      }
      if (!pair.current) pair.bornAt = this.#sequence.next();
      pair.current = facts;
      step.arrivedPairs.push(pair);
      if (this.#followed.has(pvd.handle)) this.#keepAddresses(pair, dated, step);
    }
  }

  #endPvd(pvd: ProvisioningDomain, step: Step): void {
    step.touchedPvds.add(pvd.handle);
    for (const pair of this.pairsOf(pvd.handle)) this.#removePair(pair, pvd.endReason, step);
  }

  #removePair(pair: PvdSubject, reason: PvdEndReason | undefined, step: Step): void {
    step.touchedPvds.add(pair.reference.handle);
    if (!pair.current) return;
    for (const address of pair.addresses.values()) removeAddress(address, step);
    for (const element of pair.elements.values()) removeElement(element, step);
    pair.current = undefined;
    step.departedPairs.set(pair, reason);
  }

  #keepAddresses(pair: PvdSubject, { pvd, at }: DatedPvd, step: Step): void {
    const present = new Map<string, PvdAddress>();
    for (const record of pvd.addresses) {
      if (record.index === pair.parent.index && isAnnounceable(record)) present.set(addressKey(record), record);
    }
    for (const [key, subject] of pair.addresses) if (!present.has(key)) removeAddress(subject, step);
    for (const [key, record] of present) {
      let subject = pair.addresses.get(key);
      // An unchanged record is as old as its lifetimes; reading it now would move them.
      if (subject?.current && subject.record === record) continue;
      if (!subject) {
        subject = new AddressSubject(key, pair);
        pair.addresses.set(key, subject);
      }
      if (!subject.current) subject.bornAt = this.#sequence.next();
      subject.current = addressFacts(record, at);
      subject.record = record;
      step.arrivedAddresses.push(subject);
    }
  }

  /**
   * A domain on several interfaces has each element once: under that interface which has had them longest. Where the domain
   * leaves it and lives on, they are taken back with it and told anew.
   */
  #keepElements(pvd: ProvisioningDomain, step: Step): void {
    const pairs = [...this.pairsOf(pvd.handle)];
    const home = pairs.find(({ elements }) => [...elements.values()].some(({ current }) => current)) ?? pairs[0];
    if (!home) return;
    const present = new Map<ElementType, number>(pvd.elements.map(({ type, version }) => [type, version]));
    for (const [type, subject] of home.elements) if (!present.has(type)) removeElement(subject, step);
    for (const [type, version] of present) {
      let subject = home.elements.get(type);
      if (subject?.current?.version === version) continue;
      if (!subject) {
        subject = new ElementSubject(type, home);
        home.elements.set(type, subject);
      }
      if (!subject.current) {
        subject.bornAt = this.#sequence.next();
        subject.former = this.#toldElement(pvd.handle, type, home);
      }
      subject.current = { version };
      step.arrivedElements.push(subject);
    }
  }

  /** The element of a domain that the subscriber believes in from another of its interfaces; one at most. */
  #toldElement(handle: string, type: ElementType, except: PvdSubject): ElementSubject | undefined {
    for (const { pairs } of this.interfaces.values()) {
      const pair = pairs.get(handle);
      const element = pair === except ? undefined : pair?.elements.get(type);
      if (element?.told) return element;
    }
    return undefined;
  }

  #isOnAnInterface(handle: string): boolean {
    return !this.pairsOf(handle).next().done;
  }
}

/** A domain, and the moment from which the lifetimes in it count. */
interface DatedPvd {
  readonly pvd: ProvisioningDomain;
  readonly at: number;
}

/** What a change touched so far, by depth, so that it can be told in containment order. */
class Step {
  readonly departedAddresses: Subject[] = [];
  readonly departedElements: Subject[] = [];
  /** With the reason that the change gave. */
  readonly departedPairs = new Map<PvdSubject, PvdEndReason | undefined>();
  readonly departedInterfaces: Subject[] = [];
  readonly arrivedInterfaces: Subject[] = [];
  readonly arrivedPairs: Subject[] = [];
  readonly arrivedElements: Subject[] = [];
  readonly arrivedAddresses: Subject[] = [];
  readonly touchedPvds = new Set<string>();

  departed(): Subject[] {
    return [
      ...this.departedAddresses,
      ...this.departedElements,
      ...this.departedPairs.keys(),
      ...this.departedInterfaces,
    ];
  }

  arrived(): Subject[] {
    return [...this.arrivedInterfaces, ...this.arrivedPairs, ...this.arrivedElements, ...this.arrivedAddresses];
  }
}

/** Whether a posted word names this domain: FQDNs compare without case and trailing dot (PVD-22). */
function namesPvd(posted: string, pvd: { handle: string; id: string; explicit?: boolean }): boolean {
  if (posted === pvd.handle || posted === pvd.id) return true;
  return pvd.explicit === true && foldName(posted) === foldName(pvd.id);
}

function foldName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function removeAddress(subject: AddressSubject, step: Step): void {
  if (!subject.current) return;
  subject.current = undefined;
  step.departedAddresses.push(subject);
}

function removeElement(subject: ElementSubject, step: Step): void {
  if (!subject.current) return;
  subject.current = undefined;
  step.departedElements.push(subject);
}

/** One address may be there twice, with two prefix lengths or two peers; these are two (rtnetlink). */
function addressKey(record: PvdAddress): string {
  return `${record.address}/${record.prefixLength}/${record.peer ?? ''}`;
}

/** Why a domain left an interface, where the change does not say; ask when the change is taken in. */
function likelyReason(parent: InterfaceSubject): PvdEndReason {
  if (!parent.current) return 'interface-gone';
  return parent.current.adminUp ? 'withdrawn' : 'interface-down';
}
