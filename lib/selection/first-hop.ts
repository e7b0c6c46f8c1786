// SPDX-License-Identifier: MIT
// Whose router the first hop is. A socket can be held to an interface, not to one of two routers on it: which of them the
// kernel takes is up to its routes (ROUTE-16).

/** Whether traffic of a provisioning domain goes to a router of that domain, and whether that is by rule or by chance. */
export type FirstHop =
  /** It does, and no other router of the interface could be meant: by a route or rule for its source, or for want of one. */
  | 'enforced'
  /** It does, because the routes happen to be so; with others it would go to another domain's router. */
  | 'accidental'
  /** It goes to a router that is none of the domain's, which may not forward it (RFC 8028 section 3). */
  | 'wrong';

export interface FirstHopFacts {
  readonly gateway: string;
  /** Whether the route, or the rule that led to it, is for some sources only. */
  readonly isBySource: boolean;
  /** Addresses of the domain's routers. */
  readonly own: readonly string[];
  /** Addresses of the other domains' routers on the interface. */
  readonly others: readonly string[];
}

export function firstHopOf({ gateway, isBySource, own, others }: FirstHopFacts): FirstHop {
  if (!own.includes(gateway)) return 'wrong';
  const isLikeGateway = (router: string) => router.includes(':') === gateway.includes(':');
  return isBySource || !others.some(isLikeGateway) ? 'enforced' : 'accidental';
}
