// SPDX-License-Identifier: MIT
// How finely the unlabelled configuration of an interface is cut into implicit domains (PVD-12): one for each router, one for
// the interface (PVD-10), or one for each family. Named after what stays the same, so that routers come and go within them.

import type { DomainDraft, Member } from './draft.ts';

/** One implicit domain for each of these. */
export type Granularity = 'router' | 'interface' | 'family';

export const granularities: readonly Granularity[] = ['router', 'interface', 'family'];

/** First provider of the domain of a whole interface. */
export const wholeInterface = 'all';

/** First provider of the domain of one family. */
export function wholeFamily(family: 4 | 6): string {
  return `ipv${family}`;
}

/** Drafts of routers and of what no router claims, joined; that of link-local addresses stays. */
export function coarsen(drafts: readonly DomainDraft[], granularity: Granularity): readonly DomainDraft[] {
  if (granularity === 'router') return drafts;
  const parts = drafts.filter(({ kind }) => kind === 'router' || kind === 'static');
  const rest = drafts.filter((draft) => !parts.includes(draft));
  if (granularity === 'interface') return [...joined(parts, wholeInterface, () => true), ...rest];
  return [
    ...joined(parts, wholeFamily(6), (family) => family === 6),
    ...joined(parts, wholeFamily(4), (family) => family === 4),
    ...rest,
  ];
}

/** One draft of all parts that are of a family; none when that is nothing. */
function joined(
  parts: readonly DomainDraft[],
  provider: string,
  isOf: (family: 4 | 6) => boolean,
): readonly DomainDraft[] {
  const routers = parts.flatMap((part) => part.routers).filter(({ family }) => isOf(family));
  const members = new Map<unknown, Member>();
  for (const member of parts.flatMap((part) => part.members)) {
    const { record } = member;
    if (!isOf(record.address.family) || members.has(record)) continue;
    members.set(record, member.shared ? { ...member, shared: false } : member);
  }
  if (routers.length === 0 && members.size === 0) return [];
  const providers = [provider, ...routers.map(({ address }) => address)];
  return [{ kind: 'router', providers, routers, members: [...members.values()] }];
}
