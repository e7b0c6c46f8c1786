// SPDX-License-Identifier: MIT
// What dhcpcd keeps: in /var/lib/dhcpcd the server's answers as they came, for root to read, and in /run/dhcpcd/hook-state the
// resolvers of each lease and router, for everybody. It has a socket that tells all of it to everybody as well, but version
// 9.4 ends when it is asked while it renews a lease: what only looks must not do that, so it is never asked.

import type { LeaseRecord, ResolverRecord } from '../../pvd/record.ts';
import type { FolderReader, Reading, Surroundings } from '../file/file-source.ts';
import { parseResolvConf, type ResolvConf } from '../resolver/resolv-conf.ts';
import { resolversOn } from '../told-values.ts';
import { type AnsweredLease, readDhcp4, readDhcp6 } from './dhcp-message.ts';
import { leaseRecord } from './lease.ts';

/** Files `<interface>.<protocol>` of resolver lines, written again at each renewal. */
export const dhcpcdHooks: FolderReader<ResolvConf> = {
  folders: ['/run/dhcpcd/hook-state/resolv.conf'],
  wants: (name) => /^[^/]+\.(dhcp6?|ra|link|static)$/.test(name),
  isWhole: (text) => text.endsWith('\n'),
  read: parseResolvConf,
};

/** Files `<interface>.lease` and `<interface>.lease6`, of wireless networks `<interface>-<name of the network>.lease`. */
export const dhcpcdLeases: FolderReader<AnsweredLease | undefined> = {
  folders: ['/var/lib/dhcpcd', '/var/db/dhcpcd'],
  wants: (name) => /\.lease6?$/.test(name),
  encoding: 'latin1',
  isWhole: (octets) => readDhcpcdLease(octets) !== undefined,
  read: readDhcpcdLease,
};

/** @param octets - one letter for each */
export function readDhcpcdLease(octets: string): AnsweredLease | undefined {
  const message = Buffer.from(octets, 'latin1');
  // A DHCPv4 answer begins with 2, BOOTREPLY, and a DHCPv6 one with 7, REPLY.
  return message[0] === 2 ? readDhcp4(message) : message[0] === 7 ? readDhcp6(message) : undefined;
}

/** Leases that may be read, and resolvers for the rest. */
export function dhcpcdRecords(
  hooks: readonly Reading<ResolvConf>[],
  leases: readonly Reading<AnsweredLease | undefined>[],
  { interfaceNamed, fromWall }: Surroundings,
): (LeaseRecord | ResolverRecord)[] {
  const newest = new Map<string, LeaseRecord>();
  // Of several wireless networks of one interface, the one that was joined last.
  for (const { name, file, said } of [...leases].sort((a, b) => a.file.changedAt - b.file.changedAt)) {
    const owner = ownerOfLease(name, interfaceNamed);
    if (owner === undefined || said === undefined) continue;
    const protocol = said.lease.family === 4 ? 'dhcp' : 'dhcp6';
    // Each renewal writes the file anew.
    const untilWall = said.lifetime === undefined ? null : file.changedAt + said.lifetime * 1000;
    newest.set(
      `${owner.name}.${protocol}`,
      leaseRecord('dhcpcd', protocol, owner.id, { ...said.lease, untilWall }, fromWall),
    );
  }
  const records: (LeaseRecord | ResolverRecord)[] = [...newest.values()];
  for (const { name, said } of hooks) {
    const end = name.lastIndexOf('.');
    const owner = interfaceNamed(name.slice(0, end));
    if (owner === undefined || newest.has(name)) continue;
    const { searchDomains } = said;
    const resolvers = resolversOn(said.resolvers, owner);
    const of = { origin: 'dhcpcd', key: name.slice(end + 1), interfaceId: owner.id } as const;
    records.push({ type: 'resolver', ...of, resolvers, searchDomains, routingDomains: [] });
  }
  return records;
}

/** Names of interfaces and of wireless networks may both have hyphens: the longest interface that there is. */
function ownerOfLease(name: string, interfaceNamed: Surroundings['interfaceNamed']) {
  const stem = name.replace(/\.lease6?$/, '');
  for (let end = stem.length; end > 0; end = stem.lastIndexOf('-', end - 1)) {
    const owner = interfaceNamed(stem.slice(0, end));
    if (owner !== undefined) return owner;
  }
  return undefined;
}
