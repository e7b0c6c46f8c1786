// SPDX-License-Identifier: MIT
// Values that others wrote into files, as they may stand in records: addresses and names in their one form, each once, lists
// bounded, and nothing of what is none. Throws nothing.

import { formatIpAddress, parseIpAddress } from '../address/ip-address.ts';

/** Entries of one list: above what a network has use for (SEC-17), below what would be a load. */
export const mostEntries = 128;

/** Each entry once, in order, no more than a record is to have. */
export function bounded<T>(values: Iterable<T | undefined>): T[] {
  const found = new Set<T>();
  for (const value of values) {
    if (value !== undefined) found.add(value);
    if (found.size === mostEntries) break;
  }
  return [...found];
}

/** Words of a list that is separated by spaces, commas or both. */
export const wordsOf = (text: string | undefined): string[] =>
  text === undefined ? [] : text.split(/[\s,]+/, mostEntries * 4).filter(Boolean);

/** An address in its one form. @param family - the only one to be taken, where given */
export function addressOf(text: string | undefined, family?: 4 | 6): string | undefined {
  const address = text === undefined ? undefined : parseIpAddress(text);
  if (address === undefined || (family !== undefined && address.family !== family)) return undefined;
  return formatIpAddress(address);
}

export const addressesOf = (texts: readonly string[], family?: 4 | 6): string[] =>
  bounded(texts.map((text) => addressOf(text, family)));

/**
 * The address of a resolver that a socket held to an interface can reach: one of this machine, such as the stub resolver
 * 127.0.0.53, is none (trap G3). A zone stays only where `keepsZone` says so: records of an interface need none.
 */
export function resolverOf(text: string | undefined, keepsZone = false): string | undefined {
  // Daemons write `10.1.0.53#name` for DNS over TLS, and some a port.
  const bare = text?.replace(/#.*$/, '').replace(/^\[(.*)\](?::\d+)?$/, '$1');
  const address = bare === undefined ? undefined : parseIpAddress(bare);
  if (address === undefined || isOfThisMachine(address.groups)) return undefined;
  return formatIpAddress(keepsZone ? address : { family: address.family, groups: address.groups });
}

export const resolversOf = (texts: readonly string[], keepsZone = false): string[] =>
  bounded(texts.map((text) => resolverOf(text, keepsZone)));

/**
 * Resolvers that were told for an interface: their zone is that interface, so it is left out; those of another one's zone are not
 * on its link (DNS-07).
 */
export function resolversOn(resolvers: readonly string[], { name, index }: { name: string; index: number }): string[] {
  return bounded(
    resolvers.map((resolver) => {
      const [address, zone] = resolver.split('%') as [string, string?];
      return zone === undefined || zone === name || zone === String(index) ? address : undefined;
    }),
  );
}

/** Loopback and unspecified addresses, of both families. */
function isOfThisMachine(groups: readonly number[]): boolean {
  if (groups.length === 1) return groups[0]! >>> 24 === 127 || groups[0] === 0;
  return groups.slice(0, 3).every((group) => group === 0) && groups[3]! <= 1;
}

/** A domain name in lower case, without its last dot (PVD-22); undefined for what can be none. */
export function domainOf(text: string): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, '');
  if (name === '' || name.length > 253) return undefined;
  return name.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) ? name : undefined;
}

export const domainsOf = (texts: readonly string[]): string[] => bounded(texts.map(domainOf));

/** An absolute URI of a captive portal's API; of https, as RFC 8910 section 2 asks, or http, which networks use. */
export function portalOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2048 || !URL.canParse(text)) return undefined;
  // As the parser writes it: without octets that a terminal would take for more than text (SEC-25).
  const { protocol, href } = new URL(text);
  return /^https?:$/.test(protocol) ? href : undefined;
}

/** A whole number that is not negative. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** An MTU that IPv4 allows (RFC 2132 section 5.1). */
export function mtuOf(text: string | undefined): number | undefined {
  const mtu = numberOf(text);
  return mtu !== undefined && mtu >= 68 && mtu <= 65_535 ? mtu : undefined;
}
