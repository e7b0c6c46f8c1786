// SPDX-License-Identifier: MIT
// Which names a relative name may mean in a domain (DNS-26).

import { type DomainName, isBelow } from './name.ts';

export interface SearchOptions {
  /** Domains to append, in order. */
  readonly searchDomains: readonly string[];
  /** Names with fewer dots get them appended. */
  readonly ndots: number;
}

/** Bounds what a network can make one question cost (SEC-17). */
const mostSearchDomains = 32;

/** The names to ask for, in order; the first that is there is meant. */
export function candidateNames({ name, isAbsolute }: DomainName, { searchDomains, ndots }: SearchOptions): string[] {
  const dots = name.split('.').length - 1;
  if (isAbsolute || dots >= ndots) return [name];
  const below = searchDomains
    .slice(0, mostSearchDomains)
    // A name of several parts below .local would be asked of everybody on the link (RFC 6762 section 21).
    .filter((domain) => dots === 0 || !isBelow(domain, 'local'))
    .map((domain) => `${name}.${domain}`);
  return [...below, name];
}
