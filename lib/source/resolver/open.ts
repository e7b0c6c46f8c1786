// SPDX-License-Identifier: MIT
// The sources of resolvers, best first (DNS-11): what resolved and resolvconf keep for each interface, then the file of the
// whole host.

import type { RecordOrigin } from '../../pvd/record.ts';
import type { RecordSource, SourceContext } from '../../pvd/source.ts';
import { AbsentSource } from '../absent-source.ts';
import { FileSource } from '../file/file-source.ts';
import { JoinedSource } from '../joined-source.ts';
import { type SourceRoot, whyNotRead } from '../root.ts';
import { ResolvConfSource } from './resolv-conf-source.ts';
import { resolvconfFiles, resolvconfRecords } from './resolvconf.ts';
import { resolvedHost, resolvedHostRecords, resolvedLinkRecords, resolvedLinks } from './resolved.ts';

export const resolverOrigins = ['resolved', 'resolvconf', 'resolv-conf'] satisfies RecordOrigin[];

/** One for each origin that is wanted; those that have nothing here say why in their state. */
export function openResolverSources(
  root: SourceRoot,
  context: SourceContext,
  isWanted: (origin: RecordOrigin) => boolean = () => true,
): RecordSource[] {
  return resolverOrigins.filter(isWanted).map((origin) => {
    if (origin === 'resolv-conf' && root.kind === 'netns') {
      return new ResolvConfSource('/', `/etc/netns/${root.name}`, context);
    }
    if (root.kind !== 'file-system') return new AbsentSource(origin, whyNotRead(root));
    return openers[origin]({ root: root.path, context });
  });
}

const openers: Record<
  (typeof resolverOrigins)[number],
  (from: { root: string; context: SourceContext }) => RecordSource
> = {
  resolved: (from) => {
    const resolved = { ...from, origin: 'resolved', writer: 'systemd-resolved' } as const;
    return new JoinedSource('resolved', [
      new FileSource({ ...resolved, reader: resolvedHost, records: resolvedHostRecords }),
      new FileSource({ ...resolved, reader: resolvedLinks, records: resolvedLinkRecords }),
    ]);
  },
  resolvconf: (from) =>
    new FileSource({
      ...from,
      origin: 'resolvconf',
      writer: 'resolvconf',
      reader: resolvconfFiles,
      records: resolvconfRecords,
    }),
  'resolv-conf': ({ root, context }) => new ResolvConfSource(root, '/etc', context),
};
