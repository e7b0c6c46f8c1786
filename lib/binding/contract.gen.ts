// SPDX-License-Identifier: MIT
// Generated from native/contract/contract.json by generate.mjs. Do not edit.

import { flagNames, nameOf, type Unpacker } from './unpacker.ts';

/** Identifies the contract.json that both sides were generated from. */
export const contractDigest = '7e817eb1054322aa';

/** The tables of the mirror, in the order in which a consumer may rely on them: a record names only records of earlier kinds. */
export type RecordKind = 'interface' | 'address' | 'nexthop' | 'route' | 'rule' | 'neighbour';
/** Code to name. */
export const RecordKindNames: Readonly<Record<number, string>> = { 0: 'interface', 1: 'address', 2: 'nexthop', 3: 'route', 4: 'rule', 5: 'neighbour' };

/** What one difference between two snapshots says of a record. */
export type Operation = 'added' | 'changed' | 'removed';
/** Code to name. */
export const OperationNames: Readonly<Record<number, string>> = { 0: 'added', 1: 'changed', 2: 'removed' };

/** Where a monitor is in its life. */
export type MonitorState = 'opening' | 'syncing' | 'live' | 'resyncing' | 'closed';
/** Code to name. */
export const MonitorStateNames: Readonly<Record<number, string>> = { 0: 'opening', 1: 'syncing', 2: 'live', 3: 'resyncing', 4: 'closed' };

/** Why a record changed. A merged change carries the last cause in this order that took part in it. */
export type ChangeCause = 'kernel' | 'inferred' | 'resync';
/** Code to name. */
export const ChangeCauseNames: Readonly<Record<number, string>> = { 0: 'kernel', 1: 'inferred', 2: 'resync' };

/** Internet protocol version. */
export type AddressFamily = 4 | 6;
/** RFC 2863 operational state (IFLA_OPERSTATE). `unknown` is normal for loopback, tunnels and fresh bridges and does not mean down. */
export type OperState = 'unknown' | 'not-present' | 'down' | 'lower-layer-down' | 'testing' | 'dormant' | 'up';
/** Code to name. */
export const OperStateNames: Readonly<Record<number, string>> = { 0: 'unknown', 1: 'not-present', 2: 'down', 3: 'lower-layer-down', 4: 'testing', 5: 'dormant', 6: 'up' };

/** Link layer of an interface (ARPHRD_*). Codes without a name here appear as decimal digits. */
export type HardwareType = 'ether' | 'slip' | 'ppp' | 'rawip' | 'tunnel' | 'tunnel6' | 'loopback' | 'sit' | 'gre' | 'ieee80211' | 'gre6' | 'none' | `${number}`;
/** Code to name. */
export const HardwareTypeNames: Readonly<Record<number, string>> = { 1: 'ether', 256: 'slip', 512: 'ppp', 519: 'rawip', 768: 'tunnel', 769: 'tunnel6', 772: 'loopback', 776: 'sit', 778: 'gre', 801: 'ieee80211', 823: 'gre6', 65534: 'none' };

/** What an interface does with packets whose sender it would not reach that way (RFC 3704, rp_filter). The larger number of this and of the setting for all interfaces holds, so loose wins over strict. Codes without a name here appear as decimal digits. */
export type ReversePathFilter = 'off' | 'strict' | 'loose' | `${number}`;
/** Code to name. */
export const ReversePathFilterNames: Readonly<Record<number, string>> = { 0: 'off', 1: 'strict', 2: 'loose' };

/** Scope of an address or route (rt_scope_t). Codes without a name here appear as decimal digits. */
export type AddressScope = 'global' | 'site' | 'link' | 'host' | 'nowhere' | `${number}`;
/** Code to name. */
export const AddressScopeNames: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

/** Who made an address (IFA_PROTO, Linux 5.18). A hint: older kernels and many tools leave it out. Codes without a name here appear as decimal digits. */
export type AddressOrigin = 'unspecified' | 'kernel-lo' | 'kernel-ra' | 'kernel-ll' | `${number}`;
/** Code to name. */
export const AddressOriginNames: Readonly<Record<number, string>> = { 0: 'unspecified', 1: 'kernel-lo', 2: 'kernel-ra', 3: 'kernel-ll' };

/** What a route does with a packet (RTN_*). Codes without a name here appear as decimal digits. */
export type RouteType = 'unspecified' | 'unicast' | 'local' | 'broadcast' | 'anycast' | 'multicast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw' | 'nat' | 'xresolve' | `${number}`;
/** Code to name. */
export const RouteTypeNames: Readonly<Record<number, string>> = { 0: 'unspecified', 1: 'unicast', 2: 'local', 3: 'broadcast', 4: 'anycast', 5: 'multicast', 6: 'blackhole', 7: 'unreachable', 8: 'prohibit', 9: 'throw', 10: 'nat', 11: 'xresolve' };

/** Who installed a route, rule or nexthop (RTPROT_*). Codes without a name here appear as decimal digits. */
export type RouteProtocol = 'unspec' | 'redirect' | 'kernel' | 'boot' | 'static' | 'gated' | 'ra' | 'mrt' | 'zebra' | 'bird' | 'dnrouted' | 'xorp' | 'ntk' | 'dhcp' | 'mrouted' | 'keepalived' | 'babel' | 'openr' | 'bgp' | 'isis' | 'ospf' | 'rip' | 'eigrp' | `${number}`;
/** Code to name. */
export const RouteProtocolNames: Readonly<Record<number, string>> = { 0: 'unspec', 1: 'redirect', 2: 'kernel', 3: 'boot', 4: 'static', 8: 'gated', 9: 'ra', 10: 'mrt', 11: 'zebra', 12: 'bird', 13: 'dnrouted', 14: 'xorp', 15: 'ntk', 16: 'dhcp', 17: 'mrouted', 18: 'keepalived', 42: 'babel', 99: 'openr', 186: 'bgp', 187: 'isis', 188: 'ospf', 189: 'rip', 192: 'eigrp' };

/** Which routes a monitor mirrors. */
export type RouteDetail = 'defaults' | 'forwarding' | 'all';
/** Code to name. */
export const RouteDetailNames: Readonly<Record<number, string>> = { 0: 'defaults', 1: 'forwarding', 2: 'all' };

/** Preference of a route learnt from a router advertisement (RFC 4191 section 2.1, RTA_PREF). */
export type RouterPreference = 'medium' | 'high' | 'reserved' | 'low';
/** Code to name. */
export const RouterPreferenceNames: Readonly<Record<number, string>> = { 0: 'medium', 1: 'high', 2: 'reserved', 3: 'low' };

/** Per-route transport parameters (RTAX_*). Codes without a name here appear as decimal digits. */
export type RouteMetric = 'lock' | 'mtu' | 'window' | 'rtt' | 'rttvar' | 'ssthresh' | 'cwnd' | 'advmss' | 'reordering' | 'hoplimit' | 'initcwnd' | 'features' | 'rto_min' | 'initrwnd' | 'quickack' | 'congctl' | 'fastopen_no_cookie' | `${number}`;
/** Code to name. */
export const RouteMetricNames: Readonly<Record<number, string>> = { 1: 'lock', 2: 'mtu', 3: 'window', 4: 'rtt', 5: 'rttvar', 6: 'ssthresh', 7: 'cwnd', 8: 'advmss', 9: 'reordering', 10: 'hoplimit', 11: 'initcwnd', 12: 'features', 13: 'rto_min', 14: 'initrwnd', 15: 'quickack', 16: 'congctl', 17: 'fastopen_no_cookie' };

/** What a matching policy rule does (FR_ACT_*). Codes without a name here appear as decimal digits. */
export type RuleAction = 'unspecified' | 'to-table' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit' | `${number}`;
/** Code to name. */
export const RuleActionNames: Readonly<Record<number, string>> = { 0: 'unspecified', 1: 'to-table', 2: 'goto', 3: 'nop', 6: 'blackhole', 7: 'unreachable', 8: 'prohibit' };

/** What selection comes to. */
export type Verdict = 'no-route' | 'path' | 'unreachable' | 'prohibited' | 'blackholed' | 'interface-not-found' | 'interface-down' | 'source-not-local' | 'source-invalid' | 'no-source' | 'scope-required' | 'own-address';
/** Code to name. */
export const VerdictNames: Readonly<Record<number, string>> = { 0: 'no-route', 1: 'path', 2: 'unreachable', 3: 'prohibited', 4: 'blackholed', 5: 'interface-not-found', 6: 'interface-down', 7: 'source-not-local', 8: 'source-invalid', 9: 'no-source', 10: 'scope-required', 11: 'own-address' };

/** What a policy rule comes to for some traffic. All but the first five say which selector keeps it from applying. */
export type RuleFinding = 'asked' | 'refuses' | 'jumps' | 'passes' | 'suppressed' | 'source' | 'destination' | 'input-interface' | 'output-interface' | 'mark' | 'user' | 'traffic-class' | 'protocol' | 'source-port' | 'destination-port' | 'tunnel' | 'vrf' | 'unknown' | 'inverted';
/** Code to name. */
export const RuleFindingNames: Readonly<Record<number, string>> = { 0: 'asked', 1: 'refuses', 2: 'jumps', 3: 'passes', 4: 'suppressed', 5: 'source', 6: 'destination', 7: 'input-interface', 8: 'output-interface', 9: 'mark', 10: 'user', 11: 'traffic-class', 12: 'protocol', 13: 'source-port', 14: 'destination-port', 15: 'tunnel', 16: 'vrf', 17: 'unknown', 18: 'inverted' };

/** What decides between two source addresses: of an address that was not chosen, why the one chosen is before it. RFC 6724 section 5 for IPv6, what the kernel and SAS-17 say for IPv4. */
export type SourceRule = 'none' | 'same-address' | 'scope' | 'deprecated' | 'home' | 'outgoing-interface' | 'next-hop' | 'label' | 'temporary' | 'longest-prefix' | 'lifetime' | 'lowest' | 'subnet' | 'route-source' | 'primary' | 'first' | 'not-candidate' | 'orchid' | 'optimistic' | 'other-link' | 'not-allowed' | 'given' | 'not-asked';
/** Code to name. */
export const SourceRuleNames: Readonly<Record<number, string>> = { 0: 'none', 1: 'same-address', 2: 'scope', 3: 'deprecated', 4: 'home', 5: 'outgoing-interface', 6: 'next-hop', 7: 'label', 8: 'temporary', 9: 'longest-prefix', 10: 'lifetime', 11: 'lowest', 12: 'subnet', 13: 'route-source', 14: 'primary', 15: 'first', 16: 'not-candidate', 17: 'orchid', 18: 'optimistic', 19: 'other-link', 20: 'not-allowed', 21: 'given', 22: 'not-asked' };

/** What a route whose destination matches comes to for some traffic. */
export type RouteFinding = 'chosen' | 'refuses' | 'leaves-table' | 'traffic-class' | 'source' | 'hidden' | 'dead' | 'other-interface' | 'expired' | 'failed-router' | 'less-preferred' | 'not-reached' | 'suppressed' | 'missing-nexthop';
/** Code to name. */
export const RouteFindingNames: Readonly<Record<number, string>> = { 0: 'chosen', 1: 'refuses', 2: 'leaves-table', 3: 'traffic-class', 4: 'source', 5: 'hidden', 6: 'dead', 7: 'other-interface', 8: 'expired', 9: 'failed-router', 10: 'less-preferred', 11: 'not-reached', 12: 'suppressed', 13: 'missing-nexthop' };

/** What the mirror cannot decide. Any of these makes an answer approximate. Bits without a name here appear as `0x…`. */
export type SelectionDoubt = 'unsynced' | 'unknown-rule' | 'vrf' | 'equal-defaults' | 'merged-tables' | 'foreign-source' | 'missing-nexthop' | 'home-address' | 'source-not-asked' | `0x${string}`;
/** Bit to name, lowest first. */
export const SelectionDoubtNames: readonly (readonly [number, string])[] = [[1, 'unsynced'], [2, 'unknown-rule'], [4, 'vrf'], [8, 'equal-defaults'], [16, 'merged-tables'], [32, 'foreign-source'], [64, 'missing-nexthop'], [128, 'home-address'], [256, 'source-not-asked']];

/** Interface flags (IFF_*). Bits without a name here appear as `0x…`. */
export type InterfaceFlag = 'up' | 'broadcast' | 'debug' | 'loopback' | 'point-to-point' | 'no-trailers' | 'running' | 'no-arp' | 'promiscuous' | 'all-multicast' | 'master' | 'slave' | 'multicast' | 'port-select' | 'auto-media' | 'dynamic' | 'lower-up' | 'dormant' | 'echo' | `0x${string}`;
/** Bit to name, lowest first. */
export const InterfaceFlagNames: readonly (readonly [number, string])[] = [[1, 'up'], [2, 'broadcast'], [4, 'debug'], [8, 'loopback'], [16, 'point-to-point'], [32, 'no-trailers'], [64, 'running'], [128, 'no-arp'], [256, 'promiscuous'], [512, 'all-multicast'], [1024, 'master'], [2048, 'slave'], [4096, 'multicast'], [8192, 'port-select'], [16384, 'auto-media'], [32768, 'dynamic'], [65536, 'lower-up'], [131072, 'dormant'], [262144, 'echo']];

/** Address flags (IFA_F_*, 32 bits of IFA_FLAGS). Bit 0 means `secondary` in IPv4 and `temporary` in IPv6. Bits without a name here appear as `0x…`. */
export type AddressFlag = 'secondary' | 'no-dad' | 'optimistic' | 'dad-failed' | 'home-address' | 'deprecated' | 'tentative' | 'permanent' | 'manage-temporary' | 'no-prefix-route' | 'multicast-auto-join' | 'stable-privacy' | `0x${string}`;
/** Bit to name, lowest first. */
export const AddressFlagNames: readonly (readonly [number, string])[] = [[1, 'secondary'], [2, 'no-dad'], [4, 'optimistic'], [8, 'dad-failed'], [16, 'home-address'], [32, 'deprecated'], [64, 'tentative'], [128, 'permanent'], [256, 'manage-temporary'], [512, 'no-prefix-route'], [1024, 'multicast-auto-join'], [2048, 'stable-privacy']];

/** State of one hop of a route (RTNH_F_*). Bits without a name here appear as `0x…`. */
export type NexthopFlag = 'dead' | 'pervasive' | 'onlink' | 'offload' | 'linkdown' | 'unresolved' | 'trap' | `0x${string}`;
/** Bit to name, lowest first. */
export const NexthopFlagNames: readonly (readonly [number, string])[] = [[1, 'dead'], [2, 'pervasive'], [4, 'onlink'], [8, 'offload'], [16, 'linkdown'], [32, 'unresolved'], [64, 'trap']];

/** State of a policy rule (FIB_RULE_*). Bits without a name here appear as `0x…`. */
export type RuleFlag = 'permanent' | 'invert' | 'unresolved' | 'input-interface-detached' | 'output-interface-detached' | `0x${string}`;
/** Bit to name, lowest first. */
export const RuleFlagNames: readonly (readonly [number, string])[] = [[1, 'permanent'], [2, 'invert'], [4, 'unresolved'], [8, 'input-interface-detached'], [16, 'output-interface-detached']];

/** Reachability state (NUD_*, RFC 4861 section 7.3.2). Bits without a name here appear as `0x…`. */
export type NeighbourState = 'incomplete' | 'reachable' | 'stale' | 'delay' | 'probe' | 'failed' | 'no-arp' | 'permanent' | `0x${string}`;
/** Bit to name, lowest first. */
export const NeighbourStateNames: readonly (readonly [number, string])[] = [[1, 'incomplete'], [2, 'reachable'], [4, 'stale'], [8, 'delay'], [16, 'probe'], [32, 'failed'], [64, 'no-arp'], [128, 'permanent']];

/** Neighbour flags (NTF_*). Bits without a name here appear as `0x…`. */
export type NeighbourFlag = 'use' | 'self' | 'master' | 'proxy' | 'externally-learnt' | 'offloaded' | 'sticky' | 'router' | `0x${string}`;
/** Bit to name, lowest first. */
export const NeighbourFlagNames: readonly (readonly [number, string])[] = [[1, 'use'], [2, 'self'], [4, 'master'], [8, 'proxy'], [16, 'externally-learnt'], [32, 'offloaded'], [64, 'sticky'], [128, 'router']];

/** One hop of a multipath route. */
export interface Hop {
  /** Name of the interface when the snapshot was taken. */
  interface?: string | undefined;
  /** Interface index. */
  index?: number | undefined;
  /** Router; absent when the destination is on link. May be IPv6 in an IPv4 route (RFC 5549). */
  gateway?: string | undefined;
  /** 1 to 256; shares of traffic. */
  weight: number;
  /** The kernel announces no change of these; a dump carries them. */
  flags: readonly NexthopFlag[];
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackHop(u: Unpacker): Hop {
  const present = u.word();
  const index = present & 1 ? u.word() : undefined;
  const gateway = present & 2 ? u.address() : undefined;
  const weight = u.word();
  const flags = flagNames(NexthopFlagNames, u.word()) as NexthopFlag[];
  return { interface: index === undefined ? undefined : u.interfaceName(index), index, gateway, weight, flags };
}

/** What selection answers to one question; see docs/api/selection.md. */
export interface Selection {
  /** What it comes to. */
  verdict: Verdict;
  /** What becomes of the packet; unspecified where no route was found. */
  type: RouteType;
  /** Name of the interface when the snapshot was taken. */
  interface?: string | undefined;
  /** Index of the interface that it leaves by; loopback for local destinations. */
  index?: number | undefined;
  /** Table of the route; 0 without one. */
  table: number;
  /** Of the route; lower wins. */
  metric: number;
  /** Bytes: of the route where it has one, else of the interface; 0 where neither is known. */
  mtu: number;
  /** Bits of the destination of the route. */
  prefixLength: number;
  /** Hops of the route that will do, of which the kernel takes one by a hash of the flow; 1 for most routes. */
  ways: number;
  /** Source address. */
  source?: string | undefined;
  /** First hop; absent when the destination is on link. May be IPv6 for an IPv4 destination. */
  gateway?: string | undefined;
  /** No route leads there by the interface bound to; the kernel looks for the destination on the link (trap F3). */
  isAssumedOnLink: boolean;
  /** The route, or the rule that named its table, is for some sources only: another source may go another way. */
  isBySource: boolean;
  /** Why the answer is approximate; empty when it is not. */
  doubts: readonly SelectionDoubt[];
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackSelection(u: Unpacker): Selection {
  const present = u.word();
  const verdict = nameOf(VerdictNames, u.word()) as Verdict;
  const type = nameOf(RouteTypeNames, u.word()) as RouteType;
  const index = present & 1 ? u.word() : undefined;
  const table = u.word();
  const metric = u.word();
  const mtu = u.word();
  const prefixLength = u.word();
  const ways = u.word();
  const source = present & 2 ? u.address() : undefined;
  const gateway = present & 4 ? u.address() : undefined;
  const isAssumedOnLink = u.word() === 1;
  const isBySource = u.word() === 1;
  const doubts = flagNames(SelectionDoubtNames, u.word()) as SelectionDoubt[];
  return { verdict, type, interface: index === undefined ? undefined : u.interfaceName(index), index, table, metric, mtu, prefixLength, ways, source, gateway, isAssumedOnLink, isBySource, doubts };
}

/** One member of a nexthop group. */
export interface GroupMember {
  /** Nexthop id. */
  id: number;
  /** 1 to 65536; shares of traffic. */
  weight: number;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackGroupMember(u: Unpacker): GroupMember {
  const id = u.word();
  const weight = u.word();
  return { id, weight };
}

/** One transport parameter of a route. */
export interface MetricValue {
  /** Which. */
  metric: RouteMetric;
  /** Kernel units, see RouteMetric. */
  value: number;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackMetricValue(u: Unpacker): MetricValue {
  const metric = nameOf(RouteMetricNames, u.word()) as RouteMetric;
  const value = u.word();
  return { metric, value };
}

/** What an interface is set to do with IPv4 (net.ipv4.conf.NAME). Settings for all interfaces are not in it. */
export interface Ipv4Settings {
  /** Sends on what comes in and is for others (forwarding). */
  forwards?: boolean | undefined;
  /** What it lets in (rp_filter). */
  reversePathFilter?: ReversePathFilter | undefined;
  /** Takes 127.0.0.0/8 for ordinary addresses (route_localnet). */
  routesLocalnet?: boolean | undefined;
  /** Its routes are not used while it has no carrier (ignore_routes_with_linkdown). */
  ignoresRoutesWithLinkdown?: boolean | undefined;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackIpv4Settings(u: Unpacker): Ipv4Settings {
  const present = u.word();
  const forwards = present & 1 ? u.word() === 1 : undefined;
  const reversePathFilter = present & 2 ? nameOf(ReversePathFilterNames, u.word()) as ReversePathFilter : undefined;
  const routesLocalnet = present & 4 ? u.word() === 1 : undefined;
  const ignoresRoutesWithLinkdown = present & 8 ? u.word() === 1 : undefined;
  return { forwards, reversePathFilter, routesLocalnet, ignoresRoutesWithLinkdown };
}

/** What an interface is set to do with IPv6 (net.ipv6.conf.NAME). Settings for all interfaces are not in it. */
export interface Ipv6Settings {
  /** Has and makes no addresses (disable_ipv6). */
  isDisabled?: boolean | undefined;
  /** Sends on what comes in and is for others (forwarding). */
  forwards?: boolean | undefined;
  /** Router advertisements: 0 never, 1 unless it forwards, 2 always (accept_ra). */
  acceptsAdvertisements?: number | undefined;
  /** Bits: routes to longer prefixes are not taken from advertisements (accept_ra_rt_info_max_plen, RFC 4191). */
  longestAdvertisedRoute?: number | undefined;
  /** RFC 8981: 0 and less none, 1 made, 2 made and preferred as source (use_tempaddr). */
  temporaryAddresses?: number | undefined;
  /** RFC 4429: new addresses may be used before duplicate address detection ends (optimistic_dad). */
  detectsOptimistically?: boolean | undefined;
  /** Optimistic addresses may be chosen as source (use_optimistic). */
  usesOptimistic?: boolean | undefined;
  /** Addresses of other interfaces are never chosen as source (use_oif_addrs_only). */
  usesOwnAddressesOnly?: boolean | undefined;
  /** Its routes are not used while it has no carrier (ignore_routes_with_linkdown). */
  ignoresRoutesWithLinkdown?: boolean | undefined;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackIpv6Settings(u: Unpacker): Ipv6Settings {
  const present = u.word();
  const isDisabled = present & 1 ? u.word() === 1 : undefined;
  const forwards = present & 2 ? u.word() === 1 : undefined;
  const acceptsAdvertisements = present & 4 ? u.word() | 0 : undefined;
  const longestAdvertisedRoute = present & 8 ? u.word() | 0 : undefined;
  const temporaryAddresses = present & 16 ? u.word() | 0 : undefined;
  const detectsOptimistically = present & 32 ? u.word() === 1 : undefined;
  const usesOptimistic = present & 64 ? u.word() === 1 : undefined;
  const usesOwnAddressesOnly = present & 128 ? u.word() === 1 : undefined;
  const ignoresRoutesWithLinkdown = present & 256 ? u.word() === 1 : undefined;
  return { isDisabled, forwards, acceptsAdvertisements, longestAdvertisedRoute, temporaryAddresses, detectsOptimistically, usesOptimistic, usesOwnAddressesOnly, ignoresRoutesWithLinkdown };
}

/** Settings of an interface, as of the kernel's last message about it: a setting that changes by itself is not announced. */
export interface InterfaceSettings {
  /** Absent where the interface cannot have IPv4. */
  ipv4?: Ipv4Settings | undefined;
  /** Absent where the interface cannot have IPv6. */
  ipv6?: Ipv6Settings | undefined;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackInterfaceSettings(u: Unpacker): InterfaceSettings {
  const present = u.word();
  const ipv4 = present & 1 ? unpackIpv4Settings(u) : undefined;
  const ipv6 = present & 2 ? unpackIpv6Settings(u) : undefined;
  return { ipv4, ipv6 };
}

/** A network interface. Source: RTM_NEWLINK. */
export interface Interface {
  /** Kernel interface index. The kernel reuses these; `id` is never reused. */
  index: number;
  /** Counts the devices that have had this index since the mirror began, from 1. */
  generation: number;
  /** Current name, 1 to 15 bytes; may change. */
  name: string;
  /** Alternative names. The kernel does not announce additions (trap B8). */
  altNames: readonly string[];
  /** Driver kind such as veth, bridge, wireguard; absent for hardware. */
  kind?: string | undefined;
  /** Link layer. */
  hardwareType: HardwareType;
  /** Link-layer address. */
  mac?: string | undefined;
  /** Link-layer broadcast address, or the peer of a point-to-point link. */
  broadcast?: string | undefined;
  /** Bytes. */
  mtu: number;
  /** Interface flags. */
  flags: readonly InterfaceFlag[];
  /** Operational state. */
  operState: OperState;
  /** Lower interface, or peer of a veth (IFLA_LINK). Of another namespace when parentNamespace is present. */
  parentIndex?: number | undefined;
  /** Kernel id of the namespace of parentIndex. */
  parentNamespace?: number | undefined;
  /** Bridge, bond or VRF it belongs to. */
  masterIndex?: number | undefined;
  /** Interface group; 0 is the default. */
  group: number;
  /** Packets. */
  transmitQueueLength: number;
  /** What it is set to do (IFLA_AF_SPEC). */
  settings?: InterfaceSettings | undefined;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackInterface(u: Unpacker): Interface {
  const present = u.word();
  const index = u.word();
  const generation = u.word();
  const name = u.string();
  const altNames = u.list(() => u.string());
  const kind = present & 1 ? u.string() : undefined;
  const hardwareType = nameOf(HardwareTypeNames, u.word()) as HardwareType;
  const mac = present & 2 ? u.mac() : undefined;
  const broadcast = present & 4 ? u.mac() : undefined;
  const mtu = u.word();
  const flags = flagNames(InterfaceFlagNames, u.word()) as InterfaceFlag[];
  const operState = nameOf(OperStateNames, u.word()) as OperState;
  const parentIndex = present & 8 ? u.word() : undefined;
  const parentNamespace = present & 16 ? u.word() | 0 : undefined;
  const masterIndex = present & 32 ? u.word() : undefined;
  const group = u.word();
  const transmitQueueLength = u.word();
  const settings = present & 64 ? unpackInterfaceSettings(u) : undefined;
  return { index, generation, name, altNames, kind, hardwareType, mac, broadcast, mtu, flags, operState, parentIndex, parentNamespace, masterIndex, group, transmitQueueLength, settings };
}

/** An address of an interface. Source: RTM_NEWADDR. */
export interface Address {
  /** Name of the interface when the snapshot was taken. */
  interface: string;
  /** Interface index. */
  index: number;
  /** 4 or 6. */
  family: AddressFamily;
  /** The local address. */
  address: string;
  /** Bits. */
  prefixLength: number;
  /** Far end of a point-to-point address (trap C2). */
  peer?: string | undefined;
  /** IPv4 broadcast address. */
  broadcast?: string | undefined;
  /** IPv4 label; follows the interface name. */
  label?: string | undefined;
  /** Scope. */
  scope: AddressScope;
  /** Flags. */
  flags: readonly AddressFlag[];
  /** Who made it, where the kernel says. */
  origin?: AddressOrigin | undefined;
  /** Metric of its prefix route, where set. */
  metric?: number | undefined;
  /** Seconds left; null for ever; 0 when deprecated. */
  preferredLifetime: number | null;
  /** Seconds left; null for ever. */
  validLifetime: number | null;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackAddress(u: Unpacker): Address {
  const present = u.word();
  const index = u.word();
  const family = u.word() as AddressFamily;
  const address = u.address();
  const prefixLength = u.word();
  const peer = present & 1 ? u.address() : undefined;
  const broadcast = present & 2 ? u.address() : undefined;
  const label = present & 4 ? u.string() : undefined;
  const scope = nameOf(AddressScopeNames, u.word()) as AddressScope;
  const flags = flagNames(AddressFlagNames, u.word()) as AddressFlag[];
  const origin = present & 8 ? nameOf(AddressOriginNames, u.word()) as AddressOrigin : undefined;
  const metric = present & 16 ? u.word() : undefined;
  const preferredLifetime = u.lifetime();
  const validLifetime = u.lifetime();
  return { interface: u.interfaceName(index), index, family, address, prefixLength, peer, broadcast, label, scope, flags, origin, metric, preferredLifetime, validLifetime };
}

/** A nexthop object. Source: RTM_NEWNEXTHOP, Linux 5.3. */
export interface Nexthop {
  /** Nexthop id, chosen by its maker. */
  id: number;
  /** 4 or 6; absent for groups. */
  family?: AddressFamily | undefined;
  /** Name of the interface when the snapshot was taken. */
  interface?: string | undefined;
  /** Interface index. */
  index?: number | undefined;
  /** Router. */
  gateway?: string | undefined;
  /** Drops in silence. */
  isBlackhole: boolean;
  /** Of a forwarding database, not of routes. */
  isFdb: boolean;
  /** Members; empty when it is not a group. */
  group: readonly GroupMember[];
  /** 0 multipath, 1 resilient. */
  groupType?: number | undefined;
  /** Who installed it. */
  protocol: RouteProtocol;
  /** Scope. */
  scope: AddressScope;
  /** State. */
  flags: readonly NexthopFlag[];
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackNexthop(u: Unpacker): Nexthop {
  const present = u.word();
  const id = u.word();
  const family = present & 1 ? u.word() as AddressFamily : undefined;
  const index = present & 2 ? u.word() : undefined;
  const gateway = present & 4 ? u.address() : undefined;
  const isBlackhole = u.word() === 1;
  const isFdb = u.word() === 1;
  const group = u.list(() => unpackGroupMember(u));
  const groupType = present & 8 ? u.word() : undefined;
  const protocol = nameOf(RouteProtocolNames, u.word()) as RouteProtocol;
  const scope = nameOf(AddressScopeNames, u.word()) as AddressScope;
  const flags = flagNames(NexthopFlagNames, u.word()) as NexthopFlag[];
  return { id, family, interface: index === undefined ? undefined : u.interfaceName(index), index, gateway, isBlackhole, isFdb, group, groupType, protocol, scope, flags };
}

/** A route. Source: RTM_NEWROUTE. Its identity is family, table, destination, source, tos, metric, type and hops. */
export interface Route {
  /** 4 or 6. */
  family: AddressFamily;
  /** Address and length; a default route is 0.0.0.0/0 or ::/0. */
  destination: string;
  /** What it does. */
  type: RouteType;
  /** 254 is main, 255 local. */
  table: number;
  /** Who installed it. */
  protocol: RouteProtocol;
  /** Scope. */
  scope: AddressScope;
  /** Lower wins; 0 where the kernel says none (IPv4). */
  metric: number;
  /** Type of service it is limited to; 0 for any. */
  tos: number;
  /** Router; absent when on link or multipath. May be IPv6 in an IPv4 route (RFC 5549). */
  gateway?: string | undefined;
  /** Name of the interface when the snapshot was taken. */
  interface?: string | undefined;
  /** Interface index; absent when multipath or of a type without one. */
  index?: number | undefined;
  /** Source address the kernel prefers here. */
  preferredSource?: string | undefined;
  /** Source prefix it is limited to (source-specific routing, RFC 8028). */
  source?: string | undefined;
  /** Hops of a multipath route. */
  nexthops?: readonly Hop[] | undefined;
  /** Nexthop object it uses. */
  nexthopId?: number | undefined;
  /** State of its only hop. The kernel announces no change of these (trap B3). */
  flags: readonly NexthopFlag[];
  /** Transport parameters. */
  metrics?: readonly MetricValue[] | undefined;
  /** IPv6: router preference. */
  preference?: RouterPreference | undefined;
  /** Seconds left; absent for ever. */
  lifetime?: number | undefined;
  /** Kernel number of a light-weight tunnel on it (LWTUNNEL_ENCAP_*). */
  encapsulation?: number | undefined;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackRoute(u: Unpacker): Route {
  const present = u.word();
  const family = u.word() as AddressFamily;
  const destination = u.prefix();
  const type = nameOf(RouteTypeNames, u.word()) as RouteType;
  const table = u.word();
  const protocol = nameOf(RouteProtocolNames, u.word()) as RouteProtocol;
  const scope = nameOf(AddressScopeNames, u.word()) as AddressScope;
  const metric = u.word();
  const tos = u.word();
  const gateway = present & 1 ? u.address() : undefined;
  const index = present & 2 ? u.word() : undefined;
  const preferredSource = present & 4 ? u.address() : undefined;
  const source = present & 8 ? u.prefix() : undefined;
  const nexthops = present & 16 ? u.list(() => unpackHop(u)) : undefined;
  const nexthopId = present & 32 ? u.word() : undefined;
  const flags = flagNames(NexthopFlagNames, u.word()) as NexthopFlag[];
  const metrics = present & 64 ? u.list(() => unpackMetricValue(u)) : undefined;
  const preference = present & 128 ? nameOf(RouterPreferenceNames, u.word()) as RouterPreference : undefined;
  const lifetime = present & 256 ? u.seconds() : undefined;
  const encapsulation = present & 512 ? u.word() : undefined;
  return { family, destination, type, table, protocol, scope, metric, tos, gateway, interface: index === undefined ? undefined : u.interfaceName(index), index, preferredSource, source, nexthops, nexthopId, flags, metrics, preference, lifetime, encapsulation };
}

/** A routing policy rule. Source: RTM_NEWRULE. */
export interface Rule {
  /** 4 or 6. */
  family: AddressFamily;
  /** Lower is asked first. */
  priority: number;
  /** What it does. */
  action: RuleAction;
  /** Table to look up; 0 when it has none. */
  table: number;
  /** Source prefix; absent for any. */
  source?: string | undefined;
  /** Destination prefix; absent for any. */
  destination?: string | undefined;
  /** Name; `lo` means locally made packets. */
  inputInterface?: string | undefined;
  /** Name; matches sockets bound to it. */
  outputInterface?: string | undefined;
  /** Firewall mark. */
  mark?: number | undefined;
  /** Bits of the mark that count. */
  markMask?: number | undefined;
  /** Type of service; 0 for any. */
  tos: number;
  /** DSCP, Linux 6.13. */
  dscp?: number | undefined;
  /** IP protocol number. */
  ipProtocol?: number | undefined;
  /** First source port of the range. */
  sourcePortFirst?: number | undefined;
  /** Last source port of the range. */
  sourcePortLast?: number | undefined;
  /** First destination port of the range. */
  destinationPortFirst?: number | undefined;
  /** Last destination port of the range. */
  destinationPortLast?: number | undefined;
  /** First user id of the range. */
  uidFirst?: number | undefined;
  /** Last user id of the range. */
  uidLast?: number | undefined;
  /** Rule to go on at. */
  gotoPriority?: number | undefined;
  /** Rejects results with a prefix this short or shorter; absent for none (trap E2). */
  suppressPrefixLength?: number | undefined;
  /** Rejects results through this interface group. */
  suppressGroup?: number | undefined;
  /** Tunnel id, low 32 bits. */
  tunnelId?: number | undefined;
  /** Looks up the table of the packet's VRF. */
  isL3mdev: boolean;
  /** Who installed it. */
  protocol: RouteProtocol;
  /** State. */
  flags: readonly RuleFlag[];
  /** Selectors of a newer kernel that this version does not know; selection through such a rule is approximate. */
  unknownAttributes: number;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackRule(u: Unpacker): Rule {
  const present = u.word();
  const family = u.word() as AddressFamily;
  const priority = u.word();
  const action = nameOf(RuleActionNames, u.word()) as RuleAction;
  const table = u.word();
  const source = present & 1 ? u.prefix() : undefined;
  const destination = present & 2 ? u.prefix() : undefined;
  const inputInterface = present & 4 ? u.string() : undefined;
  const outputInterface = present & 8 ? u.string() : undefined;
  const mark = present & 16 ? u.word() : undefined;
  const markMask = present & 32 ? u.word() : undefined;
  const tos = u.word();
  const dscp = present & 64 ? u.word() : undefined;
  const ipProtocol = present & 128 ? u.word() : undefined;
  const sourcePortFirst = present & 256 ? u.word() : undefined;
  const sourcePortLast = present & 512 ? u.word() : undefined;
  const destinationPortFirst = present & 1024 ? u.word() : undefined;
  const destinationPortLast = present & 2048 ? u.word() : undefined;
  const uidFirst = present & 4096 ? u.word() : undefined;
  const uidLast = present & 8192 ? u.word() : undefined;
  const gotoPriority = present & 16384 ? u.word() : undefined;
  const suppressPrefixLength = present & 32768 ? u.word() : undefined;
  const suppressGroup = present & 65536 ? u.word() : undefined;
  const tunnelId = present & 131072 ? u.word() : undefined;
  const isL3mdev = u.word() === 1;
  const protocol = nameOf(RouteProtocolNames, u.word()) as RouteProtocol;
  const flags = flagNames(RuleFlagNames, u.word()) as RuleFlag[];
  const unknownAttributes = u.word();
  return { family, priority, action, table, source, destination, inputInterface, outputInterface, mark, markMask, tos, dscp, ipProtocol, sourcePortFirst, sourcePortLast, destinationPortFirst, destinationPortLast, uidFirst, uidLast, gotoPriority, suppressPrefixLength, suppressGroup, tunnelId, isL3mdev, protocol, flags, unknownAttributes };
}

/** A neighbour cache entry. Source: RTM_NEWNEIGH. */
export interface Neighbour {
  /** Name of the interface when the snapshot was taken. */
  interface: string;
  /** Interface index. */
  index: number;
  /** 4 or 6. */
  family: AddressFamily;
  /** Protocol address. */
  address: string;
  /** Link-layer address, when known. */
  mac?: string | undefined;
  /** Reachability. */
  state: readonly NeighbourState[];
  /** Flags; a proxy entry is another entry than the neighbour itself. */
  flags: readonly NeighbourFlag[];
  /** Who installed it. */
  protocol?: RouteProtocol | undefined;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackNeighbour(u: Unpacker): Neighbour {
  const present = u.word();
  const index = u.word();
  const family = u.word() as AddressFamily;
  const address = u.address();
  const mac = present & 1 ? u.mac() : undefined;
  const state = flagNames(NeighbourStateNames, u.word()) as NeighbourState[];
  const flags = flagNames(NeighbourFlagNames, u.word()) as NeighbourFlag[];
  const protocol = present & 2 ? nameOf(RouteProtocolNames, u.word()) as RouteProtocol : undefined;
  return { interface: u.interfaceName(index), index, family, address, mac, state, flags, protocol };
}

/** A policy rule that selection looked at. */
export interface RuleAccount {
  /** What it came to. */
  finding: RuleFinding;
  /** The rule. */
  rule: Rule;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackRuleAccount(u: Unpacker): RuleAccount {
  const finding = nameOf(RuleFindingNames, u.word()) as RuleFinding;
  const rule = unpackRule(u);
  return { finding, rule };
}

/** A hop of a route that selection looked at. */
export interface RouteAccount {
  /** What it came to. */
  finding: RouteFinding;
  /** Name of the interface when the snapshot was taken. */
  interface?: string | undefined;
  /** Index of the interface of the hop. */
  index?: number | undefined;
  /** Router of the hop; absent when the destination is on link. */
  gateway?: string | undefined;
  /** Of the rule that named its table. */
  priority: number;
  /** The route. */
  route: Route;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackRouteAccount(u: Unpacker): RouteAccount {
  const present = u.word();
  const finding = nameOf(RouteFindingNames, u.word()) as RouteFinding;
  const index = present & 1 ? u.word() : undefined;
  const gateway = present & 2 ? u.address() : undefined;
  const priority = u.word();
  const route = unpackRoute(u);
  return { finding, interface: index === undefined ? undefined : u.interfaceName(index), index, gateway, priority, route };
}

/** An address that selection could have chosen for the source. */
export interface SourceAccount {
  /** Name of the interface when the snapshot was taken. */
  interface: string;
  /** Index of the interface that has it. */
  index: number;
  /** The address. */
  address: string;
  /** By what it lost to the one chosen. */
  rule: SourceRule;
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackSourceAccount(u: Unpacker): SourceAccount {
  const index = u.word();
  const address = u.address();
  const rule = nameOf(SourceRuleNames, u.word()) as SourceRule;
  return { interface: u.interfaceName(index), index, address, rule };
}

/** What selection answered to a question, and what it looked at on the way, in that order. */
export interface SelectionAccount {
  /** The answer. */
  selection: Selection;
  /** Policy rules. */
  rules: readonly RuleAccount[];
  /** Hops of routes. */
  routes: readonly RouteAccount[];
  /** Source addresses. */
  sources: readonly SourceAccount[];
}

/** Reads one packed record; the counterpart of pack() in contract.gen.cc. */
export function unpackSelectionAccount(u: Unpacker): SelectionAccount {
  const selection = unpackSelection(u);
  const rules = u.list(() => unpackRuleAccount(u));
  const routes = u.list(() => unpackRouteAccount(u));
  const sources = u.list(() => unpackSourceAccount(u));
  return { selection, rules, routes, sources };
}

/** Stable code of every error of this package. */
export type MifErrorCode = 'ERR_MIF_INVALID_ARG' | 'ERR_MIF_UNSUPPORTED' | 'ERR_MIF_NATIVE_MISSING' | 'ERR_MIF_BINDING_MISMATCH' | 'ERR_MIF_PERMISSION' | 'ERR_MIF_NAMESPACE_NOT_FOUND' | 'ERR_MIF_CLOSED' | 'ERR_MIF_KERNEL' | 'ERR_MIF_INTERFACE_NOT_FOUND' | 'ERR_MIF_INTERFACE_DOWN' | 'ERR_MIF_NO_CARRIER' | 'ERR_MIF_NO_ADDRESS' | 'ERR_MIF_NO_ROUTE' | 'ERR_MIF_NO_PATH' | 'ERR_MIF_BIND_UNSUPPORTED' | 'ERR_MIF_BIND_FAILED' | 'ERR_MIF_LOOPBACK' | 'ERR_MIF_SCOPE_REQUIRED' | 'ERR_MIF_CONNECT_FAILED' | 'ERR_MIF_PATH_LOST' | 'ERR_MIF_DNS_NO_SERVERS' | 'ERR_MIF_DNS_TIMEOUT' | 'ERR_MIF_DNS_RCODE' | 'ERR_MIF_UNKNOWN_ID' | 'ERR_MIF_DUPLICATE_ID' | 'ERR_MIF_QUEUE_FULL' | 'ERR_MIF_QUEUE_BUSY';

/** What to do about an error, where the place that made it knew nothing better. */
export const errorHints: Readonly<Record<MifErrorCode, string>> = {
  ERR_MIF_INVALID_ARG: "Correct the argument that the message names.",
  ERR_MIF_UNSUPPORTED: "See host.capabilities for what it can.",
  ERR_MIF_NATIVE_MISSING: "Install a version with a prebuilt binary for it, or build from source with `npm run build`.",
  ERR_MIF_BINDING_MISMATCH: "Reinstall the package, or run `npm run build`.",
  ERR_MIF_PERMISSION: "Grant the capability that the message names.",
  ERR_MIF_NAMESPACE_NOT_FOUND: "`ip netns list` shows the named ones.",
  ERR_MIF_CLOSED: "Open a new one.",
  ERR_MIF_KERNEL: "The message carries the call and the kernel's own words.",
  ERR_MIF_INTERFACE_NOT_FOUND: "`mif ls interfaces` shows the present ones.",
  ERR_MIF_INTERFACE_DOWN: "Bring it up, or choose another.",
  ERR_MIF_NO_CARRIER: "Check the cable or the radio, or choose another.",
  ERR_MIF_NO_ADDRESS: "Choose a path with one, or wait for configuration.",
  ERR_MIF_NO_ROUTE: "`mif ls routes` shows the present ones.",
  ERR_MIF_NO_PATH: "The message says for each candidate why not.",
  ERR_MIF_BIND_UNSUPPORTED: "Linux 5.7 or CAP_NET_RAW is needed.",
  ERR_MIF_BIND_FAILED: "The message carries the call that failed; nothing was sent.",
  ERR_MIF_LOOPBACK: "Leave out `via` for destinations on this host.",
  ERR_MIF_SCOPE_REQUIRED: "Add a zone (`%eth0`) or `via`.",
  ERR_MIF_CONNECT_FAILED: "`attempts` has the error of each.",
  ERR_MIF_PATH_LOST: "Connect again over another path.",
  ERR_MIF_DNS_NO_SERVERS: "Choose another domain, or configure one.",
  ERR_MIF_DNS_TIMEOUT: "Check the network, or choose another domain.",
  ERR_MIF_DNS_RCODE: "The message carries its code.",
  ERR_MIF_UNKNOWN_ID: "Ids are announced by messages and are never reused.",
  ERR_MIF_DUPLICATE_ID: "Choose another id, or wait for the outcome of the first request.",
  ERR_MIF_QUEUE_FULL: "Read messages, or raise the limit.",
  ERR_MIF_QUEUE_BUSY: "Read with get() or with one iteration, not with both.",
};
