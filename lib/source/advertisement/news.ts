// SPDX-License-Identifier: MIT
// Whether what a router says now differs from what was told of it in a way that anybody could see. Routers repeat themselves
// every few seconds; a lifetime that begins anew each time is no news until it is more than a minute and a tenth of what was
// left away from what was told (MIF-41). Sums of small steps are: it is compared with what was told, not with the last
// advertisement. That a prefix was heard again is none at all.

import { isDeepStrictEqual } from 'node:util';
import type { Expiry, Lasting, RouterRecord } from '../../pvd/record.ts';

const leastMoveMs = 60_000;
const leastMoveShare = 0.1;

export function isNews(told: RouterRecord, current: RouterRecord, now: number): boolean {
  const [before, after] = [endsOf(told), endsOf(current)];
  return (
    !isDeepStrictEqual(withoutEnds(told), withoutEnds(current)) ||
    before.some((end, at) => !isSameMoment(end, after[at] as Expiry, now))
  );
}

/** All ends, in an order that what does not end gives. */
function endsOf({ header, prefixes, routes, resolvers, searchDomains, nat64 }: RouterRecord): Expiry[] {
  return [
    header?.until ?? null,
    ...prefixes.flatMap(({ validUntil, preferredUntil }) => [validUntil, preferredUntil]),
    ...[...routes, ...resolvers, ...searchDomains, ...nat64].map(({ until }) => until),
  ];
}

function withoutEnds({ header, prefixes, routes, resolvers, searchDomains, nat64, ...rest }: RouterRecord): object {
  return {
    ...rest,
    header: header && { ...header, until: undefined },
    prefixes: prefixes.map(({ prefix, onLink, autonomous }) => ({ prefix, onLink, autonomous })),
    lists: [routes, resolvers, searchDomains, nat64].map((list: readonly Lasting<unknown>[]) =>
      list.map(({ value }) => value),
    ),
  };
}

function isSameMoment(told: Expiry, current: Expiry, now: number): boolean {
  if (told === null || current === null) return told === current;
  // What is over is over, whenever that was.
  const toldLeftMs = Math.max(0, told - now);
  const leftMs = Math.max(0, current - now);
  if (toldLeftMs === 0 || leftMs === 0) return toldLeftMs === leftMs;
  return Math.abs(leftMs - toldLeftMs) <= Math.max(leastMoveMs, leastMoveShare * toldLeftMs);
}
