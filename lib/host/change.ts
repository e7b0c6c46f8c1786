// SPDX-License-Identifier: MIT
// What leads from one moment of a host to a later one, as users see it: records by noun, domains among them. The earlier
// snapshot and the change make the later snapshot, whatever happened between the two.

import type { RecordKind } from '../binding/contract.gen.ts';
import { type DomainState, isSameRevision } from '../pvd/domain-state.ts';
import { hasRoute, mayBeOfDomain } from '../pvd/domain-view.ts';
import type { ProvisioningDomain, PvdEndReason } from '../pvd/provisioning-domain.ts';
import type { HostChange, HostChangeCause, Noun } from '../snapshot/change.ts';
import { type Difference, decodeDifference, type Step } from '../snapshot/difference.ts';
import { renamingSteps } from '../snapshot/renaming.ts';
import { type HostSnapshot, type RouteDetail, shownRoutes } from '../snapshot/snapshot.ts';
import type { Moment } from './moment.ts';

/** What a change is made of beside the two moments. */
export interface ChangeParts {
  readonly cause: HostChangeCause;
  readonly steps: readonly Step[];
}

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
  const words = after.native.difference(before.native, shownRoutes[routes]);
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
  { cause, steps }: ChangeParts,
  endReason: (handle: string) => PvdEndReason,
): HostChange | undefined {
  const added: Lists = {};
  const changed: Lists = {};
  const removed: Lists = {};
  const renamed = renamingSteps(steps, earlier.snapshot, later.snapshot);
  const all = renamed.length === 0 ? steps : [...steps, ...renamed];
  for (const { kind, before, after } of all) {
    const noun = nouns[kind];
    if (before === undefined) put(added, noun, after);
    else if (after === undefined) put(removed, noun, before);
    else put(changed, noun, { before, after });
  }
  const touched = statesWithOtherRoutes(later, all);
  if (earlier.states !== later.states || touched.size > 0) {
    const pvds = changedPvds(earlier, later, touched, endReason);
    for (const pvd of pvds.added) put(added, 'pvds', pvd);
    for (const pair of pvds.changed) put(changed, 'pvds', pair);
    for (const pvd of pvds.removed) put(removed, 'pvds', pvd);
  }
  if (isEmpty(added) && isEmpty(changed) && isEmpty(removed)) return undefined;

  const { snapshot } = later;
  const { generation, epoch, synced } = snapshot;
  // Each list holds records of its noun: `nouns` has seen to it.
  return Object.freeze({ generation, epoch, synced, cause, added, changed, removed, snapshot } as HostChange);
}

type Lists = { [N in Noun]?: unknown[] };

interface PvdChanges {
  added: ProvisioningDomain[];
  changed: PvdChange[];
  removed: ProvisioningDomain[];
}

interface PvdChange {
  readonly before: ProvisioningDomain;
  readonly after: ProvisioningDomain;
}

/**
 * Domains that came, went, or have another state.
 * @param touched - states that have other routes.
 */
function changedPvds(
  earlier: Moment,
  later: Moment,
  touched: ReadonlySet<DomainState>,
  endReason: (handle: string) => PvdEndReason,
): PvdChanges {
  const changes: PvdChanges = { added: [], changed: [], removed: [] };
  const before = new Map<string, number>();
  for (let at = 0; at < earlier.states.length; ++at) before.set(earlier.states[at]!.handle, at);
  for (let at = 0; at < later.states.length; ++at) {
    const state = later.states[at]!;
    const known = before.get(state.handle);
    before.delete(state.handle);
    if (known === undefined) changes.added.push(later.snapshot.pvds[at]!);
    else if (!isSameRevision(earlier.states[known]!, state) || touched.has(state)) {
      changes.changed.push(changedPvd(earlier.snapshot, known, later.snapshot, at));
    }
  }
  for (const [handle, at] of before) {
    changes.removed.push(ended(earlier.snapshot.pvds[at]!, endReason(handle)));
  }
  return changes;
}

/** A domain in two snapshots, viewed when somebody looks: few who listen for addresses do. */
function changedPvd(earlier: HostSnapshot, before: number, later: HostSnapshot, after: number): PvdChange {
  return {
    get before() {
      return earlier.pvds[before]!;
    },
    get after() {
      return later.pvds[after]!;
    },
  };
}

/** A domain with the reason for its end. Copies descriptors: a spread would walk the routes. */
function ended(pvd: ProvisioningDomain, reason: PvdEndReason): ProvisioningDomain {
  const endReason = { value: reason, enumerable: true };
  return Object.freeze(
    Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(pvd), endReason }),
  ) as ProvisioningDomain;
}

function statesWithOtherRoutes(later: Moment, steps: readonly Step[]): ReadonlySet<DomainState> {
  if (!steps.some(mayTouch)) return nothingTouched;
  const touched = new Set<DomainState>();
  // Those with another state have changed anyway; looking at them too is a test for each.
  const byIndex = new Map<number, DomainState[]>();
  for (const state of later.states) {
    for (const { index } of [state, ...(state.alsoOn ?? [])]) {
      const states = byIndex.get(index);
      if (states === undefined) byIndex.set(index, [state]);
      else states.push(state);
    }
  }
  for (const step of steps) {
    if (!mayTouch(step)) continue;
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

function mayTouch(step: Step): step is Step & { kind: 'route' } {
  return step.kind === 'route' && mayBeOfDomain((step.after ?? step.before)!);
}

const nothingTouched: ReadonlySet<DomainState> = new Set();

function isEmpty(lists: Lists): boolean {
  for (const _ in lists) return false;
  return true;
}

function put(lists: Lists, noun: Noun, item: unknown): void {
  const list = lists[noun];
  if (list === undefined) lists[noun] = [item];
  else list.push(item);
}
