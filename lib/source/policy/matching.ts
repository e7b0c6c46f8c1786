// SPDX-License-Identifier: MIT
// Which interfaces an entry of a policy is about, and the record that it makes for one of them. Which of the interface's domains
// are meant is left to whoever knows them: the record names them.

import type { PolicyRecord } from '../../pvd/record.ts';
import type { Interface } from '../../snapshot/change.ts';
import { addressesOf, bounded, domainsOf } from '../told-values.ts';
import type { PolicyDomain, PolicyMatch } from './policy.ts';

/** Whether a name is one that a pattern stands for, in which `*` is any characters. */
export function nameMatches(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === name;
  const [head, tail] = [parts.shift()!, parts.pop()!];
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  // Each part at its first place: no going back, whatever the pattern.
  let at = head.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - tail.length;
}

export function isAbout(match: PolicyMatch, { name, kind }: Pick<Interface, 'name' | 'kind'>): boolean {
  if (match.interface !== undefined && !nameMatches(match.interface, name)) return false;
  return match.kind === undefined || match.kind === kind;
}

/** @param key - names the entry among all policies */
export function policyRecord(entry: PolicyDomain, key: string, interfaceId: string): PolicyRecord {
  const { match, define, prefixes, metered, trusted, hidden } = entry;
  const named = [match.pvd, match.provider === undefined ? undefined : addressesOf([match.provider])[0]];
  const ids = named.filter((id) => id !== undefined);
  return {
    type: 'policy',
    origin: 'policy',
    key,
    interfaceId,
    defines: define,
    extends: define === undefined && ids.length > 0 ? ids : undefined,
    extendsWithin: match.prefix === undefined ? undefined : [match.prefix],
    prefixes: prefixes === undefined ? undefined : bounded(prefixes),
    resolvers: addressesOf(entry.resolvers ?? []),
    searchDomains: domainsOf(entry.searchDomains ?? []),
    routingDomains: domainsOf(entry.zones ?? []),
    categories: bounded(entry.categories ?? []),
    metered,
    trusted,
    hidden,
  };
}
