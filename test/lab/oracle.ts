// SPDX-License-Identifier: MIT
// What the kernel says of a namespace according to `ip -json`, in the shapes of the library (contract.gen.ts), so
// that the mirror can be held against it entry by entry. What iproute2 leaves out or writes in its own way is
// treated here, in one place each, under the word "Quirk".

import {
  type AddressFlag,
  AddressFlagNames,
  AddressScopeNames,
  HardwareTypeNames,
  type InterfaceFlag,
  InterfaceFlagNames,
  type NeighbourFlag,
  type NeighbourState,
  type NexthopFlag,
  RouteMetricNames,
  RouteProtocolNames,
  RouteTypeNames,
  RuleActionNames,
  type RuleFlag,
} from '../../lib/binding/contract.gen.ts';
import type { IpEntry, Lab } from './lab.ts';

/** One record as plain JSON: absent fields are absent, not undefined. */
export type Entry = Record<string, unknown>;

/** The tables that can be compared, under the names of the library. */
export const nouns = ['interfaces', 'addresses', 'routes', 'rules', 'neighbours', 'nexthops'] as const;
export type ComparedNoun = (typeof nouns)[number];

export type KernelView = Record<ComparedNoun, Entry[]>;

/** What to ask `ip -json -details -Numeric` so that its answers are a view of all tables. */
export const questions = [
  'link',
  'addr',
  '-4 route show table all',
  '-6 route show table all',
  '-4 rule',
  '-6 rule',
  'neigh show nud all',
  'nexthop',
] as const;

/** Asks the kernel about every table of a node. The answers are of slightly different moments. */
export async function askKernel(lab: Lab, node: string): Promise<KernelView> {
  return viewOf(await Promise.all(questions.map((question) => lab.json(node, question))));
}

/** @param answers one for each of `questions` */
export function viewOf(answers: readonly IpEntry[][]): KernelView {
  const [links, addresses, routes4, routes6, rules4, rules6, neighbours, nexthops] = answers;
  const indexes = new Map<string, number>(links!.map(({ ifname, ifindex }) => [ifname, ifindex]));
  return {
    interfaces: links!.map((entry) => interfaceOf(entry, indexes)),
    addresses: addresses!.flatMap((entry) => addressesOf(entry)),
    routes: withoutHidden([
      ...routes4!.map((entry) => routeOf(entry, 4, indexes)),
      ...routes6!.map((entry) => routeOf(entry, 6, indexes)),
    ]),
    rules: [...rules4!.map((entry) => ruleOf(entry, 4)), ...rules6!.map((entry) => ruleOf(entry, 6))],
    neighbours: neighbours!.map((entry) => neighbourOf(entry, indexes)).filter(isCompared),
    nexthops: nexthops!.map((entry) => nexthopOf(entry, indexes)),
  };
}

// --- interfaces ------------------------------------------------------------------------------------------------

const interfaceFlags: Record<string, InterfaceFlag> = {
  UP: 'up',
  BROADCAST: 'broadcast',
  DEBUG: 'debug',
  LOOPBACK: 'loopback',
  POINTOPOINT: 'point-to-point',
  NOTRAILERS: 'no-trailers',
  NOARP: 'no-arp',
  PROMISC: 'promiscuous',
  ALLMULTI: 'all-multicast',
  MASTER: 'master',
  SLAVE: 'slave',
  MULTICAST: 'multicast',
  PORTSEL: 'port-select',
  AUTOMEDIA: 'auto-media',
  DYNAMIC: 'dynamic',
  LOWER_UP: 'lower-up',
  DORMANT: 'dormant',
  ECHO: 'echo',
};

/** Quirk: these stand among the flags and are none: conclusions of iproute2 about carrier and lower interface. */
const remarks = ['NO-CARRIER', 'M-DOWN'];

const operStates: Record<string, string> = { NOTPRESENT: 'not-present', LOWERLAYERDOWN: 'lower-layer-down' };

function interfaceOf(entry: IpEntry, indexes: ReadonlyMap<string, number>): Entry {
  const given: string[] = entry['flags'];
  const adminUp = given.includes('UP');
  // Quirk: RUNNING is never printed; its absence on an interface that is up is printed as NO-CARRIER.
  const running = adminUp && !given.includes('NO-CARRIER');
  const flags = given.filter((flag) => !remarks.includes(flag)).map((flag) => mapped(interfaceFlags, flag));
  // Quirk: a lower interface is printed by name where it is in this namespace, by index where it is not.
  const parent: string | undefined = entry['link'] ?? undefined;
  const link = present({
    index: entry['ifindex'],
    name: entry['ifname'],
    altNames: entry['altnames'] ?? [],
    kind: entry['linkinfo']?.info_kind,
    hardwareType: nameIn(HardwareTypeNames, numberIn(entry['link_type'])),
    mac: entry['address'],
    broadcast: entry['broadcast'],
    mtu: entry['mtu'],
    flags: inBitOrder(InterfaceFlagNames, running ? [...flags, 'running'] : flags),
    operState: operStates[entry['operstate']] ?? entry['operstate'].toLowerCase(),
    parentIndex: parent === undefined ? entry['link_index'] : indexes.get(parent),
    parentNamespace: entry['link_netnsid'],
    masterIndex: indexes.get(entry['master']),
    group: Number(entry['group']),
    transmitQueueLength: entry['txqlen'] ?? 0,
    adminUp,
    running,
    parent,
    master: entry['master'],
  });
  return interfaceAsCompared(link);
}

// --- addresses -------------------------------------------------------------------------------------------------

const addressFlags: Record<string, AddressFlag> = {
  secondary: 'secondary',
  // Quirk: one bit, two names, by family; the contract has one.
  temporary: 'secondary',
  nodad: 'no-dad',
  optimistic: 'optimistic',
  dadfailed: 'dad-failed',
  home: 'home-address',
  deprecated: 'deprecated',
  tentative: 'tentative',
  mngtmpaddr: 'manage-temporary',
  noprefixroute: 'no-prefix-route',
  autojoin: 'multicast-auto-join',
  'stable-privacy': 'stable-privacy',
};

function addressesOf(entry: IpEntry): Entry[] {
  return (entry['addr_info'] as IpEntry[]).map((info) => {
    const flags = Object.keys(addressFlags).filter((name) => info[name]);
    return present({
      interface: entry['ifname'],
      index: entry['ifindex'],
      family: info['family'] === 'inet' ? 4 : 6,
      address: info['local'],
      prefixLength: info['prefixlen'],
      peer: info['address'],
      broadcast: info['broadcast'],
      label: info['label'],
      scope: nameIn(AddressScopeNames, info['scope']),
      flags: inBitOrder(AddressFlagNames, [
        ...flags.map((name) => mapped(addressFlags, name)),
        // Quirk: what is not permanent is printed as dynamic.
        ...(info['dynamic'] ? [] : ['permanent']),
      ]),
      metric: info['metric'],
      preferredLifetime: lifetime(info['preferred_life_time']),
      validLifetime: lifetime(info['valid_life_time']),
    });
  });
}

// --- routes ----------------------------------------------------------------------------------------------------

const nexthopFlags: readonly NexthopFlag[] = [
  'dead',
  'pervasive',
  'onlink',
  'offload',
  'linkdown',
  'unresolved',
  'trap',
];

function routeOf(entry: IpEntry, family: 4 | 6, indexes: ReadonlyMap<string, number>): Entry {
  const route = present({
    family,
    destination: prefixOf(entry['dst'], family),
    type: nameIn(RouteTypeNames, entry['type']),
    table: Number(entry['table']),
    protocol: nameIn(RouteProtocolNames, entry['protocol']),
    scope: nameIn(AddressScopeNames, entry['scope']),
    // Quirk: no metric is 0, and is printed for IPv6 only (trap D13).
    metric: entry['metric'] ?? 0,
    tos: numberIn(entry['tos'] ?? '0'),
    gateway: gatewayOf(entry),
    interface: entry['dev'],
    index: indexes.get(entry['dev']),
    preferredSource: entry['prefsrc'],
    source: entry['from'] === undefined ? undefined : prefixOf(entry['from'], family),
    nexthops: entry['nexthops']?.map((hop: IpEntry) => hopOf(hop, indexes)),
    nexthopId: entry['nhid'],
    flags: hopFlags(entry),
    metrics: metricsOf(entry),
    preference: entry['pref'],
    // Quirk: a route whose time is up and which the kernel has not collected yet has less than none left.
    lifetime: entry['expires'] === undefined ? undefined : Math.max(0, entry['expires']),
  });
  return routeAsCompared(route);
}

function hopOf(hop: IpEntry, indexes: ReadonlyMap<string, number>): Entry {
  return present({
    interface: hop['dev'],
    index: indexes.get(hop['dev']),
    gateway: gatewayOf(hop),
    weight: hop['weight'] ?? 1,
    flags: hopFlags(hop),
  });
}

/** Quirk: an IPv6 gateway of an IPv4 route has a key of its own (trap D11). */
function gatewayOf(entry: IpEntry): string | undefined {
  return entry['gateway'] ?? entry['via']?.host;
}

function hopFlags(entry: IpEntry): string[] {
  return stateAsCompared(nexthopFlags.filter((flag) => entry['flags'].includes(flag)));
}

/** A dead hop is `linkdown` or not, as the last message about its interface left it: that says nothing more. */
function stateAsCompared(flags: readonly string[]): string[] {
  return flags.filter((flag) => flag !== 'linkdown' || !flags.includes('dead'));
}

/** Quirk: the default route is printed as `default`, and the length of host routes not at all. */
function prefixOf(text: string, family: 4 | 6): string {
  if (text === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
  return text.includes('/') ? text : `${text}/${family === 4 ? 32 : 128}`;
}

/** Kernel units of a printed unit. Quirk: round trip times are printed in milliseconds. */
const metricScale: Record<string, number> = { rtt: 8, rttvar: 4 };

function metricsOf(entry: IpEntry): Entry[] | undefined {
  const printed: Record<string, number> = Object.assign({}, ...(entry['metrics'] ?? []));
  const metrics = Object.values(RouteMetricNames)
    .filter((metric) => metric !== 'lock' && printed[metric] !== undefined)
    .map((metric) => ({ metric, value: printed[metric]! * (metricScale[metric] ?? 1) }));
  return metrics.length > 0 ? metrics : undefined;
}

// --- rules -----------------------------------------------------------------------------------------------------

function ruleOf(entry: IpEntry, family: 4 | 6): Entry {
  const has = (key: string) => key in entry;
  const flags: RuleFlag[] = [];
  if (has('not')) flags.push('invert');
  if (has('unresolved')) flags.push('unresolved');
  if (has('iif_detached')) flags.push('input-interface-detached');
  if (has('oif_detached')) flags.push('output-interface-detached');
  return present({
    family,
    priority: entry['priority'],
    action: actionOf(entry),
    table: Number(entry['table'] ?? 0),
    source: selectorOf(entry['src'], entry['srclen'], family),
    destination: selectorOf(entry['dst'], entry['dstlen'], family),
    inputInterface: entry['iif'],
    outputInterface: entry['oif'],
    ...markOf(entry),
    tos: numberIn(entry['tos'] ?? '0'),
    // Quirk: with -Numeric a protocol is printed as `ipproto-6`.
    ipProtocol: has('ipproto') ? Number(entry['ipproto'].replace('ipproto-', '')) : undefined,
    sourcePortFirst: entry['sport'] ?? entry['sport_start'],
    sourcePortLast: entry['sport'] ?? entry['sport_end'],
    destinationPortFirst: entry['dport'] ?? entry['dport_start'],
    destinationPortLast: entry['dport'] ?? entry['dport_end'],
    uidFirst: entry['uid_start'],
    uidLast: entry['uid_end'],
    gotoPriority: entry['goto'],
    suppressPrefixLength: entry['suppress_prefixlen'],
    suppressGroup: has('suppress_ifgroup') ? Number(entry['suppress_ifgroup']) : undefined,
    tunnelId: entry['tun_id'],
    isL3mdev: has('l3mdev'),
    protocol: nameIn(RouteProtocolNames, entry['protocol']),
    flags,
    unknownAttributes: 0,
  });
}

/** Quirk: actions that are route types have a number, others a key of their own, and the commonest has none. */
function actionOf(entry: IpEntry): string {
  if ('goto' in entry) return 'goto';
  if ('nop' in entry) return 'nop';
  return 'action' in entry ? nameIn(RuleActionNames, entry['action']) : 'to-table';
}

/** Quirk: anything is printed as `all` or left out, and the length of a single address is left out. */
function selectorOf(address: string | undefined, length: number | undefined, family: 4 | 6): string | undefined {
  if (address === undefined || address === 'all') return undefined;
  return `${address}/${length ?? (family === 4 ? 32 : 128)}`;
}

/** Quirk: a full mask is not printed, and a mark of 0 is printed only next to a mask. */
function markOf(entry: IpEntry): Entry {
  if (entry['fwmark'] === undefined) return {};
  return { mark: numberIn(entry['fwmark']), markMask: numberIn(entry['fwmask'] ?? '0xffffffff') };
}

// --- neighbours ------------------------------------------------------------------------------------------------

const neighbourStates: Record<string, NeighbourState> = {
  INCOMPLETE: 'incomplete',
  REACHABLE: 'reachable',
  STALE: 'stale',
  DELAY: 'delay',
  PROBE: 'probe',
  FAILED: 'failed',
  NOARP: 'no-arp',
  PERMANENT: 'permanent',
};

const neighbourFlags: Record<string, NeighbourFlag> = {
  extern_learn: 'externally-learnt',
  offload: 'offloaded',
  router: 'router',
};

function neighbourOf(entry: IpEntry, indexes: ReadonlyMap<string, number>): Entry {
  const states: string[] = entry['state'] ?? [];
  return present({
    interface: entry['dev'],
    index: indexes.get(entry['dev']),
    family: entry['dst'].includes(':') ? 6 : 4,
    address: entry['dst'],
    mac: entry['lladdr'],
    state: states.filter((state) => state !== 'NONE').map((state) => mapped(neighbourStates, state)),
    flags: Object.keys(neighbourFlags)
      .filter((key) => key in entry)
      .map((key) => mapped(neighbourFlags, key)),
    protocol: entry['protocol'] === undefined ? undefined : nameIn(RouteProtocolNames, entry['protocol']),
  });
}

/**
 * The kernel makes entries that need no resolution, such as those of multicast groups, without saying so, and it says
 * nothing of proxy entries that come and go: a mirror can know neither.
 */
function isCompared(neighbour: Entry): boolean {
  const { state, flags } = neighbour as { state: string[]; flags: string[] };
  return state.length > 0 && !state.includes('no-arp') && !flags.includes('proxy');
}

// --- nexthop objects -------------------------------------------------------------------------------------------

const groupTypes: Record<string, number> = { mpath: 0, resilient: 1 };

function nexthopOf(entry: IpEntry, indexes: ReadonlyMap<string, number>): Entry {
  const group: IpEntry[] | undefined = entry['group'];
  return present({
    id: entry['id'],
    interface: entry['dev'],
    index: indexes.get(entry['dev']),
    gateway: gatewayOf(entry),
    isBlackhole: 'blackhole' in entry,
    isFdb: 'fdb' in entry,
    // Quirk: a weight of 1 and the commonest type of a group are not printed.
    group: (group ?? []).map(({ id, weight }) => ({ id, weight: weight ?? 1 })),
    groupType: group ? groupTypes[entry['type'] ?? 'mpath'] : undefined,
    protocol: nameIn(RouteProtocolNames, entry['protocol']),
    scope: nameIn(AddressScopeNames, entry['scope']),
    flags: hopFlags(entry),
  });
}

// --- the mirror's side -----------------------------------------------------------------------------------------

/** Fields of the mirror that iproute2 does not print, or that name things only within a mirror. */
const notPrinted: Record<ComparedNoun, readonly string[]> = {
  interfaces: ['id', 'generation', 'metered', 'vpn', 'settings'],
  addresses: ['origin'],
  routes: ['encapsulation'],
  rules: ['dscp'],
  neighbours: [],
  nexthops: ['family'],
};

/**
 * Records of the mirror as the oracle's own: without what iproute2 does not print.
 * @param records of a snapshot, or of the command line's JSON
 */
export function comparable(noun: ComparedNoun, records: Iterable<unknown>): Entry[] {
  const entries = [...records].map((record) => {
    const entry = JSON.parse(JSON.stringify(record)) as Entry;
    for (const field of notPrinted[noun]) delete entry[field];
    return entry;
  });
  if (noun === 'interfaces') return entries.map((link) => interfaceAsCompared(link));
  if (noun === 'neighbours') return entries.filter(isCompared);
  if (noun === 'rules') return entries.map((rule) => ruleAsCompared(rule));
  if (noun === 'routes') return withoutHidden(entries.map((route) => routeAsCompared(route)));
  return entries;
}

/** The kernel tells nobody that the group of an interface that is down was set (trap B17): a mirror cannot know. */
function interfaceAsCompared({ group, ...link }: Entry): Entry {
  return link['adminUp'] ? { ...link, group } : link;
}

/** A rule as both sides can know it. */
function ruleAsCompared(rule: Entry): Entry {
  // Quirk: that the kernel's own rules cannot be deleted is not printed.
  const flags = (rule['flags'] as string[]).filter((flag) => flag !== 'permanent');
  // The kernel leaves out a mark of 0 even where its mask counts.
  const mark = rule['markMask'] === undefined ? {} : { mark: rule['mark'] ?? 0 };
  return { ...rule, ...mark, flags };
}

/**
 * Routes that both sides can know: of IPv6 ones with the key of a multipath route dumps skip those that stand between its
 * hops, and announcements do not (trap D20).
 */
function withoutHidden(routes: readonly Entry[]): Entry[] {
  const keyOf = ({ table, destination, source, metric }: Entry) => JSON.stringify([table, destination, source, metric]);
  const several = new Set(routes.filter((route) => route['family'] === 6 && route['nexthops']).map(keyOf));
  return routes.filter((route) => route['family'] === 4 || route['nexthops'] || !several.has(keyOf(route)));
}

/** A route as both sides can know it. */
function routeAsCompared({ metrics, nexthops, ...route }: Entry): Entry {
  // Quirk: which metrics are locked is not printed.
  const told = (metrics as { metric: string }[] | undefined)?.filter(({ metric }) => metric !== 'lock');
  return present({
    ...route,
    flags: stateAsCompared(route['flags'] as string[]),
    ...hopsAsCompared(route['family'], nexthops as Entry[] | undefined),
    metrics: told && told.length > 0 ? told : undefined,
  });
}

/**
 * The hops of an IPv6 route are a set: announcements and dumps order them differently (trap D9). One hop is one hop:
 * a route by a group of one member is announced with a gateway and dumped with a list.
 */
function hopsAsCompared(family: unknown, given: readonly Entry[] | undefined): Entry {
  if (given === undefined) return {};
  const hops: Entry[] = given.map((hop) => ({ ...hop, flags: stateAsCompared(hop['flags'] as string[]) }));
  const [only, second] = hops;
  if (only && !second) {
    const { weight: _, ...hop } = only;
    return hop;
  }
  if (family === 4) return { nexthops: hops };
  const keys = new Map(hops.map((hop) => [hop, JSON.stringify(Object.entries(hop).sort())]));
  return { nexthops: [...hops].sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1)) };
}

// --- words and numbers -----------------------------------------------------------------------------------------

function present(entry: Entry): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}

/** Quirk: numbers come as `7`, `0x7` or `[7]`, mostly as text. */
function numberIn(text: string): number {
  return Number(text.replace(/^\[(.*)\]$/, '$1'));
}

function nameIn(names: Readonly<Record<number, string>>, text: string | number): string {
  return names[Number(text)] ?? String(text);
}

function lifetime(seconds: number): number | null {
  return seconds === 0xffffffff ? null : seconds;
}

function mapped<T>(names: Record<string, T>, word: string): T {
  const name = names[word];
  if (name === undefined) throw new Error(`iproute2 prints a word that the oracle does not know: ${word}`);
  return name;
}

function inBitOrder(names: readonly (readonly [number, string])[], flags: readonly string[]): string[] {
  return names.map(([, name]) => name).filter((name) => flags.includes(name));
}
