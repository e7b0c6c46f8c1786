// SPDX-License-Identifier: MIT
// What leads from one moment of a host to a later one, as users see it: records by noun, domains among them. The earlier
// snapshot and the change make the later snapshot, whatever happened between the two.

import type { RecordKind } from '../binding/contract.gen.ts';
import type { DomainState } from '../pvd/domain-state.ts';
import { hasRoute } from '../pvd/domain-view.ts';
import type { ProvisioningDomain, PvdEndReason } from '../pvd/provisioning-domain.ts';
import type { HostChange, Noun } from '../snapshot/change.ts';
import { type Difference, decodeDifference, type Step } from '../snapshot/difference.ts';
import { renamingSteps } from '../snapshot/renaming.ts';
import { type RouteDetail, routeFilterOf } from '../snapshot/snapshot.ts';
import { nativeFilter } from '../snapshot/table.ts';
import type { Moment } from './moment.ts';

/** The noun under which users find the records of a kind. */
const nouns: { readonly [K in RecordKind]: Noun } = {
  interface: 'interfaces',
  address: 'addresses',
  nexthop: 'nexthops',
  route: 'routes',
  rule: 'rules',
  neighbour: 'neighbours',
};

/** The difference of two moments of one mirror that need not be neighbours. */
export function differenceBetween(
  earlier: Moment,
  later: Moment,
  routes: RouteDetail,
): Pick<Difference, 'cause' | 'steps'> {
  const before = earlier.snapshot;
  const after = later.snapshot;
  const words = after.native.difference(before.native, nativeFilter(routeFilterOf(routes)));
  const { cause, steps } = decodeDifference(words, { names: before.names, before: before.now, after: after.now });
  return { cause, steps: routes === 'none' ? steps.filter(({ kind }) => kind !== 'route') : steps };
}

/**
 * The change from one moment to a later one; undefined when nothing differs that users see.
 * @param difference - of the records, by the mirror or differenceBetween.
 * @param endReason - why a domain ended.
 */
export function hostChange(
  earlier: Moment,
  later: Moment,
  { cause, steps }: Pick<Difference, 'cause' | 'steps'>,
  endReason: (handle: string) => PvdEndReason,
): HostChange | undefined {
  const added: Lists = {};
  const changed: Lists = {};
  const removed: Lists = {};
  const all = [...steps, ...renamingSteps(steps, earlier.snapshot, later.snapshot)];
  for (const { kind, before, after } of all) {
    const noun = nouns[kind];
    if (before === undefined) put(added, noun, after);
    else if (after === undefined) put(removed, noun, before);
    else put(changed, noun, { before, after });
  }
  const pvds = changedPvds(earlier, later, all, endReason);
  for (const pvd of pvds.added) put(added, 'pvds', pvd);
  for (const pair of pvds.changed) put(changed, 'pvds', pair);
  for (const pvd of pvds.removed) put(removed, 'pvds', pvd);
  if ([added, changed, removed].every((lists) => Object.keys(lists).length === 0)) return undefined;

  const { snapshot } = later;
  const { generation, epoch, synced } = snapshot;
  // Each list holds records of its noun: `nouns` has seen to it.
  return Object.freeze({ generation, epoch, synced, cause, added, changed, removed, snapshot } as HostChange);
}

type Lists = { [N in Noun]?: unknown[] };

interface PvdChanges {
  added: ProvisioningDomain[];
  changed: { before: ProvisioningDomain; after: ProvisioningDomain }[];
  removed: ProvisioningDomain[];
}

/** Domains that came, went, have another state, or have other routes. */
function changedPvds(
  earlier: Moment,
  later: Moment,
  steps: readonly Step[],
  endReason: (handle: string) => PvdEndReason,
): PvdChanges {
  const touched = statesWithOtherRoutes(earlier, later, steps);
  const changes: PvdChanges = { added: [], changed: [], removed: [] };
  if (earlier.states === later.states && touched.size === 0) return changes;
  const before = new Map(earlier.states.map((state, at) => [state.handle, { state, at }]));
  for (const [at, state] of later.states.entries()) {
    const known = before.get(state.handle);
    before.delete(state.handle);
    if (known?.state === state && !touched.has(state)) continue;
    const after = later.snapshot.pvds[at]!;
    if (known === undefined) changes.added.push(after);
    else changes.changed.push({ before: earlier.snapshot.pvds[known.at]!, after });
  }
  for (const [handle, { at }] of before) {
    changes.removed.push(ended(earlier.snapshot.pvds[at]!, endReason(handle)));
  }
  return changes;
}

/** A domain with the reason for its end. Copies descriptors: a spread would walk the routes. */
function ended(pvd: ProvisioningDomain, reason: PvdEndReason): ProvisioningDomain {
  const endReason = { value: reason, enumerable: true };
  return Object.freeze(
    Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(pvd), endReason }),
  ) as ProvisioningDomain;
}

function statesWithOtherRoutes(earlier: Moment, later: Moment, steps: readonly Step[]): Set<DomainState> {
  const touched = new Set<DomainState>();
  const routes = steps.filter((step): step is Step & { kind: 'route' } => step.kind === 'route');
  if (routes.length === 0) return touched;
  // Only domains with one state in both moments matter: any other has changed anyway.
  const before = new Set(earlier.states);
  const byIndex = new Map<number, DomainState[]>();
  for (const state of later.states) {
    if (!before.has(state)) continue;
    const states = byIndex.get(state.index);
    if (states === undefined) byIndex.set(state.index, [state]);
    else states.push(state);
  }
  for (const step of routes) {
    for (const route of [step.before, step.after]) {
      if (route === undefined) continue;
      for (const { index } of route.nexthops ?? [route]) {
        for (const state of (index === undefined ? undefined : byIndex.get(index)) ?? []) {
          if (!touched.has(state) && hasRoute(state, route)) touched.add(state);
        }
      }
    }
  }
  return touched;
}

function put(lists: Lists, noun: Noun, item: unknown): void {
  const list = lists[noun];
  if (list === undefined) lists[noun] = [item];
  else list.push(item);
}
