// SPDX-License-Identifier: MIT
// The sources of resolvers, best first (DNS-11): what resolved and resolvconf keep for each interface, then the file of the
// whole host.

import type { RecordSource, SourceContext } from '../../pvd/source.ts';
import { AbsentSource } from '../absent-source.ts';
import { FileSource } from '../file/file-source.ts';
import { JoinedSource } from '../joined-source.ts';
import { type SourceRoot, whyNotRead } from '../root.ts';
import { ResolvConfSource } from './resolv-conf-source.ts';
import { resolvconfFiles, resolvconfRecords } from './resolvconf.ts';
import { resolvedHost, resolvedHostRecords, resolvedLinkRecords, resolvedLinks } from './resolved.ts';

/** One for each origin; those that have nothing here say why in their state. */
export function openResolverSources(root: SourceRoot, context: SourceContext): RecordSource[] {
  const why = whyNotRead(root);
  if (root.kind !== 'file-system') {
    const absent = (['resolved', 'resolvconf'] as const).map((origin) => new AbsentSource(origin, why!));
    if (root.kind === 'none') return [...absent, new AbsentSource('resolv-conf', why!)];
    return [...absent, new ResolvConfSource('/', `/etc/netns/${root.name}`, context)];
  }
  const from = { root: root.path, context };
  const resolved = { ...from, origin: 'resolved', writer: 'systemd-resolved' } as const;
  return [
    new JoinedSource('resolved', [
      new FileSource({ ...resolved, reader: resolvedHost, records: resolvedHostRecords }),
      new FileSource({ ...resolved, reader: resolvedLinks, records: resolvedLinkRecords }),
    ]),
    new FileSource({
      ...from,
      origin: 'resolvconf',
      writer: 'resolvconf',
      reader: resolvconfFiles,
      records: resolvconfRecords,
    }),
    new ResolvConfSource(root.path, '/etc', context),
  ];
}
