// SPDX-License-Identifier: MIT
// The candidates of a selection: each interface with each source that it could have had, the one chosen first. Which there
// are is found out above, and why each won or lost is said in candidate-reason.ts.

import type { RouteAccount } from '../binding/contract.gen.ts';
import { hintFor, otherReason, reasonOfChoice, reasonOfSource } from './candidate-reason.ts';
import { routeReason } from './finding-text.ts';
import type { Alternative, Inquiry } from './inquiry.ts';
import type { Path } from './path.ts';

/** An interface and a source of it, and what became of them. */
export interface Candidate {
  /** Name of the interface that it would leave by. */
  readonly interface: string;
  /** Source address; null where there is none. */
  readonly source: string | null;
  /** First hop; absent on link, and where no route leads there. */
  readonly gateway?: string | undefined;
  /** Table of its route; absent without one. */
  readonly table?: number | undefined;
  /** Destination of its route; absent where no route was looked at. */
  readonly route?: string | undefined;
  /** Of its route. */
  readonly metric?: number | undefined;
  readonly verdict: 'chosen' | 'rejected';
  /** What decided. */
  readonly reason: string;
  /** What to change so that it is chosen, where that is known. */
  readonly hint?: string | undefined;
}

export function candidatesOf(inquiry: Inquiry): Candidate[] {
  const { chosen, account, alternatives } = inquiry;
  const byInterface = new Map(alternatives.map((each) => [each.interface.name, each]));
  const found = new Map<string, Candidate>();
  const add = (candidate: Candidate) => {
    const key = [candidate.interface, candidate.source].join(' ');
    if (!found.has(key)) found.set(key, candidate);
  };
  if (chosen !== null) add(chosenCandidate(chosen, inquiry));
  for (const each of otherSources(inquiry)) add(each);
  const hops: Candidate[] = [];
  for (const hop of account?.routes ?? []) {
    if (isTaken(hop)) continue;
    const other = byInterface.get(hop.interface ?? '');
    // The chosen source may have several ways, of which but one is taken.
    if (chosen !== null && hop.interface === chosen.interface) hops.push(hopCandidate(hop, chosen.source, undefined));
    else if (other !== undefined && decides(hop, other)) add(hopCandidate(hop, sourceOf(other), hintFor(other)));
  }
  for (const other of alternatives) {
    for (const each of otherCandidates(other, inquiry)) add(each);
  }
  return [...found.values(), ...hops];
}

function isTaken({ finding }: RouteAccount): boolean {
  return finding === 'chosen' || finding === 'refuses' || finding === 'leaves-table';
}

/** Whether the hop is why its interface is not chosen: nothing is in the way before it, and it does not just come later. */
function decides({ finding }: RouteAccount, { excluded, obstacle }: Alternative): boolean {
  return excluded === undefined && obstacle === undefined && finding !== 'not-reached';
}

function chosenCandidate(chosen: Path, { account }: Inquiry): Candidate {
  const taken = account?.routes.findLast(({ finding }) => finding === 'chosen');
  return {
    interface: chosen.interface,
    source: chosen.source,
    gateway: chosen.gateway ?? undefined,
    table: chosen.table === 0 ? undefined : chosen.table,
    route: taken?.route.destination,
    metric: taken === undefined ? undefined : chosen.metric,
    verdict: 'chosen',
    reason: reasonOfChoice(chosen, account),
  };
}

/** The other addresses of the interface that was chosen, or asked. */
function otherSources(inquiry: Inquiry): Candidate[] {
  const { chosen, asked, account, usable } = inquiry;
  const name = chosen?.interface ?? asked;
  if (name === undefined) return [];
  const own = (account?.sources ?? []).filter((each) => each.interface === name && each.address !== chosen?.source);
  return own.map((each) => ({
    interface: name,
    source: each.address,
    verdict: 'rejected',
    reason: reasonOfSource(each, inquiry),
    hint: usable.has(each.address) ? `Ask with source ${each.address}.` : undefined,
  }));
}

function hopCandidate(hop: RouteAccount, source: string | null, hint: string | undefined): Candidate {
  return {
    interface: hop.interface ?? '',
    source,
    gateway: hop.gateway,
    table: hop.route.table,
    route: hop.route.destination,
    metric: hop.route.metric,
    verdict: 'rejected',
    reason: routeReason(hop),
    hint,
  };
}

function otherCandidates(other: Alternative, inquiry: Inquiry): Candidate[] {
  const { selection, addresses } = other;
  const isPath = selection.verdict === 'path';
  const first = sourceOf(other);
  const sources = first === null ? [null] : [first, ...addresses.filter((each) => each !== first)];
  return sources.map((source) => ({
    interface: other.interface.name,
    source,
    gateway: isPath ? selection.gateway : undefined,
    table: isPath && selection.table !== 0 ? selection.table : undefined,
    metric: isPath ? selection.metric : undefined,
    verdict: 'rejected',
    reason: otherReason(other, inquiry),
    hint: source === first && inquiry.chosen?.type !== 'local' ? hintFor(other) : undefined,
  }));
}

function sourceOf({ selection, addresses }: Alternative): string | null {
  return selection.source ?? addresses[0] ?? null;
}
