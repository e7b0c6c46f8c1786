// SPDX-License-Identifier: MIT
// Which gateways of an interface are one router: the grain of implicit provisioning domains (PVD-10 to PVD-12).
// Pure. Does not know addresses or identities.

import type { DefaultRoute, LinkMoment } from './draft.ts';

/** A gateway and the default routes through it. */
export interface Router {
  readonly address: string;
  /** Of the gateway itself. */
  readonly family: 4 | 6;
  readonly routes: readonly DefaultRoute[];
}

/** Gateways that are one router, IPv6 first. */
export type RouterGroup = readonly Router[];

/**
 * Groups the gateways of an interface. An IPv4 and an IPv6 gateway are one router if their neighbour entries share
 * a MAC address, or if the interface has exactly one of each, or if they were one before and their MAC addresses do
 * not contradict. Two IPv6 gateways are always two routers, whatever their MAC address: a router that wants
 * two domains uses two link-local addresses (RFC 8801 section 3.2, PVD-11).
 */
export function groupRouters(
  defaultRoutes: readonly DefaultRoute[],
  { macOf, wereTogether }: Pick<LinkMoment, 'macOf' | 'wereTogether'>,
): RouterGroup[] {
  const routers = routersOf(defaultRoutes);
  const six = routers.filter((router) => router.family === 6);
  const four = routers.filter((router) => router.family === 4);
  if (six.length === 1 && four.length === 1) return [routers];

  // Each IPv4 gateway joins at most one IPv6 gateway, so that it never makes two of those one.
  const groups: Router[][] = six.map((router) => [router]);
  for (const gateway of four) {
    const mac = macOf(gateway.address);
    const partner =
      groups.find(([head]) => mac !== undefined && macOf(head!.address) === mac) ??
      groups.find(([head]) => wereTogether(head!.address, gateway.address) && !contradict(mac, macOf(head!.address)));
    if (partner === undefined) groups.push([gateway]);
    else partner.push(gateway);
  }
  return groups;
}

/** The gateways of default routes: IPv6 before IPv4, better metric first, then by text, whatever the order of the routes. */
function routersOf(defaultRoutes: readonly DefaultRoute[]): Router[] {
  const byGateway = new Map<string, DefaultRoute[]>();
  for (const route of defaultRoutes) {
    const routes = byGateway.get(route.gateway);
    if (routes === undefined) byGateway.set(route.gateway, [route]);
    else routes.push(route);
  }
  const routers = [...byGateway].map(
    ([address, routes]): Router => ({ address, family: address.includes(':') ? 6 : 4, routes }),
  );
  return routers.sort(
    (a, b) => b.family - a.family || bestMetric(a) - bestMetric(b) || (a.address < b.address ? -1 : 1),
  );
}

/** Metric of the best default route of a router. */
export function bestMetric(router: Router): number {
  return Math.min(...router.routes.map((route) => route.metric));
}

function contradict(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
