// SPDX-License-Identifier: MIT
// What has been told of one domain, added up: all records that belong to it, in the order in which they are believed,
// without what is over and without what is too much. Pure; whose a record is says grouping.ts.

import type { ElementType } from './provisioning-domain.ts';
import { foldName } from './reference.ts';
import { isInForce, newerOption } from './information.ts';
import type {
  Expiry,
  InformationRecord,
  LinkRecord,
  PortalRecord,
  PvdOption,
  PvdRecord,
  RecordOrigin,
  ToldPrefix,
  ToldRoute,
} from './record.ts';

/** Where an item came from, and until when it holds (PVD-19). */
export interface ToldSource {
  readonly origin: RecordOrigin;
  readonly element: ElementType;
  readonly until: Expiry;
}

export interface ToldServer extends ToldSource {
  readonly address: string;
  /** Whether it was told on the interface of the domain; false for what the whole host was told. */
  readonly isOfLink: boolean;
}

export interface ToldName extends ToldSource {
  readonly value: string;
}

export interface ToldWay extends ToldRoute, ToldSource {}

export interface ToldNetwork extends ToldPrefix, ToldSource {
  readonly router: string;
}

/** All that was told of one domain. One object as long as its records are the same and none of their items is over. */
export interface Told {
  /** In the order in which they are to be asked. */
  readonly servers: readonly ToldServer[];
  readonly searchDomains: readonly ToldName[];
  readonly zones: readonly string[];
  /** Whether the servers are for names of no zone as well; undefined where nobody said. */
  readonly isForEverything: boolean | undefined;
  readonly nat64: readonly ToldName[];
  readonly captivePortal: string | undefined;
  /** Whether it was told of several, which is somebody's mistake (PVD-79). */
  readonly isPortalUnclear: boolean;
  /** What that said. */
  readonly portal: PortalRecord | undefined;
  /** Of an advertisement that says that there is additional information. */
  readonly option: PvdOption | undefined;
  readonly information: InformationRecord | undefined;
  /** Default routes are among them. */
  readonly routes: readonly ToldWay[];
  readonly prefixes: readonly ToldNetwork[];
  readonly ntpServers: readonly string[];
  readonly mtu: number | undefined;
  readonly metered: boolean | undefined;
  readonly connectivity: LinkRecord['connectivity'];
  readonly intent: LinkRecord['intent'];
  readonly categories: readonly string[];
  readonly trusted: boolean;
  readonly hidden: boolean;
  /** What each element consists of, lifetimes left out (MIF-34, trap C6). */
  readonly contents: ReadonlyMap<ElementType, readonly string[]>;
  /** When the first of it is over. */
  readonly nextEnd: number | undefined;
  /** When the last of it is over; null when something has no end. */
  readonly lastEnd: Expiry;
  /** Items that were left out because there are too many (SEC-17). */
  readonly refused: number;
}

/** Most items of one domain (SEC-17). */
const mostItems = { prefixes: 32, routes: 64, resolvers: 16, searchDomains: 32, nat64: 16, zones: 256 } as const;

export interface TellOptions {
  readonly now: number;
  /** Whether the check of the network manager went out this way: it makes one for an interface, not for each domain. */
  readonly isWayOut: boolean;
}

/** @param records - those of one domain, in any order. */
export function tell(records: readonly PvdRecord[], { now, isWayOut }: TellOptions): Told {
  const ordered = [...records].sort(byBelief);
  const ends = new Ends(now);
  let refused = 0;
  const limited = <T extends { readonly until: Expiry }>(items: readonly T[], most: number): readonly T[] => {
    refused += Math.max(0, items.length - most);
    return longestLasting(items, most);
  };

  const servers = new Map<string, ToldServer>();
  const searchDomains = new Map<string, ToldName>();
  const nat64 = new Map<string, ToldName>();
  const routes = new Map<string, ToldWay>();
  const prefixes = new Map<string, ToldNetwork>();
  const zones = new Set<string>();
  const ntpServers = new Set<string>();
  const categories = new Set<string>();
  const contents = new Map<ElementType, string[]>();
  const single: {
    captivePortal?: string;
    portal?: PortalRecord;
    option?: PvdOption;
    information?: InformationRecord;
    mtu?: number;
    metered?: boolean;
    connectivity?: LinkRecord['connectivity'];
    intent?: LinkRecord['intent'];
    isForEverything?: boolean;
    trusted?: boolean;
    hidden?: boolean;
  } = {};

  const portals = new Set<string>();

  for (const record of ordered) {
    const element = elementOfRecord(record);
    const from = (until: Expiry): ToldSource => ({ origin: record.origin, element, until });
    const parts: unknown[] = [];
    // What was told first by a better source stays (DNS-18); what is over was told by nobody.
    const add = <T extends ToldSource>(items: Map<string, T>, key: string, item: T) => {
      if (!ends.isAhead(item.until)) return;
      parts.push(key);
      if (!items.has(key)) items.set(key, item);
    };
    const settle = <K extends keyof typeof single>(key: K, value: (typeof single)[K]) => {
      if (value === undefined) return;
      parts.push([key, value]);
      single[key] ??= value;
    };
    const settlePortal = (uri: string | undefined) => {
      settle('captivePortal', uri);
      if (uri !== undefined) portals.add(uri);
    };
    const addServer = (address: string, until: Expiry) =>
      add(servers, address.toLowerCase(), { address, isOfLink: record.interfaceId !== undefined, ...from(until) });
    const addName = (value: string, until: Expiry) => add(searchDomains, foldName(value), { value, ...from(until) });
    const addRoute = (route: ToldRoute, until: Expiry) =>
      add(routes, `${route.prefix} ${route.via ?? ''}`, { ...route, ...from(until) });
    const addZones = (values: readonly string[]) => {
      parts.push(values);
      for (const value of values) zones.add(foldName(value));
    };

    switch (record.type) {
      case 'router': {
        const { header, router } = record;
        if (header !== undefined) {
          addRoute({ prefix: '::/0', via: router, preference: header.preference }, header.until);
          parts.push([header.preference, header.managed, header.otherConfig, ends.isAhead(header.until)]);
        }
        if (record.pvd !== undefined) {
          parts.push(record.pvd);
          if (record.pvd.http) single.option = newerOption(single.option, record.pvd);
        }
        for (const prefix of record.prefixes) {
          parts.push([prefix.onLink, prefix.autonomous]);
          add(prefixes, `${prefix.prefix} ${router}`, { ...prefix, router, ...from(prefix.validUntil) });
        }
        for (const { value, until } of record.routes) {
          parts.push(value.preference);
          addRoute(value, until);
        }
        for (const { value, until } of record.resolvers) addServer(value, until);
        for (const { value, until } of record.searchDomains) addName(value, until);
        for (const { value, until } of record.nat64) add(nat64, value.toLowerCase(), { value, ...from(until) });
        settlePortal(record.captivePortal);
        settle('mtu', record.mtu);
        break;
      }
      case 'lease': {
        const { until } = record;
        parts.push(record.server, record.addresses);
        for (const router of record.routers) addRoute({ prefix: defaultOf(record.family), via: router }, until);
        for (const route of record.routes) addRoute(route, until);
        for (const address of record.resolvers) addServer(address, until);
        for (const name of record.searchDomains) addName(name, until);
        if (ends.isAhead(until)) {
          parts.push(record.ntpServers);
          for (const server of record.ntpServers) ntpServers.add(server);
          settlePortal(record.captivePortal);
          settle('mtu', record.mtu);
        }
        break;
      }
      case 'resolver':
        for (const address of record.resolvers) addServer(address, null);
        for (const name of record.searchDomains) addName(name, null);
        addZones(record.routingDomains);
        settle('isForEverything', record.forEverything);
        break;
      case 'link':
        settle('metered', record.metered);
        settle('intent', record.intent);
        if (isWayOut) settle('connectivity', record.connectivity);
        break;
      case 'information':
        // Whatever was said by others comes before, so that it is known by now whether this still holds.
        if (!isInForce(record, single.option, prefixes.values()) || !ends.isAhead(record.until, false)) continue;
        single.information = record;
        parts.push(record.object);
        // Who may say for which names it is asked is not the network's to decide (DNS-24, DNS-42).
        if (single.trusted === true) addZones(record.dnsZones);
        break;
      case 'portal': {
        if (record.apiUri !== single.captivePortal) continue;
        const { sessionUntil, ...rest } = record;
        single.portal = record;
        parts.push({ ...rest, isLimited: sessionUntil !== undefined });
        break;
      }
      case 'policy':
        for (const address of record.resolvers) addServer(address, null);
        for (const name of record.searchDomains) addName(name, null);
        addZones(record.routingDomains);
        for (const category of record.categories) categories.add(category);
        parts.push(record.categories);
        settle('metered', record.metered);
        settle('trusted', record.trusted);
        settle('hidden', record.hidden);
    }
    const content = contents.get(element);
    const text = JSON.stringify(parts);
    if (content === undefined) contents.set(element, [text]);
    else content.push(text);
  }

  return {
    servers: limited([...servers.values()], mostItems.resolvers),
    searchDomains: limited([...searchDomains.values()], mostItems.searchDomains),
    zones: [...zones].slice(0, mostItems.zones),
    isForEverything: single.isForEverything,
    nat64: limited([...nat64.values()], mostItems.nat64),
    captivePortal: single.captivePortal,
    isPortalUnclear: portals.size > 1,
    portal: single.portal,
    option: single.option,
    information: single.information,
    routes: limited([...routes.values()], mostItems.routes),
    prefixes: limited([...prefixes.values()], mostItems.prefixes),
    ntpServers: [...ntpServers],
    mtu: single.mtu,
    metered: single.metered,
    connectivity: single.connectivity,
    intent: single.intent,
    categories: [...categories],
    trusted: single.trusted ?? false,
    hidden: single.hidden ?? false,
    contents,
    nextEnd: ends.first,
    lastEnd: ends.last,
    refused,
  };
}

/** The element that a record is part of (MIF-33). */
function elementOfRecord(record: PvdRecord): ElementType {
  switch (record.type) {
    case 'router':
      return 'ra';
    case 'lease':
      return record.family === 4 ? 'dhcpv4' : 'dhcpv6';
    case 'policy':
      return 'policy';
    case 'information':
      return 'pvd-info';
    case 'portal':
      return 'capport';
    default:
      return 'resolver';
  }
}

// What the user configured comes before what the network says (DNS-16), DHCP before router advertisements (DNS-18), and
// what was told with a domain before what a daemon tells of the link or of the host (DNS-11).
const typeOrder: readonly PvdRecord['type'][] = [
  'policy',
  'lease',
  'router',
  'resolver',
  'link',
  'information',
  'portal',
];
const originOrder: readonly RecordOrigin[] = [
  'policy',
  'router-advertisements',
  'nd-user-options',
  'networkd',
  'network-manager',
  'dhclient',
  'dhcpcd',
  'udhcpc',
  'resolved',
  'resolvconf',
  'resolv-conf',
  'pvd-information',
  'captive-portal',
];

function byBelief(one: PvdRecord, other: PvdRecord): number {
  return (
    typeOrder.indexOf(one.type) - typeOrder.indexOf(other.type) ||
    familyOf(other) - familyOf(one) ||
    originOrder.indexOf(one.origin) - originOrder.indexOf(other.origin) ||
    compare(one.key, other.key)
  );
}

function familyOf(record: PvdRecord): number {
  return record.type === 'lease' ? record.family : 0;
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function defaultOf(family: 4 | 6): string {
  return family === 4 ? '0.0.0.0/0' : '::/0';
}

/** As many as may stay, in their order; those that end first have to go first. */
function longestLasting<T extends { readonly until: Expiry }>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const lasting = (item: T) => item.until ?? Number.POSITIVE_INFINITY;
  const kept = new Set(
    [...items].sort((a, b) => Number(lasting(b) > lasting(a)) - Number(lasting(b) < lasting(a))).slice(0, most),
  );
  return items.filter((item) => kept.has(item));
}

/** The first and the last end of what is not over. */
class Ends {
  readonly #now: number;
  first: number | undefined;
  last: Expiry = 0;

  constructor(now: number) {
    this.#now = now;
  }

  /** @param keeps - whether the domain is there for as long */
  isAhead(until: Expiry, keeps = true): boolean {
    if (until === null) this.last = null;
    else {
      if (keeps && this.last !== null && until > this.last) this.last = until;
      if (until <= this.#now) return false;
      if (this.first === undefined || until < this.first) this.first = until;
    }
    return true;
  }
}
