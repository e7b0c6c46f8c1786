// SPDX-License-Identifier: MIT
// What is known of a carrier, property by property of a selector. What the host cannot know is told as such, and never
// guessed (SEC-32).

import { isUsable } from '../pvd/draft.ts';
import type { ProvisioningDomain, PvdAddress } from '../pvd/provisioning-domain.ts';
import { foldName } from '../pvd/reference.ts';
import type { Interface } from '../snapshot/change.ts';
import type { Carrier } from './carrier.ts';

/** A property that networks are told apart by. */
export type PropertyName =
  | 'interface'
  | 'pvd'
  | 'kind'
  | 'family'
  | 'source'
  | 'metered'
  | 'vpn'
  | 'validated'
  | 'category';

export type Fact = string | number | boolean;

const readers: Readonly<Record<PropertyName, (carrier: Carrier) => readonly Fact[] | undefined>> = {
  interface: ({ interface: { name, altNames, id, index } }) => [name, ...altNames, id, index],
  pvd: ({ pvd }) => (pvd === undefined ? [] : namesOfDomain(pvd)),
  kind: ({ interface: link }) => [kindOf(link)],
  family: (carrier) => [...new Set(usableAddresses(carrier).map(({ family }) => family))],
  source: (carrier) => usableAddresses(carrier).map(({ address }) => address),
  metered: ({ interface: link, pvd }) => known(pvd?.metered ?? link.metered),
  vpn: ({ interface: link }) => known(link.vpn),
  validated: ({ pvd }) => known(pvd?.validated),
  // Only policy says what a network is for; of one that it does not name nothing is known.
  category: ({ pvd }) => (pvd === undefined || pvd.categories.length === 0 ? undefined : pvd.categories),
};

/** All that a property of a carrier is, what it is called by first; undefined where that is not known. */
export function factsOf(carrier: Carrier, property: PropertyName): readonly Fact[] | undefined {
  return readers[property](carrier);
}

/** Its id, its handle, and the names that it would have by each of its routers, since a merged domain has several. */
export function namesOfDomain({ id, handle, interfaces, providers }: ProvisioningDomain): string[] {
  // What was named by a network or a policy is no provider's.
  if (!id.includes('/')) return [id, handle, foldName(id)];
  return [id, handle, ...providers.map((provider) => `${interfaces[0]}/${provider}`)];
}

/** What drives an interface; of hardware, which has no kind, its link layer. */
export function kindOf({ kind, hardwareType }: Interface): string {
  return kind ?? hardwareType;
}

/** Addresses of its domain on its interface that may be a source; none without a domain, because an interface with addresses has one. */
export function usableAddresses({ interface: link, pvd }: Carrier): readonly PvdAddress[] {
  return pvd?.addresses.filter(({ state, index }) => isUsable(state) && index === link.index) ?? [];
}

function known(fact: boolean | undefined): readonly boolean[] | undefined {
  return fact === undefined ? undefined : [fact];
}
