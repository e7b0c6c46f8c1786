// SPDX-License-Identifier: MIT
// How much strangers can make this host remember, and how often they are listened to (SEC-17).

/** Domains of one interface: pairs of a router and the id that it uses. */
export const mostDomains = 64;

/** Entries of one domain. */
export const mostEntries = {
  prefixes: 32,
  routes: 64,
  resolvers: 16,
  searchDomains: 32,
  nat64: 8,
} as const;

/** Advertisements of one interface that are read in a second. */
export const advertisementsPerSecond = 20;

/** The same in options, where each comes as a message of its own: as many as 20 advertisements of 8 options. */
export const optionsPerSecond = 8 * advertisementsPerSecond;

/** Messages kept for interfaces that are not known yet, of all of them together. */
export const mostEarly = 64;
