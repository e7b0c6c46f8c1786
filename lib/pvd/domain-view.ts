// SPDX-License-Identifier: MIT
// What users see of a domain in one snapshot: its state, its addresses with the seconds that are left of them at that
// moment, and its routes, which are looked for only when somebody reads them.

import { isLinkLocal } from '../address/ip-address.ts';
import { prefixContains } from '../address/prefix.ts';
import type { Address, Route } from '../binding/contract.gen.ts';
import type { DomainState } from './domain-state.ts';
import type { Member } from './draft.ts';
import { elementOrder } from './element.ts';
import type {
  AdvertisedRoute,
  CaptivePortal,
  DnsServer,
  ElementType,
  ProvisioningDomain,
  PvdAddress,
  PvdDns,
  PvdItem,
} from './provisioning-domain.ts';
import type { Told, ToldSource, ToldWay } from './told.ts';

/** The snapshot that a domain is looked at in. */
export interface DomainContext {
  /** An address as that snapshot tells it: a lifetime that was only prolonged is no change of the domain (trap C6). */
  readonly current: (address: Address) => Address;
  /** Routes that may be some domain's. */
  readonly routes: Iterable<Route>;
  /** Whether that is all that the kernel has, so that a route which is not there is not installed. */
  readonly isComplete: boolean;
  /** The moment of the snapshot, on the clock of lifetimes. */
  readonly now: number;
}

const localTable = 255;

/** A domain as of one snapshot; frozen. Reading routes walks the routes of the snapshot, once. */
export function viewDomain(state: DomainState, context: DomainContext): ProvisioningDomain {
  const { current, routes } = context;
  const parts = state.alsoOn === undefined ? undefined : [state, ...state.alsoOn];
  const all = <T>(of: (part: DomainState) => readonly T[]) => (parts === undefined ? of(state) : parts.flatMap(of));
  const { told } = state;
  let own: readonly Route[] | undefined;
  let advertised: readonly AdvertisedRoute[] | undefined;
  return Object.freeze({
    handle: state.handle,
    id: state.id,
    interfaces: all(({ interfaceName }) => [interfaceName]),
    interfaceIds: all(({ interfaceId }) => [interfaceId]),
    providers: distinct(all(({ providers }) => providers)),
    explicit: state.kind === 'explicit',
    elements: parts === undefined ? state.elements : joinedElements(parts),
    addresses: all((part) => part.members.map((member) => viewAddress(member, part.interfaceName, current))),
    prefixes: distinct(all(({ prefixes }) => prefixes)),
    routers: all((part) => part.routers),
    get routes() {
      own ??= [...routes].filter((route) => hasRoute(state, route));
      return own;
    },
    get advertisedRoutes() {
      advertised ??= all((part) => (part.told === undefined ? nothing : viewAdvertised(part, part.told, context)));
      return advertised;
    },
    advertisedPrefixes: all((part) => viewPrefixes(part, context)),
    dns: told === undefined && parts === undefined ? noDns : viewDns(parts ?? [state], context),
    ...(told === undefined ? {} : viewSingle(told, context)),
    nat64Prefixes: all((part) => viewNat64(part, context)),
    ntpServers: distinct(all((part) => part.told?.ntpServers ?? nothing)),
    categories: distinct(all((part) => part.told?.categories ?? nothing)),
    trusted: told?.trusted ?? false,
    mtu: parts === undefined ? state.mtu : Math.min(...parts.map(({ mtu }) => mtu)),
    origin: elementOrder.find((type) => state.contents.has(type)) ?? 'static',
    ...(state.validated === undefined ? {} : { validated: state.validated }),
    ...(state.metered === undefined ? {} : { metered: state.metered }),
  });
}

const nothing: readonly never[] = Object.freeze([]);
const noDns: PvdDns = Object.freeze({ servers: nothing, searchDomains: nothing, zones: nothing });

function distinct<T>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? items : [...new Set(items)];
}

/** An element of several interfaces grows with each of them. */
function joinedElements(parts: readonly DomainState[]): ProvisioningDomain['elements'] {
  const versions = new Map<ElementType, number>();
  for (const { elements } of parts) {
    for (const { type, version } of elements) versions.set(type, (versions.get(type) ?? 0) + version);
  }
  return elementOrder.flatMap((type) => {
    const version = versions.get(type);
    return version === undefined ? [] : [{ type, version }];
  });
}

/** What a domain has once. */
function viewSingle(told: Told, context: DomainContext): Partial<ProvisioningDomain> {
  const [nat64] = told.nat64;
  return {
    ...(nat64 === undefined ? {} : { nat64Prefix: nat64.value }),
    ...(told.captivePortal === undefined ? {} : { captivePortal: viewPortal(told.captivePortal, told, context) }),
    ...(told.information === undefined ? {} : { info: told.information.object }),
    ...(told.connectivity === undefined ? {} : { connectivity: told.connectivity }),
    ...(told.intent === undefined ? {} : { intent: told.intent }),
  };
}

function viewPortal(apiUri: string, { portal }: Told, { now }: DomainContext): CaptivePortal {
  if (portal === undefined) return { apiUri };
  const { captive, userPortalUrl, venueInfoUrl, canExtendSession, sessionUntil, bytesRemaining } = portal;
  return {
    apiUri,
    captive,
    ...(userPortalUrl === undefined ? {} : { userPortalUrl }),
    ...(venueInfoUrl === undefined ? {} : { venueInfoUrl }),
    ...(canExtendSession === undefined ? {} : { canExtendSession }),
    ...(sessionUntil === undefined ? {} : { secondsRemaining: secondsLeft(sessionUntil, now) ?? 0 }),
    ...(bytesRemaining === undefined ? {} : { bytesRemaining }),
  };
}

function viewDns(parts: readonly DomainState[], { now }: DomainContext): PvdDns {
  const servers = parts.flatMap((part) =>
    (part.told?.servers ?? nothing).map(
      (server): DnsServer => ({
        address: server.address,
        ...(server.isOfLink ? { interface: part.interfaceName } : {}),
        ...viewItem(server, now),
      }),
    ),
  );
  const forEverything = parts.find(({ told }) => told?.isForEverything !== undefined)?.told?.isForEverything;
  return {
    servers,
    searchDomains: distinct(parts.flatMap(({ told }) => told?.searchDomains ?? nothing).map(({ value }) => value)),
    zones: distinct(parts.flatMap(({ told }) => told?.zones ?? nothing)),
    ...(forEverything === undefined ? {} : { forEverything }),
  };
}

function viewPrefixes({ told }: DomainState, { now }: DomainContext): ProvisioningDomain['advertisedPrefixes'] {
  if (told === undefined) return nothing;
  return told.prefixes.map((told) => ({
    prefix: told.prefix,
    router: told.router,
    onLink: told.onLink,
    autonomous: told.autonomous,
    preferredLifetime: secondsLeft(told.preferredUntil, now),
    ...viewItem(told, now),
  }));
}

function viewNat64({ told }: DomainState, { now }: DomainContext): ProvisioningDomain['nat64Prefixes'] {
  if (told === undefined) return nothing;
  return told.nat64.map((item) => ({ prefix: item.value, ...viewItem(item, now) }));
}

function viewAdvertised(
  { index }: DomainState,
  told: Told,
  { routes, isComplete, now }: DomainContext,
): readonly AdvertisedRoute[] {
  if (told.routes.length === 0) return nothing;
  const installed = new Set(isComplete ? installedWays(told.routes, routes, index) : []);
  return told.routes.map((way) => ({
    destination: way.prefix,
    ...(way.via === undefined ? {} : { gateway: way.via }),
    ...(way.preference === undefined ? {} : { preference: way.preference }),
    ...(isComplete ? { installed: installed.has(way) } : {}),
    ...viewItem(way, now),
  }));
}

/** Those of the told routes that the kernel has over an interface. */
function* installedWays(ways: readonly ToldWay[], routes: Iterable<Route>, index: number): Generator<ToldWay> {
  const byPrefix = new Map<string, ToldWay[]>();
  for (const way of ways) byPrefix.set(way.prefix, [...(byPrefix.get(way.prefix) ?? []), way]);
  for (const route of routes) {
    if (!mayBeOfDomain(route)) continue;
    for (const way of byPrefix.get(route.destination) ?? nothing) {
      const hops = route.nexthops ?? [route];
      if (hops.some((hop) => hop.index === index && hop.gateway === way.via)) yield way;
    }
  }
}

function viewItem({ origin, element, until }: ToldSource, now: number): PvdItem {
  return { origin, element, lifetime: secondsLeft(until, now) };
}

function secondsLeft(until: number | null, now: number): number | null {
  return until === null ? null : Math.max(0, Math.floor((until - now) / 1000));
}

/**
 * Whether a route is a domain's: it leads through one of its routers, or to what is on its link. Routes through another
 * gateway of the link are nobody's; local, broadcast and multicast entries are the host's.
 */
export function hasRoute(state: DomainState, route: Route): boolean {
  if (!mayBeOfDomain(route)) return false;
  const hops = route.nexthops ?? [route];
  return (
    hops.some((hop) => hop.index === state.index && isThrough(state, route, hop.gateway)) ||
    (state.alsoOn?.some((part) => hasRoute(part, route)) ?? false)
  );
}

/** False for routes that are no domain's, which can be told without one. */
export function mayBeOfDomain(route: Route): boolean {
  return route.type === 'unicast' && route.table !== localTable;
}

function isThrough(state: DomainState, route: Route, gateway: string | undefined): boolean {
  if (gateway !== undefined) {
    if (state.kind === 'router') return state.providers.includes(gateway);
    // A router that says it is none for this domain still is the way to what it advertises (PVD-65).
    if (state.name !== undefined) {
      return isDefault(route)
        ? state.routers.some(({ address }) => address === gateway)
        : state.providers.includes(gateway);
    }
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

function isDefault({ destination }: Route): boolean {
  return destination.endsWith('/0');
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
