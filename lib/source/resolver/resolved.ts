// SPDX-License-Identifier: MIT
// What systemd-resolved keeps in /run/systemd/resolve: netif/<index> has what somebody set for an interface, for root and resolved
// only; resolv.conf has the resolvers of all of them together. Its socket (version 252) resolves names and tells no more.

import type { ResolverRecord } from '../../pvd/record.ts';
import { endsWithLine, parseAssignments } from '../assignments.ts';
import type { FolderReader, Reading, Surroundings } from '../file/file-source.ts';
import { domainsOf, resolversOf, wordsOf } from '../told-values.ts';
import { parseResolvConf, type ResolvConf } from './resolv-conf.ts';

export interface ResolvedLink {
  readonly resolvers: readonly string[];
  readonly searchDomains: readonly string[];
  readonly routingDomains: readonly string[];
  readonly forEverything: boolean | undefined;
}

export const resolvedLinks: FolderReader<ResolvedLink> = {
  folders: ['/run/systemd/resolve/netif'],
  wants: (name) => /^[1-9]\d{0,9}$/.test(name),
  isWhole: endsWithLine,
  read: parseResolvedLink,
};

export const resolvedHost: FolderReader<ResolvConf> = {
  folders: ['/run/systemd/resolve'],
  wants: (name) => name === 'resolv.conf',
  isWhole: endsWithLine,
  read: parseResolvConf,
};

export function parseResolvedLink(text: string): ResolvedLink {
  const values = parseAssignments(text);
  const domains = wordsOf(values.get('DOMAINS'));
  const isDefault = values.get('DEFAULT_ROUTE');
  return {
    resolvers: resolversOf(wordsOf(values.get('SERVERS'))),
    searchDomains: domainsOf(domains.filter((domain) => !domain.startsWith('~'))),
    routingDomains: domainsOf(domains.filter((domain) => domain.startsWith('~')).map((domain) => domain.slice(1))),
    // `~.` is for every name.
    forEverything: domains.includes('~.') ? true : isDefault === undefined ? undefined : isDefault === 'yes',
  };
}

export function resolvedLinkRecords(
  readings: readonly Reading<ResolvedLink>[],
  { interfaceAt }: Surroundings,
): ResolverRecord[] {
  return readings.flatMap(({ name, said }) => {
    const interfaceId = interfaceAt(Number(name))?.id;
    if (interfaceId === undefined) return [];
    return [{ type: 'resolver', origin: 'resolved', key: 'link', interfaceId, ...said }];
  });
}

export function resolvedHostRecords(readings: readonly Reading<ResolvConf>[]): ResolverRecord[] {
  return readings.flatMap(({ said: { resolvers, searchDomains } }) => {
    if (resolvers.length === 0) return [];
    const key = 'resolv.conf';
    return [
      {
        type: 'resolver',
        origin: 'resolved',
        key,
        interfaceId: undefined,
        resolvers,
        searchDomains,
        routingDomains: [],
      },
    ];
  });
}
