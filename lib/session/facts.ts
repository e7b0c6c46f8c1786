// SPDX-License-Identifier: MIT
// What of a record a subscriber is told, and when two states of it are the same to a subscriber. The kernel repeats
// itself on every router advertisement; identical repeats stop here (MIF-15, MIF-19, MIF-30, MIF-41).

import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationElement, ProvisioningDomain, PvdAddress } from '../pvd/provisioning-domain.ts';
import type { Interface } from '../snapshot/change.ts';
import type { AddressAnnouncement, InterfaceAnnouncement, ProvisioningDomainAnnouncement } from './message.ts';

/** Of an interface; the name is here because a rename is told. */
export type InterfaceFacts = Omit<InterfaceAnnouncement, 'type' | 'interface'> & { name: string };

/** Of a provisioning domain; the same on each of its interfaces. */
export type PvdFacts = Omit<ProvisioningDomainAnnouncement, 'type' | 'interface' | 'pvd'>;

/** Of a configuration element. */
export type ElementFacts = Pick<ConfigurationElement, 'version'>;

/** Of an address. Lifetimes are moments, because what is left of them shrinks by itself. */
export interface AddressFacts
  extends Omit<AddressAnnouncement, 'type' | 'interface' | 'pvd' | 'validLifetime' | 'preferredLifetime'> {
  /** Milliseconds on the network's clock; null for ever. */
  validUntil: number | null;
  /** Milliseconds on the network's clock; null for ever. */
  preferredUntil: number | null;
}

export function interfaceFacts(record: Interface): InterfaceFacts {
  return withoutAbsent({
    name: record.name,
    altNames: record.altNames,
    kind: record.kind,
    hardwareType: record.hardwareType,
    flags: record.flags,
    operState: record.operState,
    adminUp: record.adminUp,
    running: record.running,
    mac: record.mac,
    mtu: record.mtu,
    parent: record.parent,
    master: record.master,
    metered: record.metered,
    vpn: record.vpn,
  });
}

export function pvdFacts(record: ProvisioningDomain): PvdFacts {
  const families = ([4, 6] as const).filter((family) =>
    record.addresses.some((address) => address.family === family && isAnnounceable(address)),
  );
  return withoutAbsent({
    explicit: record.explicit,
    families,
    origin: record.origin,
    providers: record.providers,
    mtu: record.mtu,
    validated: record.validated,
    metered: record.metered,
  });
}

/** Whether an address exists for subscribers: tentative and duplicate ones do not (MIF-40). */
export function isAnnounceable(record: PvdAddress): boolean {
  return record.state !== 'tentative' && record.state !== 'dad-failed';
}

/** `now`: the moment of the record's lifetimes. Only for announceable records. */
export function addressFacts(record: PvdAddress, now: number): AddressFacts {
  const facts: AddressFacts = {
    family: record.family,
    address: record.address,
    prefixLength: record.prefixLength,
    state: record.state as AddressFacts['state'],
    temporary: record.temporary,
    shared: record.shared,
    validUntil: moment(record.validLifetime, now),
    preferredUntil: moment(record.preferredLifetime, now),
  };
  if (record.peer !== undefined) facts.peer = record.peer;
  return facts;
}

/** Seconds left as a message says them: whole, null for ever; IPv4 says nothing where nothing is known (MIF-39). */
export function lifetimeAt(until: number | null, family: 4 | 6, now: number): number | null | undefined {
  if (until === null) return family === 6 ? null : undefined;
  return Math.max(0, Math.round((until - now) / 1000));
}

export function sameFacts<Facts extends object>(told: Facts, current: Facts): boolean {
  return isDeepStrictEqual(told, current);
}

/**
 * MIF-41: a lifetime counts as changed when it moved by more than a minute and more than a tenth of what was left.
 * Address, prefix length and peer are a subject's identity and never differ. Written out because a domain may have
 * tens of thousands of addresses, all of which are looked at when one changes.
 */
export function sameAddressFacts(told: AddressFacts, current: AddressFacts, now: number): boolean {
  return (
    told.state === current.state &&
    told.temporary === current.temporary &&
    told.shared === current.shared &&
    sameMoment(told.validUntil, current.validUntil, now) &&
    sameMoment(told.preferredUntil, current.preferredUntil, now)
  );
}

const leastMoveMs = 60_000;
const leastMoveShare = 0.1;

function sameMoment(told: number | null, current: number | null, now: number): boolean {
  if (told === null || current === null) return told === current;
  // What is over is over: the preferred lifetime of a deprecated address is 0 whenever one asks.
  const toldLeftMs = Math.max(0, told - now);
  const leftMs = Math.max(0, current - now);
  return Math.abs(leftMs - toldLeftMs) <= Math.max(leastMoveMs, leastMoveShare * toldLeftMs);
}

function moment(lifetimeSeconds: number | null, now: number): number | null {
  return lifetimeSeconds === null ? null : now + lifetimeSeconds * 1000;
}

/** Absent stays absent in JSON and in comparisons. */
export function withoutAbsent<T extends object>(record: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
