// SPDX-License-Identifier: MIT
// The sources of leases, one for each client of DHCP that keeps something others can read.

import type { RecordOrigin } from '../../pvd/record.ts';
import type { RecordSource, SourceContext } from '../../pvd/source.ts';
import { AbsentSource } from '../absent-source.ts';
import { FileSource, type FileSourceOptions } from '../file/file-source.ts';
import { JoinedSource } from '../joined-source.ts';
import { type SourceRoot, whyNotRead } from '../root.ts';
import { DhcpcdSource } from './dhcpcd-source.ts';
import { dhclientFiles, dhclientRecords } from './dhclient.ts';
import { networkdLeaseRecords, networkdLeases, networkdLinkRecords, networkdLinks } from './networkd.ts';
import { networkManagerDevices, networkManagerRecords } from './nm-device.ts';
import { udhcpcFiles, udhcpcRecords } from './udhcpc.ts';

export const leaseOrigins = ['networkd', 'network-manager', 'dhclient', 'dhcpcd', 'udhcpc'] satisfies RecordOrigin[];

/** One for each origin; those that have nothing here say why in their state, and wait for their daemon to come. */
export function openLeaseSources(
  root: SourceRoot,
  context: SourceContext,
  isWanted: (origin: RecordOrigin) => boolean = () => true,
): RecordSource[] {
  const wanted = leaseOrigins.filter(isWanted);
  if (root.kind !== 'file-system') return wanted.map((origin) => new AbsentSource(origin, whyNotRead(root)));
  const files = <T>(options: Omit<FileSourceOptions<T>, 'root' | 'context'>) =>
    new FileSource({ ...options, root: root.path, context });
  const openers: Record<(typeof leaseOrigins)[number], () => RecordSource> = {
    networkd: () => {
      const networkd = { origin: 'networkd', writer: 'systemd-networkd' } as const;
      return new JoinedSource('networkd', [
        files({ ...networkd, reader: networkdLinks, records: networkdLinkRecords }),
        files({ ...networkd, reader: networkdLeases, records: networkdLeaseRecords }),
      ]);
    },
    'network-manager': () =>
      files({
        origin: 'network-manager',
        writer: 'NetworkManager',
        reader: networkManagerDevices,
        records: networkManagerRecords,
        limit: 'only D-Bus tells which networks are metered and what the connectivity check found',
      }),
    dhclient: () => files({ origin: 'dhclient', writer: 'dhclient', reader: dhclientFiles, records: dhclientRecords }),
    dhcpcd: () => new DhcpcdSource(root.path, context),
    udhcpc: () =>
      files({ origin: 'udhcpc', writer: 'the hook of udhcpc', reader: udhcpcFiles, records: udhcpcRecords }),
  };
  return wanted.map((origin) => openers[origin]());
}
