// SPDX-License-Identifier: MIT
// The provisioning domain: one consistent set of configuration from one provider on one link (RFC 7556).
// Plain data; how it is formed from what a host tells is in implicit.ts, grouping.ts and registry.ts.

import type { Address, Route } from '../binding/contract.gen.ts';
import type { RecordOrigin } from './record.ts';

/** Where a part of a provisioning domain's configuration came from (MIF-33). */
export type ElementType =
  | 'ra'
  | 'dhcpv4'
  | 'dhcpv6'
  | 'static'
  | 'link-local'
  | 'vpn'
  | 'pvd-info'
  | 'capport'
  | 'resolver'
  | 'policy';

/** Why a provisioning domain ended (MIF-27). */
export type PvdEndReason = 'expired' | 'withdrawn' | 'interface-down' | 'interface-gone' | 'superseded' | 'policy';

/** One source's contribution to a provisioning domain. */
export interface ConfigurationElement {
  type: ElementType;
  /** Grows with every change of its content (MIF-34). */
  version: number;
}

/** Whether an address may be used, and how gladly (MIF-40). */
export type AddressState = 'preferred' | 'deprecated' | 'optimistic' | 'tentative' | 'dad-failed';

/** An address as a member of a provisioning domain. */
export interface PvdAddress extends Address {
  state: AddressState;
  /** An IPv6 temporary address (RFC 8981). */
  temporary: boolean;
  /** Belongs to other domains of the interface as well, because nothing tells whose it is (PVD-13). */
  shared: boolean;
}

/** A router of a provisioning domain. */
export interface PvdRouter {
  address: string;
  interface: string;
  family: 4 | 6;
  /** Metric of its best default route; absent when it has none. */
  metric?: number;
  /** RFC 4191 preference of its default route, where known. */
  preference?: 'low' | 'medium' | 'high';
}

/** Who told a part of a domain, and how long it holds (PVD-19). */
export interface PvdItem {
  /** Who told it; several may have, this one is believed first. */
  origin: RecordOrigin;
  /** The part of the configuration that it came with. */
  element: ElementType;
  /** Seconds left; null for ever. */
  lifetime: number | null;
}

/** A server that names of a domain are asked of. */
export interface DnsServer extends PvdItem {
  address: string;
  /** The interface to ask over; absent where the host's own configuration does not say. */
  interface?: string;
}

/** Whom to ask for names in a domain, in order; what the user configured, then DHCP, then router advertisements (DNS-18). */
export interface PvdDns {
  servers: readonly DnsServer[];
  /** Appended to names without dots. */
  searchDomains: readonly string[];
  /** Domains that these servers are to be asked for; nothing is appended. */
  zones: readonly string[];
  /** Whether they are to be asked for other names as well; absent where nobody said. */
  forEverything?: boolean;
}

/** A route that the network told the host of, whether or not the kernel has it (trap G5). */
export interface AdvertisedRoute extends PvdItem {
  destination: string;
  /** Absent for what is on the link. */
  gateway?: string;
  preference?: 'low' | 'medium' | 'high';
  /** Whether the kernel has it; absent on a host that shows no routes. */
  installed?: boolean;
}

/** A prefix that a router advertised (RFC 4861 section 4.6.2). */
export interface AdvertisedPrefix extends PvdItem {
  prefix: string;
  router: string;
  onLink: boolean;
  autonomous: boolean;
  /** Seconds left for addresses made of it; `lifetime` is how long it is valid. */
  preferredLifetime: number | null;
}

/** A prefix in which IPv4 addresses are reached (RFC 6052). */
export interface Nat64Prefix extends PvdItem {
  prefix: string;
}

/** Whose network it is to say whether this host may use it (RFC 8908). */
export interface CaptivePortal {
  /** Where the network answers that. */
  apiUri: string;
  /** Whether it holds this host back; this and all below are absent where nobody has asked. */
  captive?: boolean;
  /** Where a person gets out. */
  userPortalUrl?: string;
  /** About the place. */
  venueInfoUrl?: string;
  /** Whether a visit there prolongs the time. */
  canExtendSession?: boolean;
  /** Seconds left, as of the snapshot. */
  secondsRemaining?: number;
  /** Octets left, as of the last answer. */
  bytesRemaining?: number;
}

export interface ProvisioningDomain {
  /** `pvd:7`: names this association; never reused (PVD-27). */
  handle: string;
  /**
   * Identity: an FQDN that the network gave, a name that a policy gave, or `<interface>/<provider>`; stable while the provider
   * stays the same. Equal FQDNs on two interfaces are two domains, unless policy trusts the name (PVD-08): the handle tells
   * them apart.
   */
  id: string;
  /** Names of the interfaces it is on. */
  interfaces: readonly string[];
  /** Ids of the same interfaces, in the same order (`if:3.1`). */
  interfaceIds: readonly string[];
  /** Router addresses, `static`, `link-local` or `policy`, first seen first. */
  providers: readonly string[];
  /** Named by the network itself (RFC 8801). */
  explicit: boolean;
  elements: readonly ConfigurationElement[];
  addresses: readonly PvdAddress[];
  /** Prefixes on link, such as `2001:db8:1::/64`. */
  prefixes: readonly string[];
  routers: readonly PvdRouter[];
  /** Through its routers and to its prefixes; in no order. */
  routes: readonly Route[];
  /** Told routes, default routes among them: what the network meant, of which the kernel may have installed a part. */
  advertisedRoutes: readonly AdvertisedRoute[];
  /** Told prefixes, on link or not. */
  advertisedPrefixes: readonly AdvertisedPrefix[];
  dns: PvdDns;
  /** The best of `nat64Prefixes`. */
  nat64Prefix?: string;
  nat64Prefixes: readonly Nat64Prefix[];
  captivePortal?: CaptivePortal;
  ntpServers: readonly string[];
  /** Words for what it is meant for, such as `voice`, by policy. */
  categories: readonly string[];
  /** Whether a policy trusts what it says of itself (SEC-03). */
  trusted: boolean;
  /** What the check of a network manager found. */
  connectivity?: 'none' | 'portal' | 'limited' | 'full';
  /** What a network manager is about to do with its interface (MIF-72). */
  intent?: 'going-up' | 'going-away';
  /** Its additional information (RFC 8801 section 4), deeply frozen; only where `openHost` was told to fetch it. */
  info?: Readonly<Record<string, unknown>>;
  mtu?: number;
  /** What made it, most specific first. */
  origin: ElementType;
  /** `undefined` until somebody who probed has said; false while its interface has no carrier (PVD-18). */
  validated?: boolean;
  metered?: boolean;
  /** Why it ended; only in the `removed` list of a change. */
  endReason?: PvdEndReason;
}
