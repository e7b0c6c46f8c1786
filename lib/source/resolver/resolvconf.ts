// SPDX-License-Identifier: MIT
// What resolvconf and openresolv keep for each interface and program: files of resolver lines named `eth0.dhcp`. Those of the
// loopback interface are of a resolver on this machine.

import type { ResolverRecord } from '../../pvd/record.ts';
import type { FolderReader, Reading, Surroundings } from '../file/file-source.ts';
import type { Interface } from '../../snapshot/change.ts';
import { resolversOn } from '../told-values.ts';
import { parseResolvConf, type ResolvConf } from './resolv-conf.ts';

export const resolvconfFiles: FolderReader<ResolvConf> = {
  // openresolv, and Debian's resolvconf.
  folders: ['/run/resolvconf/interfaces', '/run/resolvconf/interface'],
  wants: (name) => !name.startsWith('.') && !name.startsWith('lo.'),
  isWhole: (text) => text.endsWith('\n'),
  read: parseResolvConf,
};

export function resolvconfRecords(
  readings: readonly Reading<ResolvConf>[],
  { interfaceNamed }: Surroundings,
): ResolverRecord[] {
  return readings.flatMap(({ name, said }) => {
    const [owner, program] = ownerOf(name, interfaceNamed);
    if (owner === undefined) return [];
    const { id: interfaceId } = owner;
    const { searchDomains } = said;
    const resolvers = resolversOn(said.resolvers, owner);
    if (resolvers.length + searchDomains.length === 0) return [];
    const key = program || 'interface';
    return [{ type: 'resolver', origin: 'resolvconf', key, interfaceId, resolvers, searchDomains, routingDomains: [] }];
  });
}

/** The interface of `eth0.100.dhcp` is the longest name that there is: names may have dots. */
function ownerOf(name: string, interfaceNamed: Surroundings['interfaceNamed']): [Interface | undefined, string] {
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const owner = interfaceNamed(name.slice(0, end));
    if (owner !== undefined) return [owner, name.slice(end + 1)];
  }
  return [undefined, ''];
}
