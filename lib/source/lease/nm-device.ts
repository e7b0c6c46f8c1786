// SPDX-License-Identifier: MIT
// What NetworkManager keeps in /run/NetworkManager/devices/<index>: the options of both leases of an interface. Whether
// a network is metered and what the connectivity check found is only told over D-Bus.

import type { LeaseRecord } from '../../pvd/record.ts';
import { endsWithLine, parseAssignments } from '../assignments.ts';
import type { FolderReader, Reading, Surroundings } from '../file/file-source.ts';
import { numberOf, wordsOf } from '../told-values.ts';
import { routesOfClasses, routesOfWords } from './classless-routes.ts';
import { leaseOf, leaseRecord, type ToldLease } from './lease.ts';

export const networkManagerDevices: FolderReader<readonly ToldLease[]> = {
  folders: ['/run/NetworkManager/devices'],
  wants: (name) => /^[1-9]\d{0,9}$/.test(name),
  isWhole: endsWithLine,
  read: parseNetworkManagerDevice,
};

export function parseNetworkManagerDevice(text: string): readonly ToldLease[] {
  const values = parseAssignments(text);
  const leases: ToldLease[] = [];
  const four = (name: string) => values.get(`dhcp4.dhcp4.${name}`);
  if ([...values.keys()].some((name) => name.startsWith('dhcp4.'))) {
    const classless = four('rfc3442_classless_static_routes') ?? four('ms_classless_static_routes');
    leases.push(
      leaseOf({
        family: 4,
        server: four('dhcp_server_identifier'),
        untilWall: endOf(four('expiry')),
        addresses: wordsOf(four('ip_address')),
        routers: wordsOf(four('routers')),
        classlessRoutes: classless === undefined ? undefined : routesOfWords(wordsOf(classless)),
        staticRoutes: routesOfClasses(wordsOf(four('static_routes'))),
        resolvers: wordsOf(four('domain_name_servers')),
        domains: wordsOf(four('domain_name')),
        searchDomains: wordsOf(four('domain_search')),
        captivePortal: four('captive_portal') ?? four('default_url'),
        mtu: four('interface_mtu'),
        ntpServers: wordsOf(four('ntp_servers')),
      }),
    );
  }
  const six = (name: string) => values.get(`dhcp6.dhcp6.${name}`);
  if ([...values.keys()].some((name) => name.startsWith('dhcp6.'))) {
    leases.push(
      leaseOf({
        family: 6,
        server: six('dhcp6_server_id'),
        untilWall: endOf(six('expiry')),
        addresses: wordsOf(six('ip6_address')),
        resolvers: wordsOf(six('dhcp6_name_servers')),
        searchDomains: wordsOf(six('dhcp6_domain_search')),
        ntpServers: wordsOf(six('dhcp6_ntp_servers') ?? six('dhcp6_sntp_servers')),
      }),
    );
  }
  return leases;
}

/** Seconds since 1970. */
function endOf(text: string | undefined): number | null {
  const seconds = numberOf(text);
  return seconds === undefined || seconds >= 0xffff_ffff ? null : seconds * 1000;
}

export function networkManagerRecords(
  readings: readonly Reading<readonly ToldLease[]>[],
  { interfaceAt, fromWall }: Surroundings,
): LeaseRecord[] {
  return readings.flatMap(({ name, said }) => {
    const id = interfaceAt(Number(name))?.id;
    if (id === undefined) return [];
    return said.map((lease) => leaseRecord('network-manager', `dhcp${lease.family}`, id, lease, fromWall));
  });
}
