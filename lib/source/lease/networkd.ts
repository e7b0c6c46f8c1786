// SPDX-License-Identifier: MIT
// What systemd-networkd keeps in /run/systemd/netif: leases/<index> has the DHCPv4 lease, links/<index> the resolvers of an
// interface from all that told them, without saying who did. It calls both private; they are what there is without D-Bus.

import type { ResolverRecord } from '../../pvd/record.ts';
import { endsWithLine, parseAssignments } from '../assignments.ts';
import type { FolderReader, Reading, Surroundings } from '../file/file-source.ts';
import { domainsOf, numberOf, resolversOf, wordsOf } from '../told-values.ts';
import { routesOfClasses, routesOfWords } from './classless-routes.ts';
import { leaseOf, leaseRecord, type ToldLease } from './lease.ts';

const indexNames = (name: string) => /^[1-9]\d{0,9}$/.test(name);

export const networkdLeases: FolderReader<(changedAt: number) => ToldLease | undefined> = {
  folders: ['/run/systemd/netif/leases'],
  wants: indexNames,
  isWhole: endsWithLine,
  read: parseNetworkdLease,
};

export const networkdLinks: FolderReader<NetworkdLink> = {
  folders: ['/run/systemd/netif/links'],
  wants: indexNames,
  isWhole: endsWithLine,
  read: parseNetworkdLink,
};

/** @returns the lease as written at a moment: its lifetime counts from there, because each renewal writes the file anew. */
export function parseNetworkdLease(text: string): (changedAt: number) => ToldLease | undefined {
  const values = parseAssignments(text);
  const address = values.get('ADDRESS');
  if (address === undefined) return () => undefined;
  const lifetime = numberOf(values.get('LIFETIME'));
  const classless = values.get('CLASSLESS_ROUTES');
  const lease = leaseOf({
    family: 4,
    server: values.get('SERVER_ADDRESS'),
    untilWall: null,
    addresses: [address],
    routers: wordsOf(values.get('ROUTER')),
    classlessRoutes: classless === undefined ? undefined : routesOfWords(wordsOf(classless)),
    staticRoutes: routesOfClasses(wordsOf(values.get('STATIC_ROUTES')?.replace(/\/\d+/g, ''))),
    resolvers: wordsOf(values.get('DNS')),
    domains: wordsOf(values.get('DOMAINNAME')),
    searchDomains: wordsOf(values.get('DOMAIN_SEARCH_LIST')),
    captivePortal: values.get('CAPTIVE_PORTAL'),
    mtu: values.get('MTU'),
    ntpServers: wordsOf(values.get('NTP')),
  });
  const forever = lifetime === undefined || lifetime >= 0xffff_ffff;
  return (changedAt) => ({ ...lease, untilWall: forever ? null : changedAt + lifetime * 1000 });
}

export interface NetworkdLink {
  readonly resolvers: readonly string[];
  readonly searchDomains: readonly string[];
  readonly routingDomains: readonly string[];
  readonly forEverything: boolean | undefined;
}

export function parseNetworkdLink(text: string): NetworkdLink {
  const values = parseAssignments(text);
  const routes = wordsOf(values.get('ROUTE_DOMAINS'));
  const isDefault = values.get('DNS_DEFAULT_ROUTE');
  return {
    resolvers: resolversOf(wordsOf(values.get('DNS'))),
    searchDomains: domainsOf(wordsOf(values.get('DOMAINS'))),
    routingDomains: domainsOf(routes),
    // `~.` is for every name.
    forEverything: routes.includes('.') ? true : isDefault === undefined ? undefined : isDefault === 'yes',
  };
}

export function networkdLeaseRecords(
  readings: readonly Reading<(changedAt: number) => ToldLease | undefined>[],
  { interfaceAt, fromWall }: Surroundings,
) {
  return readings.flatMap(({ name, file, said }) => {
    const id = interfaceAt(Number(name))?.id;
    const lease = said(file.changedAt);
    return id === undefined || lease === undefined ? [] : [leaseRecord('networkd', 'dhcp4', id, lease, fromWall)];
  });
}

export function networkdLinkRecords(
  readings: readonly Reading<NetworkdLink>[],
  { interfaceAt }: Surroundings,
): ResolverRecord[] {
  return readings.flatMap(({ name, said }) => {
    const interfaceId = interfaceAt(Number(name))?.id;
    const isEmpty = said.resolvers.length + said.searchDomains.length + said.routingDomains.length === 0;
    if (interfaceId === undefined || isEmpty) return [];
    return [{ type: 'resolver', origin: 'networkd', key: 'link', interfaceId, ...said }];
  });
}
