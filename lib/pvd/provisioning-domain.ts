// SPDX-License-Identifier: MIT
// The provisioning domain: one consistent set of configuration from one provider on one link (RFC 7556).
// Plain data; how it is formed from what a host tells is in implicit.ts and registry.ts.

import type { Address, Route } from '../binding/contract.gen.ts';

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

export interface ProvisioningDomain {
  /** `pvd:7`: names this association; never reused (PVD-27). */
  handle: string;
  /** Identity: an FQDN, or `<interface>/<provider>`; stable while the provider stays the same. */
  id: string;
  /** Names of the interfaces it is on. */
  interfaces: readonly string[];
  /** Ids of the same interfaces, in the same order (`if:3.1`). */
  interfaceIds: readonly string[];
  /** Router addresses, `static` or `link-local`, first seen first. */
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
  dns: { servers: readonly { address: string; interface?: string }[]; searchDomains: readonly string[] };
  mtu?: number;
  /** What made it, most specific first. */
  origin: ElementType;
  /** `undefined` until a probe has said; false while its interface has no carrier (PVD-18). */
  validated?: boolean;
  metered?: boolean;
  /** Why it ended; only in the `removed` list of a change. */
  endReason?: PvdEndReason;
}
