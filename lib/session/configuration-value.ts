// SPDX-License-Identifier: MIT
// What `configuration-data` says under each identifier of configuration information (draft-ietf-mif-api-extension-05
// sec. 3.2.7.17): the registry that the draft leaves open, with the shape of each value (MIF-48). Types only.

import type { RouterPreference, RouteProtocol } from '../binding/contract.gen.ts';
import type { CaptivePortal, ElementType } from '../pvd/provisioning-domain.ts';
import type { RecordOrigin } from '../pvd/record.ts';
import type { AddressAnnouncement } from './message.ts';
import type { InterfaceReference } from './reference.ts';

/** One item of a list, and the part of the configuration that it is of. */
export interface ConfigurationItem {
  element: ElementType;
  /** Who told it; absent for what the kernel has. */
  origin?: RecordOrigin;
}

/** An item that ends by itself. */
export interface LastingItem extends ConfigurationItem {
  /** Seconds left; null for ever. */
  lifetime: number | null;
}

export interface DnsServerItem extends LastingItem {
  address: string;
  /** The interface to ask over; absent where the host's own configuration does not say. */
  interface?: string;
}

export interface PrefixItem extends ConfigurationItem {
  prefix: string;
  onLink: boolean;
  /** Absent for a prefix that no router advertised, as what follows. */
  autonomous?: boolean;
  validLifetime?: number | null;
  preferredLifetime?: number | null;
  router?: string;
}

export type AddressItem = Omit<AddressAnnouncement, 'type' | 'pvd'> & ConfigurationItem;

export interface DefaultRouterItem extends ConfigurationItem {
  router: string;
  interface: string;
  /** Seconds left as the router said; absent where only the kernel knows of it. */
  lifetime?: number | null;
  preference?: RouterPreference;
  /** Of its best default route; absent where the kernel has none. */
  metric?: number;
}

export interface RouteItem extends LastingItem {
  prefix: string;
  /** Absent for what is on the link. */
  via?: string;
  interface?: string;
  preference?: RouterPreference;
  /** As what follows, absent for a route that was told and that the kernel does not have. */
  metric?: number;
  protocol?: RouteProtocol;
}

/** By identifier. */
export interface ConfigurationValues {
  /** In the order of use. */
  'dns-server-list': readonly DnsServerItem[];
  'dns-search-list': readonly { domain: string }[];
  /** Domains that its servers are to be asked for. */
  'dns-zones': readonly string[];
  'pvd-id': string;
  'pvd-kind': 'explicit' | 'implicit';
  /** Additional information (RFC 8801 section 4). */
  'pvd-info': Readonly<Record<string, unknown>>;
  interfaces: readonly InterfaceReference[];
  prefixes: readonly PrefixItem[];
  addresses: readonly AddressItem[];
  'default-routers': readonly DefaultRouterItem[];
  /** Default routes are among them. */
  routes: readonly RouteItem[];
  /** Bytes. */
  mtu: number;
  'nat64-prefixes': readonly (LastingItem & { prefix: string })[];
  'captive-portal': CaptivePortal;
  'ntp-servers': readonly string[];
  'no-internet': boolean;
  metered: boolean;
  connectivity: { state: 'unknown' | 'none' | 'portal' | 'limited' | 'full' };
  trust: { level: 'trusted' | 'untrusted'; by?: 'policy' };
}

export type Information = keyof ConfigurationValues;
