// SPDX-License-Identifier: MIT
// Whether what selection says is what the kernel says. The kernel tells less, so some of ours are one of its; where the
// two may differ by design, the reason stands here.

import type { Route, Selection, Verdict } from '../../lib/binding/contract.gen.ts';
import { RouteTypeNames } from '../../lib/binding/contract.gen.ts';
import type { Snapshot } from '../../lib/snapshot/change.ts';
import type { RouteQuestion } from './questions.ts';

/** As test/selection/route-oracle.py answers. */
export interface KernelAnswer {
  error?: number;
  type?: number;
  index?: number;
  table?: number;
  gateway?: string;
  source?: string;
}

const ENODEV = 19;
const EINVAL = 22;
const EACCES = 13;
const ENETUNREACH = 101;
const EHOSTUNREACH = 113;

const errorsOf: Readonly<Record<Exclude<Verdict, 'path'>, readonly number[]>> = {
  'no-route': [ENETUNREACH],
  unreachable: [ENETUNREACH, EHOSTUNREACH],
  prohibited: [EACCES],
  blackholed: [EINVAL],
  'interface-not-found': [ENODEV],
  'interface-down': [ENETUNREACH],
  'source-not-local': [EINVAL, ENETUNREACH],
  'source-invalid': [EINVAL],
  'no-source': [],
  'scope-required': [],
  'own-address': [],
};

/** What they disagree about; empty when they agree. */
export function disagreements(
  question: RouteQuestion,
  ours: Selection,
  kernel: KernelAnswer,
  snapshot: Snapshot,
): string[] {
  if (ours.verdict !== 'path' || kernel.error !== undefined) {
    if (ours.verdict === 'path') return [`a path, not error ${kernel.error}`];
    if (kernel.error !== undefined && errorsOf[ours.verdict].includes(kernel.error)) return [];
    return [`${ours.verdict}, not ${JSON.stringify(kernel)}`];
  }
  const found: string[] = [];
  const compare = (what: string, one: unknown, other: unknown) => {
    if (one !== other) found.push(`${what} ${one}, not ${other}`);
  };
  compare('type', ours.type, RouteTypeNames[kernel.type ?? 0]);
  if (!isByNexthop(ours, question, snapshot)) compare('table', ours.table, kernel.table);
  const isAnyHop = ours.ways > 1 && hopsOf(ours, question, snapshot).some((hop) => isHop(hop, kernel));
  if (!isAnyHop) {
    compare('interface', ours.index, kernel.index);
    compare('gateway', ours.gateway, kernel.gateway);
  }
  // A route query tells the source that would be chosen, also where one was given (IPv6), or none at all (IPv4).
  if (question.source === undefined && !isAnyHop) compare('source', ours.source, kernel.source);
  return found;
}

/**
 * The kernel keeps an answer for each IPv6 nexthop object, and tells the table and metric of the route that it first made it
 * for, whichever route asks (trap D25).
 */
function isByNexthop(ours: Selection, { destination }: RouteQuestion, { routes }: Snapshot): boolean {
  if (!destination.includes(':')) return false;
  const candidates = routes.where({ family: 6, table: ours.table }) as Iterable<Route>;
  return Array.from(candidates).some(
    (route) => route.nexthopId !== undefined && route.destination.endsWith(`/${ours.prefixLength}`),
  );
}

interface HopAsTold {
  readonly index?: number | undefined;
  readonly gateway?: string | undefined;
}

/** What is to many has no router, although the route has (__mkroute_output). */
function isHop({ index, gateway }: HopAsTold, kernel: KernelAnswer): boolean {
  const isToMany = ['multicast', 'broadcast'].includes(RouteTypeNames[kernel.type ?? 0] ?? '');
  return index === kernel.index && (isToMany || gateway === kernel.gateway);
}

/** Each hop of the routes that may be meant. */
function hopsOf(ours: Selection, { destination }: RouteQuestion, { routes, nexthops }: Snapshot): HopAsTold[] {
  const family = destination.includes(':') ? 6 : 4;
  const hops: HopAsTold[] = [];
  const byId = new Map(Array.from(nexthops, (nexthop) => [nexthop.id, nexthop]));
  for (const route of routes.where({ family, table: ours.table }) as Iterable<Route>) {
    if (route.metric !== ours.metric || !route.destination.endsWith(`/${ours.prefixLength}`)) continue;
    hops.push(...(route.nexthops ?? []));
    hops.push(...(byId.get(route.nexthopId ?? 0)?.group ?? []).map(({ id }) => byId.get(id) ?? {}));
  }
  return hops;
}
