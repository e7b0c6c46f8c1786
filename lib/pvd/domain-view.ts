// SPDX-License-Identifier: MIT
// What users see of a domain in one snapshot: its state, its addresses with the seconds that are left of them at that
// moment, and its routes, which are looked for only when somebody reads them.

import { isLinkLocal } from '../address/ip-address.ts';
import { prefixContains } from '../address/prefix.ts';
import type { Address, Route } from '../binding/contract.gen.ts';
import type { DomainState } from './domain-state.ts';
import type { Member } from './draft.ts';
import { elementOrder } from './element.ts';
import type { ProvisioningDomain, PvdAddress } from './provisioning-domain.ts';

/** The snapshot that a domain is looked at in. */
export interface DomainContext {
  /** An address as that snapshot tells it: a lifetime that was only prolonged is no change of the domain (trap C6). */
  readonly current: (address: Address) => Address;
  /** Routes that may be some domain's. */
  readonly routes: Iterable<Route>;
}

const localTable = 255;

/** A domain as of one snapshot; frozen. Reading `routes` walks the routes of the snapshot, once. */
export function viewDomain(state: DomainState, { current, routes }: DomainContext): ProvisioningDomain {
  let own: readonly Route[] | undefined;
  return Object.freeze({
    handle: state.handle,
    id: state.id,
    interfaces: [state.interfaceName],
    interfaceIds: [state.interfaceId],
    providers: state.providers,
    explicit: false,
    elements: state.elements,
    addresses: state.members.map((member) => viewAddress(member, state.interfaceName, current)),
    prefixes: state.prefixes,
    routers: state.routers,
    get routes() {
      own ??= [...routes].filter((route) => hasRoute(state, route));
      return own;
    },
    dns: { servers: [], searchDomains: [] },
    mtu: state.mtu,
    origin: elementOrder.find((type) => state.contents.has(type)) ?? 'static',
    ...(state.validated === undefined ? {} : { validated: state.validated }),
    ...(state.metered === undefined ? {} : { metered: state.metered }),
  });
}

/**
 * Whether a route is a domain's: it leads through one of its routers, or to what is on its link. Routes through another
 * gateway of the link are nobody's; local, broadcast and multicast entries are the host's.
 */
export function hasRoute(state: DomainState, route: Route): boolean {
  if (!mayBeOfDomain(route)) return false;
  const hops = route.nexthops ?? [route];
  return hops.some((hop) => hop.index === state.index && isThrough(state, route, hop.gateway));
}

/** False for routes that are no domain's, which can be told without one. */
export function mayBeOfDomain(route: Route): boolean {
  return route.type === 'unicast' && route.table !== localTable;
}

function isThrough(state: DomainState, route: Route, gateway: string | undefined): boolean {
  if (gateway !== undefined) {
    if (state.kind === 'router') return state.providers.includes(gateway);
    return state.kind === 'static' && state.prefixes.some((prefix) => prefixContains(prefix, gateway));
  }
  const [network] = route.destination.split('/') as [string];
  if (isLinkLocal(network) || state.kind === 'link-local') return isLinkLocal(network) && state.kind === 'link-local';
  if (route.preferredSource !== undefined) {
    return state.members.some(({ record }) => record.address.address === route.preferredSource);
  }
  // The kernel's own on-link routes belong to the prefix that they were made for; others to the interface.
  const isMade = route.protocol === 'kernel' || route.protocol === 'ra';
  return !isMade || state.prefixes.includes(route.destination);
}

function viewAddress({ record, shared }: Member, interfaceName: string, current: DomainContext['current']): PvdAddress {
  const { address, state } = record;
  return {
    ...current(address),
    interface: interfaceName,
    state,
    temporary: address.family === 6 && address.flags.includes('secondary'),
    shared,
  };
}
