// SPDX-License-Identifier: MIT
// Implicit provisioning domains of one interface at one moment (RFC 7556 section 2.3, PVD-12): one for each router,
// `static` for addresses that no router claims, `link-local` for what is scoped to the link. Pure: no identity,
// no time, no history; registry.ts gives those.
//
// A router is the gateway of a default route, or of one of the two halves by which tunnels replace one. The gateway of
// other routes only is a neighbour that knows the way to somewhere, not who configured the interface.

import { isLinkLocal, isLoopback } from '../address/ip-address.ts';
import { networkOf } from '../address/prefix.ts';
import type { AddressRecord, DomainDraft, DraftRouter, LinkMoment, Member } from './draft.ts';
import { elementOfAddress, elementOfRoute } from './element.ts';
import { membership } from './membership.ts';
import { bestMetric, groupRouters, type Router, type RouterGroup } from './router-group.ts';

/** Providers of the domain of addresses that no router claims. */
const staticProviders = ['static'];
/** Providers of the pseudo-domain of link-local addresses (MIF-92). */
const linkLocalProviders = ['link-local'];
const noRouters: readonly DraftRouter[] = [];

/**
 * The domains of an interface: routers in order of family and metric, then `static`, then `link-local`. A router is
 * there even with no address; `static` and `link-local` only with some.
 */
export function implicitDomains(link: LinkMoment): DomainDraft[] {
  return new Attribution(link).drafts(link.addresses);
}

/** An address and the domains that it is in. */
interface Claim {
  readonly member: Member;
  /** Places in the list of router groups; none for one that no router claims. */
  readonly owners: readonly number[];
}

/**
 * Whose the addresses of an interface are, as long as nothing but addresses changes. Remembers what it said of each, so that
 * an address that comes or goes costs a look at that address, and members that stay are the same objects.
 */
export class Attribution {
  /** Providers of the router domains. */
  readonly providers: readonly (readonly string[])[];
  readonly #interface: LinkMoment['interface'];
  readonly #groups: readonly RouterGroup[];
  readonly #routers: readonly (readonly DraftRouter[])[];
  /** None for an address that makes no domain. */
  readonly #claims = new WeakMap<AddressRecord, Claim | 'none'>();

  constructor(link: Omit<LinkMoment, 'addresses'>) {
    this.#interface = link.interface;
    this.#groups = groupRouters(link.defaultRoutes, link);
    this.providers = this.#groups.map((group) => group.map((router) => router.address));
    this.#routers = this.#groups.map((group) => group.map((router) => draftRouter(router, link)));
  }

  /** As implicitDomains. */
  drafts(addresses: Iterable<AddressRecord>): DomainDraft[] {
    const members: Member[][] = [];
    const unclaimed: Member[] = [];
    const linkLocal: Member[] = [];
    for (let at = 0; at < this.#groups.length; ++at) members.push([]);
    for (const record of addresses) {
      let claim = this.#claims.get(record);
      if (claim === undefined) {
        claim = this.#claim(record);
        this.#claims.set(record, claim);
      }
      if (claim === 'none') continue;
      const { member, owners } = claim;
      if (member.element === 'link-local') linkLocal.push(member);
      else if (owners.length === 0) unclaimed.push(member);
      else for (const owner of owners) members[owner]!.push(member);
    }

    const drafts: DomainDraft[] = [];
    for (let at = 0; at < members.length; ++at) {
      drafts.push({
        kind: 'router',
        providers: this.providers[at]!,
        routers: this.#routers[at]!,
        members: members[at]!,
      });
    }
    if (unclaimed.length > 0) {
      drafts.push({ kind: 'static', providers: staticProviders, routers: noRouters, members: unclaimed });
    }
    if (linkLocal.length > 0) {
      drafts.push({ kind: 'link-local', providers: linkLocalProviders, routers: noRouters, members: linkLocal });
    }
    return drafts;
  }

  #claim(record: AddressRecord): Claim | 'none' {
    const { address } = record;
    // The host's own 127/8 and ::1 lead nowhere and make no domain.
    if (isLoopback(address.address)) return 'none';
    // Of a point-to-point address the far end's (trap C2).
    const network = networkOf(address.peer ?? address.address, address.prefixLength);
    if (isLinkLocal(address.address)) {
      return { member: { record, network, shared: false, evident: true, element: 'link-local' }, owners: [] };
    }
    const element = elementOfAddress(address, this.#interface);
    const { groups, evident } = membership(address, this.#groups);
    return {
      member: { record, network, shared: groups.length > 1, evident, element },
      owners: groups.map((group) => this.#groups.indexOf(group)),
    };
  }
}

function draftRouter(router: Router, link: Pick<LinkMoment, 'interface'>): DraftRouter {
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
