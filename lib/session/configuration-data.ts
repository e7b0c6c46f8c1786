// SPDX-License-Identifier: MIT
// What a provisioning domain has under an identifier of configuration information, whole or as one element's
// contribution (MIF-46, MIF-48). The domain is already merged by precedence: `any` is as it stands.

import { isLinkLocal } from '../address/ip-address.ts';
import { prefixContains } from '../address/prefix.ts';
import { elementOfAddress, elementOfRoute, elementOrder } from '../pvd/element.ts';
import type { ElementType, ProvisioningDomain, PvdAddress, PvdItem } from '../pvd/provisioning-domain.ts';
import type { Interface } from '../snapshot/change.ts';
import type {
  AddressItem,
  ConfigurationItem,
  ConfigurationValues,
  DefaultRouterItem,
  Information,
  LastingItem,
  PrefixItem,
  RouteItem,
} from './configuration-value.ts';
import { addressFacts, isAnnounceable, lifetimeAt, withoutAbsent } from './facts.ts';
import type { NoConfigurationDataReason } from './message.ts';

/** A domain at the moment of a request. */
export interface DomainMoment {
  readonly pvd: ProvisioningDomain;
  /** Its interfaces, in its order. */
  readonly links: readonly Interface[];
  /** Since when the lifetimes in it count, and now: milliseconds of one clock. */
  readonly takenAt: number;
  readonly now: number;
}

export type ConfigurationAnswer =
  | { [I in Information]: { readonly information: I; readonly value: ConfigurationValues[I] } }[Information]
  | { readonly reason: NoConfigurationDataReason };

/** All elements together (MIF-46). */
const anyElement = 'any';

/** Identifiers of the registry that nothing on this host tells of. */
const untold: ReadonlySet<string> = new Set(['dns-selection-rules', 'address-policy', 'http-proxy']);

/** @param element - a type of element, or `any`. */
export function configurationData(moment: DomainMoment, element: string, information: string): ConfigurationAnswer {
  if (untold.has(information)) return { reason: 'not-available-on-host' };
  if (!isInformation(information)) return { reason: 'unknown-identifier' };
  const type = elementOrder.find((known) => known === element);
  const isThere = type !== undefined && moment.pvd.elements.some((present) => present.type === type);
  if (element !== anyElement && !isThere) return { reason: 'no-such-element' };
  const source: Source<Information> = sources[information];
  if (type !== undefined && source.elements !== undefined) {
    const candidates = source.elements.filter((one) => moment.pvd.elements.some((present) => present.type === one));
    if (!candidates.includes(type)) return { reason: 'empty' };
    // It is there once, and which of them it came with is not known.
    if (candidates.length > 1) return { reason: hasValue(source.read(moment)) ? 'not-available-on-host' : 'empty' };
  }
  let value = source.read(moment);
  if (type !== undefined && Array.isArray(value)) value = (value as readonly unknown[]).filter(isOf(type)) as never;
  return hasValue(value) ? ({ information, value } as ConfigurationAnswer) : { reason: 'empty' };
}

interface Source<I extends Information> {
  /** Elements that can have it, where what is read does not say of which it is. */
  readonly elements?: readonly ElementType[];
  /** Undefined where the domain has none. Of lists, what names its element is told apart by it. */
  read(moment: DomainMoment): ConfigurationValues[I] | undefined;
}

const fromNetwork: readonly ElementType[] = ['ra', 'dhcpv4', 'dhcpv6'];

const sources: { readonly [I in Information]: Source<I> } = {
  'dns-server-list': {
    read: (moment) =>
      moment.pvd.dns.servers.map((server) =>
        withoutAbsent({ address: server.address, interface: server.interface, ...lasting(server, moment) }),
      ) as ConfigurationValues['dns-server-list'],
  },
  'dns-search-list': {
    elements: [...fromNetwork, 'vpn', 'resolver', 'policy'],
    read: ({ pvd }) => pvd.dns.searchDomains.map((domain) => ({ domain })),
  },
  'dns-zones': { elements: ['resolver', 'pvd-info', 'policy'], read: ({ pvd }) => pvd.dns.zones },
  'pvd-id': { read: ({ pvd }) => pvd.id },
  'pvd-kind': { read: ({ pvd }) => (pvd.explicit ? 'explicit' : 'implicit') },
  'pvd-info': { elements: ['pvd-info'], read: ({ pvd }) => pvd.info },
  interfaces: { read: ({ links }) => links.map(({ id, index, name }) => ({ id, index, name })) },
  prefixes: { read: prefixItems },
  addresses: { read: addressItems },
  'default-routers': { read: routerItems },
  routes: { read: routeItems },
  mtu: { elements: [...fromNetwork, 'vpn', 'static', 'link-local'], read: ({ pvd }) => pvd.mtu },
  'nat64-prefixes': {
    read: (moment) => moment.pvd.nat64Prefixes.map((item) => ({ prefix: item.prefix, ...lasting(item, moment) })),
  },
  'captive-portal': { elements: [...fromNetwork, 'capport'], read: ({ pvd }) => pvd.captivePortal },
  'ntp-servers': { elements: ['dhcpv4', 'dhcpv6'], read: ({ pvd }) => pvd.ntpServers },
  'no-internet': {
    elements: ['pvd-info'],
    read: ({ pvd }) => (typeof pvd.info?.['noInternet'] === 'boolean' ? pvd.info['noInternet'] : undefined),
  },
  metered: { elements: ['resolver', 'policy'], read: ({ pvd }) => pvd.metered },
  connectivity: { elements: ['resolver'], read: ({ pvd }) => ({ state: pvd.connectivity ?? 'unknown' }) },
  trust: {
    elements: ['policy'],
    read: ({ pvd }) => (pvd.trusted ? { level: 'trusted', by: 'policy' } : { level: 'untrusted' }),
  },
};

function prefixItems({ pvd, links, takenAt, now }: DomainMoment): PrefixItem[] {
  const aged = (seconds: number | null) => secondsLeft(seconds, takenAt, now);
  const advertised = pvd.advertisedPrefixes.map(
    (item): PrefixItem => ({
      prefix: item.prefix,
      onLink: item.onLink,
      autonomous: item.autonomous,
      validLifetime: aged(item.lifetime),
      preferredLifetime: aged(item.preferredLifetime),
      router: item.router,
      element: item.element,
      origin: item.origin,
    }),
  );
  const rest = pvd.prefixes.filter((prefix) => advertised.every((item) => item.prefix !== prefix));
  const ofAddresses = rest.flatMap((prefix): PrefixItem[] => {
    const member = pvd.addresses.find(({ address, peer }) => prefixContains(prefix, peer ?? address));
    const link = links.find(({ index }) => index === member?.index);
    return member && link ? [{ prefix, onLink: true, element: elementOfMember(member, link) }] : [];
  });
  return [...advertised, ...ofAddresses];
}

function addressItems({ pvd, links, takenAt, now }: DomainMoment): AddressItem[] {
  return pvd.addresses.filter(isAnnounceable).flatMap((member) => {
    const link = links.find(({ index }) => index === member.index);
    if (!link) return [];
    const { validUntil, preferredUntil, ...facts } = addressFacts(member, takenAt);
    const { id, index, name } = link;
    return [
      withoutAbsent({
        interface: { id, index, name },
        ...facts,
        validLifetime: lifetimeAt(validUntil, facts.family, now),
        preferredLifetime: lifetimeAt(preferredUntil, facts.family, now),
        element: elementOfMember(member, link),
      }) as AddressItem,
    ];
  });
}

function routerItems({ pvd, links, takenAt, now }: DomainMoment): DefaultRouterItem[] {
  const said = pvd.advertisedRoutes.filter(({ destination }) => isDefault(destination));
  const routers = pvd.routers.flatMap((router): DefaultRouterItem[] => {
    const told = said.find(({ gateway }) => gateway === router.address);
    const link = links.find(({ name }) => name === router.interface);
    const route = pvd.routes.find(
      ({ destination, gateway, nexthops }) =>
        isDefault(destination) && (nexthops ?? [{ gateway }]).some((hop) => hop.gateway === router.address),
    );
    const element = told?.element ?? (route && link ? elementOfRoute(route, link) : undefined);
    if (element === undefined) return [];
    return [
      withoutAbsent({
        router: router.address,
        interface: router.interface,
        lifetime: told && secondsLeft(told.lifetime, takenAt, now),
        preference: router.preference ?? told?.preference,
        metric: router.metric,
        element,
        origin: told?.origin,
      }) as DefaultRouterItem,
    ];
  });
  // The kernel may be told not to take what routers say (trap G5).
  const others = said.filter(({ gateway }) => pvd.routers.every(({ address }) => address !== gateway));
  return [
    ...routers,
    ...others.flatMap((told): DefaultRouterItem[] => {
      const [on] = pvd.interfaces;
      if (told.gateway === undefined || on === undefined || pvd.interfaces.length > 1) return [];
      return [
        withoutAbsent({
          router: told.gateway,
          interface: on,
          lifetime: secondsLeft(told.lifetime, takenAt, now),
          preference: told.preference,
          element: told.element,
          origin: told.origin,
        }) as DefaultRouterItem,
      ];
    }),
  ];
}

function routeItems(moment: DomainMoment): RouteItem[] {
  const { pvd, links, takenAt, now } = moment;
  const told = new Map(pvd.advertisedRoutes.map((route) => [`${route.destination} ${route.gateway ?? ''}`, route]));
  // The kernel makes the route to a prefix itself; it is of whoever the prefix is of.
  const onLink = new Map(prefixItems(moment).map(({ prefix, element }) => [prefix, element]));
  const installed = pvd.routes.flatMap((route) =>
    (route.nexthops ?? [route]).flatMap((hop): RouteItem[] => {
      const link = links.find(({ index }) => index === hop.index);
      if (!link) return [];
      const key = `${route.destination} ${hop.gateway ?? ''}`;
      const source = told.get(key);
      const ofPrefix = hop.gateway === undefined ? onLink.get(route.destination) : undefined;
      told.delete(key);
      return [
        withoutAbsent({
          prefix: route.destination,
          via: hop.gateway,
          interface: link.name,
          preference: route.preference,
          metric: route.metric,
          protocol: route.protocol,
          lifetime: secondsLeft(route.lifetime ?? null, takenAt, now),
          element: source?.element ?? ofPrefix ?? elementOfRoute(route, link),
          origin: source?.origin,
        }) as RouteItem,
      ];
    }),
  );
  return [
    ...installed,
    ...[...told.values()].map(
      (route) =>
        withoutAbsent({
          prefix: route.destination,
          via: route.gateway,
          preference: route.preference,
          ...lasting(route, moment),
        }) as RouteItem,
    ),
  ];
}

function elementOfMember(member: PvdAddress, link: Interface): ElementType {
  return isLinkLocal(member.address) ? 'link-local' : elementOfAddress(member, link);
}

function lasting({ origin, element, lifetime }: PvdItem, { takenAt, now }: DomainMoment): LastingItem {
  return { lifetime: secondsLeft(lifetime, takenAt, now), element, origin };
}

function secondsLeft(lifetime: number | null, takenAt: number, now: number): number | null {
  return lifetime === null ? null : Math.max(0, Math.round(lifetime - (now - takenAt) / 1000));
}

/** Items that do not say whose they are have been told apart before, or are of all. */
function isOf(type: ElementType): (item: unknown) => boolean {
  return (item) => {
    const { element } = Object(item) as Partial<ConfigurationItem>;
    return element === undefined || element === type;
  };
}

function hasValue(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function isInformation(word: string): word is Information {
  return Object.hasOwn(sources, word);
}

function isDefault(destination: string): boolean {
  return destination === '0.0.0.0/0' || destination === '::/0';
}
