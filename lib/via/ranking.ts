// SPDX-License-Identifier: MIT
// Which carriers a selector lets through, and in which order: require and prohibit exclude, prefer ranks, avoid decides among
// equals (RFC 9622 section 6.2, RFC 9623 section 4.1.1). Pure; what is not known excludes where it matters (SEC-32).

import { prefixContains } from '../address/prefix.ts';
import type { PvdAddress } from '../pvd/provisioning-domain.ts';
import type { Carrier } from './carrier.ts';
import { type Fact, factsOf, type PropertyName, usableAddresses } from './facts.ts';
import type { Condition, Conditions } from './selector.ts';

/**
 * Why a carrier is excluded: `kind is veth, not wireguard`; undefined where it is not.
 *
 * Family and source are properties of addresses: a carrier will do if one of its addresses satisfies every condition on them, and
 * only such addresses may be the source then. All else is a property of the carrier.
 */
export function whyNot(carrier: Carrier, { require, prohibit }: Conditions): string | undefined {
  let addresses = usableAddresses(carrier);
  for (const condition of require) {
    const { property } = condition;
    if (isOfAddress(property)) {
      const left = addresses.filter((address) => fits(address, condition));
      if (left.length === 0) return otherThan(condition, factsIn(addresses, property));
      addresses = left;
      continue;
    }
    const verdict = holds(carrier, condition);
    if (verdict === undefined) return `${property} is not known`;
    if (!verdict) return otherThan(condition, factsOf(carrier, property)?.slice(0, 1) ?? []);
  }
  for (const condition of prohibit) {
    const { property } = condition;
    if (isOfAddress(property)) {
      const left = addresses.filter((address) => !fits(address, condition));
      if (left.length === 0) return prohibitedBy(condition, factsIn(addresses, property));
      addresses = left;
      continue;
    }
    const verdict = holds(carrier, condition);
    // Who prohibits something does not want to find out.
    if (verdict === undefined) return `${property} is not known, and ${listed(condition.values)} is prohibited`;
    if (verdict) return prohibitedBy(condition, factsOf(carrier, property)?.slice(0, 1) ?? []);
  }
  return undefined;
}

/** A carrier that a selector lets through, held to what the selector says of addresses and sockets. */
export function heldTo(carrier: Carrier, { require, prohibit, mark }: Conditions): Carrier {
  const conditions = [...require, ...prohibit].filter(({ property }) => isOfAddress(property));
  if (conditions.length === 0) return mark === undefined ? carrier : { ...carrier, mark };
  const sources = usableAddresses(carrier)
    .filter((address) => require.every((condition) => !isOfAddress(condition.property) || fits(address, condition)))
    .filter((address) => !prohibit.some((condition) => isOfAddress(condition.property) && fits(address, condition)))
    .map(({ address }) => address);
  return { ...carrier, sources, mark };
}

/** Carriers by what is preferred, then by what is avoided; equals stay in their order. */
export function ranked(carriers: readonly Carrier[], { prefer, avoid }: Conditions): readonly Carrier[] {
  if (prefer.length === 0 && avoid.length === 0) return carriers;
  const count = (carrier: Carrier, conditions: readonly Condition[]) =>
    conditions.filter((condition) => holds(carrier, condition) === true).length;
  return carriers
    .map((carrier) => ({ carrier, preferred: count(carrier, prefer), avoided: count(carrier, avoid) }))
    .sort((a, b) => b.preferred - a.preferred || a.avoided - b.avoided)
    .map(({ carrier }) => carrier);
}

/** Whether a condition holds for a carrier; undefined where that is not known. */
function holds(carrier: Carrier, { property, values }: Condition): boolean | undefined {
  const facts = factsOf(carrier, property);
  return facts?.some((fact) => values.some((value) => (property === 'source' ? lies(fact, value) : fact === value)));
}

function isOfAddress(property: PropertyName): boolean {
  return property === 'family' || property === 'source';
}

function fits(address: PvdAddress, { property, values }: Condition): boolean {
  if (property === 'family') return values.includes(address.family);
  return values.some((value) => lies(address.address, value));
}

function lies(address: Fact, value: Fact): boolean {
  const prefix = String(value);
  return prefix.includes('/') ? prefixContains(prefix, String(address)) : address === value;
}

function factsIn(addresses: readonly PvdAddress[], property: PropertyName): readonly Fact[] {
  return [...new Set(addresses.map(({ family, address }) => (property === 'family' ? family : address)))];
}

function otherThan({ property, values }: Condition, facts: readonly Fact[]): string {
  if (facts.length > 0) return `${property} is ${facts.join(' and ')}, not ${listed(values)}`;
  return isOfAddress(property) ? 'it has no usable address' : `it has no ${property}`;
}

function prohibitedBy({ property, values }: Condition, facts: readonly Fact[]): string {
  if (facts.length === 0) return 'it has no usable address';
  return `${property} is ${facts.join(' and ')}, and ${listed(values)} is prohibited`;
}

function listed(values: readonly Fact[]): string {
  return values.join(' or ');
}
