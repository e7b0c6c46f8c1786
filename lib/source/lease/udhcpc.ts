// SPDX-License-Identifier: MIT
// What udhcpc of busybox told its script. It keeps no lease itself; the hook that comes with this package, share/udhcpc-hook.sh,
// writes the script's variables to /run/node-mif/udhcpc/<interface>, and removes them with the lease.

import type { LeaseRecord } from '../../pvd/record.ts';
import { endsWithLine, parseAssignments } from '../assignments.ts';
import type { FolderReader, Reading, Surroundings } from '../file/file-source.ts';
import { numberOf, wordsOf } from '../told-values.ts';
import { routesOfClasses, routesOfWords } from './classless-routes.ts';
import { leaseOf, leaseRecord, type ToldLease } from './lease.ts';

export const udhcpcFiles: FolderReader<(changedAt: number) => ToldLease | undefined> = {
  folders: ['/run/node-mif/udhcpc'],
  wants: (name) => !name.startsWith('.'),
  isWhole: endsWithLine,
  read: parseUdhcpc,
};

/** @returns the lease as written at a moment, from which its lifetime counts. */
export function parseUdhcpc(text: string): (changedAt: number) => ToldLease | undefined {
  const values = parseAssignments(text);
  const address = values.get('ip');
  if (address === undefined) return () => undefined;
  const lifetime = numberOf(values.get('lease'));
  const classless = values.get('staticroutes') ?? values.get('msstaticroutes');
  const portal = values.get('opt114');
  const lease = leaseOf({
    family: 4,
    server: values.get('serverid'),
    untilWall: null,
    addresses: [address],
    routers: wordsOf(values.get('router')),
    classlessRoutes: classless === undefined ? undefined : routesOfWords(wordsOf(classless)),
    staticRoutes: routesOfClasses(wordsOf(values.get('routes'))),
    resolvers: wordsOf(values.get('dns')),
    domains: wordsOf(values.get('domain')),
    searchDomains: wordsOf(values.get('search')),
    // Options that it has no name for are in hexadecimal.
    captivePortal: portal === undefined ? undefined : Buffer.from(portal, 'hex').toString('utf8'),
    mtu: values.get('mtu'),
    ntpServers: wordsOf(values.get('ntpsrv')),
  });
  const forever = lifetime === undefined || lifetime >= 0xffff_ffff;
  return (changedAt) => ({ ...lease, untilWall: forever ? null : changedAt + lifetime * 1000 });
}

export function udhcpcRecords(
  readings: readonly Reading<(changedAt: number) => ToldLease | undefined>[],
  { interfaceNamed, fromWall }: Surroundings,
): LeaseRecord[] {
  return readings.flatMap(({ name, file, said }) => {
    const id = interfaceNamed(name)?.id;
    const lease = said(file.changedAt);
    return id === undefined || lease === undefined ? [] : [leaseRecord('udhcpc', 'dhcp4', id, lease, fromWall)];
  });
}
