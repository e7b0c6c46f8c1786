// SPDX-License-Identifier: MIT
// Implicit provisioning domains of one interface at one moment (RFC 7556 section 2.3, PVD-12): one for each router,
// `static` for addresses that no router claims, `link-local` for what is scoped to the link. Pure: no identity,
// no time, no history; registry.ts gives those.
//
// A router is the gateway of a default route, or of one of the two halves by which tunnels replace one. The gateway of
// other routes only is a neighbour that knows the way to somewhere, not who configured the interface.

import { isLinkLocal, isLoopback } from '../address/ip-address.ts';
import type { DomainDraft, DraftRouter, LinkMoment, Member } from './draft.ts';
import { elementOfAddress, elementOfRoute } from './element.ts';
import { membership } from './membership.ts';
import { bestMetric, groupRouters, type Router } from './router-group.ts';

/** Provider of the domain of addresses that no router claims. */
const staticProvider = 'static';
/** Provider of the pseudo-domain of link-local addresses (MIF-92). */
const linkLocalProvider = 'link-local';

/**
 * The domains of an interface: routers in order of family and metric, then `static`, then `link-local`. A router is
 * there even with no address; `static` and `link-local` only with some.
 */
export function implicitDomains(link: LinkMoment): DomainDraft[] {
  const groups = groupRouters(link.defaultRoutes, link);
  const members = new Map(groups.map((group) => [group, [] as Member[]]));
  const unclaimed: Member[] = [];
  const linkLocal: Member[] = [];

  for (const record of link.addresses) {
    const { address } = record;
    // The host's own 127/8 and ::1 lead nowhere and make no domain.
    if (isLoopback(address.address)) continue;
    if (isLinkLocal(address.address)) {
      linkLocal.push({ record, shared: false, evident: true, element: 'link-local' });
      continue;
    }
    const { groups: owners, evident } = membership(address, groups);
    const member = { record, shared: owners.length > 1, evident, element: elementOfAddress(address, link.interface) };
    if (owners.length === 0) unclaimed.push(member);
    for (const owner of owners) members.get(owner)!.push(member);
  }

  const drafts: DomainDraft[] = groups.map((group) => ({
    kind: 'router',
    providers: group.map((router) => router.address),
    routers: group.map((router) => draftRouter(router, link)),
    members: members.get(group)!,
  }));
  if (unclaimed.length > 0) {
    drafts.push({ kind: 'static', providers: [staticProvider], routers: [], members: unclaimed });
  }
  if (linkLocal.length > 0) {
    drafts.push({ kind: 'link-local', providers: [linkLocalProvider], routers: [], members: linkLocal });
  }
  return drafts;
}

function draftRouter(router: Router, link: LinkMoment): DraftRouter {
  const best = router.routes.find((route) => route.metric === bestMetric(router))!;
  return {
    address: router.address,
    interface: link.interface.name,
    family: router.family,
    metric: best.metric,
    // A reserved preference counts as medium (RFC 4191 section 2.2, ROUTE-09).
    ...(best.preference === undefined
      ? {}
      : { preference: best.preference === 'reserved' ? 'medium' : best.preference }),
    element: elementOfRoute(best, link.interface),
  };
}
