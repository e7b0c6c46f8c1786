// SPDX-License-Identifier: MIT
// resolv.conf of a host or a namespace: resolvers of which nothing tells where they came from, the last resort. When all that
// it names is a resolver on this machine, it says so instead (trap G3).

import type { ResolverRecord } from '../../pvd/record.ts';
import type { SourceContext, SourceState } from '../../pvd/source.ts';
import { FileSource, type Reading } from '../file/file-source.ts';
import { parseResolvConf, type ResolvConf } from './resolv-conf.ts';

export class ResolvConfSource extends FileSource<ResolvConf> {
  readonly #folder: string;
  readonly #seen: { last: ResolvConf | undefined };

  /** @param folder - `/etc`, or that of a namespace below /etc/netns */
  constructor(root: string, folder: string, context: SourceContext) {
    const seen: { last: ResolvConf | undefined } = { last: undefined };
    super({
      origin: 'resolv-conf',
      root,
      context,
      writer: 'the administrator',
      reader: {
        folders: [folder],
        wants: (name) => name === 'resolv.conf',
        isWhole: (text) => text.endsWith('\n'),
        read: parseResolvConf,
      },
      records: (readings) => {
        seen.last = readings[0]?.said;
        return hostRecords(readings);
      },
    });
    this.#folder = folder;
    this.#seen = seen;
  }

  override get state(): SourceState {
    const { state } = super.state;
    const path = `${this.#folder}/resolv.conf`;
    const { last } = this.#seen;
    if (state === 'limited') return super.state;
    if (last === undefined) return { state: 'absent', why: `no ${path}` };
    if (last.resolvers.length === 0 && last.ownResolvers.length > 0) {
      const why = `${path} names ${last.ownResolvers.join(', ')} only, which a socket held to an interface cannot reach`;
      return { state: 'limited', why };
    }
    return { state: 'working' };
  }
}

function hostRecords(readings: readonly Reading<ResolvConf>[]): ResolverRecord[] {
  return readings.flatMap(({ said: { resolvers, searchDomains } }) => {
    if (resolvers.length + searchDomains.length === 0) return [];
    const key = 'resolv.conf';
    return [
      {
        type: 'resolver',
        origin: 'resolv-conf',
        key,
        interfaceId: undefined,
        resolvers,
        searchDomains,
        routingDomains: [],
      },
    ];
  });
}
