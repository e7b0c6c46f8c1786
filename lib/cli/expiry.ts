// SPDX-License-Identifier: MIT
// When a provisioning domain is over if nobody prolongs it, as people read it.

import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import { lifetime } from './wording.ts';

/** The longest that any part of it lasts; nothing where no part has a lifetime. */
export function expiry({ addresses, advertisedPrefixes, advertisedRoutes, dns }: ProvisioningDomain): string {
  const lifetimes = [
    ...addresses.map(({ validLifetime }) => validLifetime),
    ...[...advertisedPrefixes, ...advertisedRoutes, ...dns.servers].map((item) => item.lifetime),
  ];
  if (lifetimes.length === 0) return '';
  return lifetime(lifetimes.includes(null) ? null : Math.max(...lifetimes.map(Number)));
}
