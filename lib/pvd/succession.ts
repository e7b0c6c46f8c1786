// SPDX-License-Identifier: MIT
// Which draft of the present moment continues which domain of the moment before (PVD-24, PVD-27, PVD-19).
// Pure; registry.ts keeps the domains.

import { type DomainIdentity, type DomainState, isSameList } from './domain-state.ts';
import { addressKey, type DomainDraft, type Member } from './draft.ts';

/** A domain as the registry keeps it. */
export interface Association {
  identity: DomainIdentity;
  /** The provider that the id was made from. */
  readonly namedBy: string;
  state: DomainState;
  /** Since when its interface has had no carrier, on the clock of lifetimes. */
  carrierLostAt: number | undefined;
}

/**
 * The drafts in the order of the domains that they continue, where each domain has exactly one with its very providers: what
 * nearly every change leaves as it is. Undefined elsewhere.
 */
export function pairOff(
  before: readonly Association[],
  drafts: readonly DomainDraft[],
): readonly DomainDraft[] | undefined {
  if (before.length !== drafts.length) return undefined;
  const paired: DomainDraft[] = [];
  for (const { identity, state } of before) {
    // A provider is in one draft only of those that it names; others have names of their own.
    const draft = drafts.find(
      ({ name, providers }) => name === identity.name && (name !== undefined || providers[0] === state.providers[0]),
    );
    if (draft?.kind !== identity.kind || !isSameList(draft.providers, state.providers)) return undefined;
    paired.push(draft);
  }
  return paired;
}

/**
 * Which draft continues which domain: the one of its name; of those without a name the one with the provider that its id is
 * made from, else one with any of its providers. Where two domains turn out to be one, the older goes on.
 */
export function matchByProvider(
  before: readonly Association[],
  drafts: readonly DomainDraft[],
): Map<Association, DomainDraft> {
  const matches = new Map<Association, DomainDraft>();
  const taken = new Set<DomainDraft>();
  const match = (association: Association, providers: readonly string[]) => {
    if (matches.has(association)) return;
    const { name, kind } = association.identity;
    const draft = drafts.find(
      (candidate) =>
        !taken.has(candidate) &&
        candidate.name === name &&
        (name !== undefined
          ? candidate.kind === kind
          : providers.some((provider) => candidate.providers.includes(provider))),
    );
    if (draft === undefined) return;
    matches.set(association, draft);
    taken.add(draft);
  };
  for (const association of before) match(association, [association.namedBy]);
  for (const association of before) match(association, association.state.providers);
  return matches;
}

/**
 * Keeps domains whose router is no longer one: their addresses stay valid and they stay domains, without a way to the
 * Internet (trap G2, PVD-19), as long as no other router claims all of them. Adds a draft for each to `matches`, made of
 * members that the given drafts had for want of a better owner, and narrows the matches of those drafts accordingly.
 * @returns the drafts that continue nothing.
 */
export function retainOrphans(
  before: readonly Association[],
  drafts: readonly DomainDraft[],
  matches: Map<Association, DomainDraft>,
): DomainDraft[] {
  const present = new Set(drafts.flatMap(({ providers }) => providers));
  const orphans = before.filter(
    (association) =>
      !matches.has(association) &&
      association.identity.kind === 'router' &&
      !association.state.providers.some((provider) => present.has(provider)),
  );
  let left = new Map(drafts.map((draft) => [draft, draft]));
  // With no router left, what nobody claims belongs to the only domain that there was (PVD-12 step 4).
  const takesAll = orphans.length === 1 && drafts.every(({ kind }) => kind !== 'router');
  for (const orphan of orphans) {
    const { state } = orphan;
    const known = new Map(state.members.map((member) => [addressKey(member.record.address), member]));
    const kept = new Map<string, Member>();
    const isOurs = (draft: DomainDraft, member: Member): boolean => {
      const ours = known.get(addressKey(member.record.address));
      if (draft.kind === 'static') return takesAll || ours !== undefined || state.prefixes.includes(member.network);
      // A router that is still there has it only because nothing says whose it is, while we had it by evidence.
      return draft.kind === 'router' && !member.evident && ours?.evident === true && !ours.shared;
    };
    left = new Map(
      [...left].map(([original, draft]) => {
        const members = draft.members.filter((member) => {
          if (!isOurs(draft, member)) return true;
          const key = addressKey(member.record.address);
          kept.set(key, { ...member, shared: false, evident: known.get(key)?.evident ?? false });
          return false;
        });
        return [original, { ...draft, members }];
      }),
    );
    if (kept.size === 0) continue;
    matches.set(orphan, { kind: 'router', providers: state.providers, routers: [], members: [...kept.values()] });
  }
  for (const [association, draft] of matches) matches.set(association, left.get(draft) ?? draft);
  const continued = new Set(matches.values());
  return [...left.values()].filter((draft) => !continued.has(draft));
}
