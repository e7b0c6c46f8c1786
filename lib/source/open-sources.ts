// SPDX-License-Identifier: MIT
// Which sources of records a host has: the list of all there are, those of it that were asked for, and what each can tell here.

import type { NativeMonitor } from '../binding/native.ts';
import type { RecordOrigin } from '../pvd/record.ts';
import type { RecordSource, SourceContext } from '../pvd/source.ts';
import { advertisementOrigins, openAdvertisementSources } from './advertisement/open.ts';
import { leaseOrigins, openLeaseSources } from './lease/open.ts';
import { openPolicySource } from './policy/policy-source.ts';
import { openResolverSources, resolverOrigins } from './resolver/open.ts';
import type { SourceRoot } from './root.ts';
import { type OpenedNamespace, rootOfNamespace } from './root-of-namespace.ts';
import { isWanted, type SourceChoice, type SourceReport, unwanted } from './source-choice.ts';

/** Where a host is: what rooms that listen or read need to do it in the right place. */
export interface SourcePlace extends OpenedNamespace {
  /** Makes sockets in the namespace. */
  readonly monitor: NativeMonitor;
  /** Whose files speak of it; found out when first asked. */
  readonly root: SourceRoot;
}

/** A room of sources. */
export interface SourceFactory {
  readonly origins: readonly RecordOrigin[];
  /** Opens those that are wanted; must not block longer than looking whether something is there takes. */
  open(
    context: SourceContext,
    place: SourcePlace,
    isWanted: (origin: RecordOrigin) => boolean,
  ): readonly RecordSource[];
}

/** All there are. */
const sourceFactories: readonly SourceFactory[] = [
  {
    origins: advertisementOrigins,
    open: (context, { monitor }, isWanted) => openAdvertisementSources(monitor, context, { isWanted }),
  },
  { origins: leaseOrigins, open: (context, { root }, isWanted) => openLeaseSources(root, context, isWanted) },
  { origins: resolverOrigins, open: (context, { root }, isWanted) => openResolverSources(root, context, isWanted) },
  { origins: ['policy'], open: (context, { root }) => [openPolicySource(root, context)] },
];

export interface OpenedSources {
  readonly sources: readonly RecordSource[];
  /** What each origin tells at present. */
  reports(): readonly SourceReport[];
}

/** Opens what was chosen of what there is. */
export function openSources(
  choice: SourceChoice,
  context: SourceContext,
  place: Omit<SourcePlace, 'root'>,
  factories: readonly SourceFactory[] = sourceFactories,
): OpenedSources {
  const wants = (origin: RecordOrigin) => isWanted(choice, origin);
  let root: SourceRoot | undefined;
  const here: SourcePlace = {
    ...place,
    get root() {
      root ??= rootOfNamespace(place);
      return root;
    },
  };
  const sources: RecordSource[] = [];
  for (const { origins, open } of factories) {
    if (origins.some(wants)) sources.push(...open(context, here, wants));
  }
  const known = new Set(factories.flatMap(({ origins }) => origins));
  return {
    sources,
    reports: () =>
      [...known].map((origin): SourceReport => {
        if (!wants(origin)) return unwanted(origin);
        const source = sources.find((each) => each.origin === origin);
        return source === undefined
          ? { origin, state: 'absent', why: 'a better source tells it here', isCovered: true }
          : { origin, ...source.state };
      }),
  };
}
