// SPDX-License-Identifier: MIT
// What dhcpcd tells of its leases, in the words of `dhcpcd -U`: a pure reader of the octets of its socket, and the records. The lease files of dhcpcd have the raw packet and are for root only; the socket answers everybody.

import type { LeaseRecord, ResolverRecord } from '../../pvd/record.ts';
import type { FolderReader, Reading, Surroundings } from '../file/file-source.ts';
import { parseResolvConf, type ResolvConf } from '../resolver/resolv-conf.ts';
import { numberOf, resolversOn, wordsOf } from '../told-values.ts';
import { routesOfClasses, routesOfWords } from './classless-routes.ts';
import { leaseOf, leaseRecord, type ToldLease } from './lease.ts';

/** Files `<interface>.<protocol>` of resolver lines, written again at each renewal. */
export const dhcpcdHooks: FolderReader<ResolvConf> = {
  folders: ['/run/dhcpcd/hook-state/resolv.conf'],
  wants: (name) => /^[^/]+\.(dhcp6?|ra|link|static)$/.test(name),
  isWhole: (text) => text.endsWith('\n'),
  read: parseResolvConf,
};

/** One lease or link, as `dhcpcd -U` prints it. */
export type DhcpcdVariables = ReadonlyMap<string, string>;

/**
 * An answer of the socket: how many, and for each its length and its variables with a zero octet behind each; numbers are those
 * of the machine, of eight octets.
 * @returns undefined as long as it is not whole
 */
export function parseDhcpcdAnswer(answer: Buffer): DhcpcdVariables[] | undefined {
  const found: DhcpcdVariables[] = [];
  if (answer.length < wordBytes) return undefined;
  const count = wordAt(answer, 0);
  let at = wordBytes;
  for (let n = 0; n < count; n++) {
    if (at + wordBytes > answer.length) return undefined;
    const end = at + wordBytes + wordAt(answer, at);
    if (end > answer.length) return undefined;
    found.push(variables(answer.toString('utf8', at + wordBytes, end).split('\0')));
    at = end;
  }
  return found;
}

const wordBytes = 8;

/** More than can be held stands for itself: nothing is that long, so the answer never gets whole. */
const wordAt = (bytes: Buffer, at: number) => Number(bytes.readBigUInt64LE(at));

function variables(lines: readonly string[]): DhcpcdVariables {
  const found = new Map<string, string>();
  for (const line of lines) {
    const equals = line.indexOf('=');
    // Scripts get `new_` before each of them, which the command leaves out when it prints.
    if (equals > 0) found.set(line.slice(0, equals).replace(/^new_/, ''), line.slice(equals + 1));
  }
  return found;
}

export interface DhcpcdLease {
  readonly interface: string;
  readonly protocol: 'dhcp' | 'dhcp6';
  /** Seconds from the moment it was given; undefined for no end. */
  readonly lifetime: number | undefined;
  readonly lease: ToldLease;
}

/** The lease that variables tell; undefined for those of a link or of a router, which are not of DHCP. */
export function dhcpcdLeaseOf(values: DhcpcdVariables): DhcpcdLease | undefined {
  const name = values.get('interface');
  const protocol = values.get('protocol');
  if (name === undefined) return undefined;
  if (protocol === 'dhcp') {
    const classless = values.get('classless_static_routes');
    const lifetime = numberOf(values.get('dhcp_lease_time'));
    const lease = leaseOf({
      family: 4,
      server: values.get('dhcp_server_identifier'),
      untilWall: null,
      addresses: wordsOf(values.get('ip_address')),
      routers: wordsOf(values.get('routers')),
      classlessRoutes: classless === undefined ? undefined : routesOfWords(wordsOf(classless)),
      staticRoutes: routesOfClasses(wordsOf(values.get('static_routes'))),
      resolvers: wordsOf(values.get('domain_name_servers')),
      domains: wordsOf(values.get('domain_name')),
      searchDomains: wordsOf(values.get('domain_search')),
      captivePortal: values.get('captive_portal_uri'),
      mtu: values.get('interface_mtu'),
      ntpServers: wordsOf(values.get('ntp_servers')),
    });
    return { interface: name, protocol, lifetime: lifetime === 0xffff_ffff ? undefined : lifetime, lease };
  }
  if (protocol !== 'dhcp6') return undefined;
  const addresses: string[] = [];
  let lifetime: number | undefined;
  for (const [variable, value] of values) {
    if (!/^dhcp6_ia_[nt]a\d+_ia_addr\d+$/.test(variable)) continue;
    addresses.push(value);
    const life = numberOf(values.get(`${variable}_vltime`));
    if (life !== undefined && life !== 0xffff_ffff) lifetime = Math.max(lifetime ?? 0, life);
  }
  const lease = leaseOf({
    family: 6,
    server: values.get('dhcp6_server_id'),
    untilWall: null,
    addresses,
    resolvers: wordsOf(values.get('dhcp6_name_servers')),
    searchDomains: wordsOf(values.get('dhcp6_domain_search')),
    captivePortal: values.get('dhcp6_captive_portal_uri'),
    ntpServers: wordsOf(values.get('dhcp6_sntp_servers')),
  });
  return { interface: name, protocol, lifetime, lease };
}

/** The interface of `eth0.dhcp`; names of interfaces may have dots of their own. */
const interfaceOfHook = (name: string) => name.slice(0, name.lastIndexOf('.'));

/**
 * Leases for which the socket answered, and resolvers for the rest.
 * @param leases - answers of the socket
 * @param leaseTimes - when each lease file was written, which each renewal does
 */
export function dhcpcdRecords(
  hooks: readonly Reading<ResolvConf>[],
  leases: readonly DhcpcdLease[],
  leaseTimes: ReadonlyMap<string, number>,
  { interfaceNamed, fromWall }: Surroundings,
): (LeaseRecord | ResolverRecord)[] {
  const records: (LeaseRecord | ResolverRecord)[] = [];
  const known = new Set<string>();
  for (const { interface: name, protocol, lifetime, lease } of leases) {
    const id = interfaceNamed(name)?.id;
    const hook = `${name}.${protocol}`;
    if (id === undefined) continue;
    known.add(hook);
    const since = leaseTimes.get(`${name}.${protocol === 'dhcp' ? 'lease' : 'lease6'}`);
    // Without the file nothing tells when the lease was renewed; it is there as long as dhcpcd says so.
    const untilWall = lifetime === undefined || since === undefined ? null : since + lifetime * 1000;
    records.push(leaseRecord('dhcpcd', protocol, id, { ...lease, untilWall }, fromWall));
  }
  for (const { name, said } of hooks) {
    const owner = interfaceNamed(interfaceOfHook(name));
    if (owner === undefined || known.has(name)) continue;
    const { searchDomains } = said;
    const resolvers = resolversOn(said.resolvers, owner);
    const key = name.slice(name.lastIndexOf('.') + 1);
    const of = { origin: 'dhcpcd', key, interfaceId: owner.id } as const;
    records.push({ type: 'resolver', ...of, resolvers, searchDomains, routingDomains: [] });
  }
  return records;
}
