// SPDX-License-Identifier: MIT
// What an option of a router advertisement says (RFC 4861 section 4.6), as plain data, or why it is not believed; and what the
// readers of options share.

import { uint32At } from './octets.ts';

/** Seconds from the moment of hearing; Infinity for ever, 0 for no longer. */
export type Lifetime = number;

export type RouterPreferenceTold = 'low' | 'medium' | 'high';

/** RFC 4861 section 4.6.2. */
export interface PrefixInformation {
  readonly type: 'prefix';
  readonly prefix: string;
  readonly onLink: boolean;
  readonly autonomous: boolean;
  readonly valid: Lifetime;
  readonly preferred: Lifetime;
}

/** RFC 4861 section 4.6.4. */
export interface LinkMtu {
  readonly type: 'mtu';
  /** Bytes. */
  readonly mtu: number;
}

/** RFC 4191 section 2.3. */
export interface RouteInformation {
  readonly type: 'route';
  readonly prefix: string;
  readonly preference: RouterPreferenceTold;
  readonly lifetime: Lifetime;
}

/** RFC 8106 section 5.1. */
export interface Resolvers {
  readonly type: 'resolvers';
  readonly addresses: readonly string[];
  readonly lifetime: Lifetime;
}

/** RFC 8106 section 5.2. */
export interface SearchDomains {
  readonly type: 'search-domains';
  readonly names: readonly string[];
  readonly lifetime: Lifetime;
}

/** RFC 8781 section 4. */
export interface Nat64Prefix {
  readonly type: 'nat64';
  readonly prefix: string;
  readonly lifetime: Lifetime;
}

/** RFC 8910 section 2.3. */
export interface CaptivePortal {
  readonly type: 'captive-portal';
  /** URI of its API; undefined where the network says that there is none. */
  readonly uri: string | undefined;
}

export type RouterOption =
  | PrefixInformation
  | LinkMtu
  | RouteInformation
  | Resolvers
  | SearchDomains
  | Nat64Prefix
  | CaptivePortal;

/** Why an option is not believed. */
export type OptionRefusal =
  /** Its length is none that such an option has. */
  | 'length'
  /** More bits than an address has. */
  | 'prefix-length'
  /** A prefix that no router can give: link-local or multicast (RFC 4862 section 5.5.3, RFC 4861 section 6.3.4). */
  | 'prefix'
  /** Preferred for longer than valid (RFC 4862 section 5.5.3). */
  | 'lifetimes'
  /** The reserved preference (ROUTE-10). */
  | 'preference'
  /** An address that nobody can be asked at (DNS-12). */
  | 'address'
  /** A name that is cut, too long, compressed or of odd characters (SEC-16). */
  | 'name'
  /** A reserved code of the length (RFC 8781 section 4). */
  | 'code'
  /** No URI of https. */
  | 'uri'
  /** Less than IPv6 needs (RFC 8200 section 5). */
  | 'mtu'
  /** Header or options within it that do not fit (SEC-16). */
  | 'inner'
  /** A domain within a domain (RFC 8801 section 3.1). */
  | 'nested';

/** Octets of a unit of length. */
export const unit = 8;

/** A lifetime of 32 bits, of which the largest is for ever. */
export function lifetimeAt(option: Uint8Array, at: number): Lifetime {
  const seconds = uint32At(option, at);
  return seconds === 0xffffffff ? Number.POSITIVE_INFINITY : seconds;
}

/** The two bits of a preference (RFC 4191 section 2.1); undefined for the reserved value. */
export function preferenceOf(bits: number): RouterPreferenceTold | undefined {
  return (['medium', 'high', undefined, 'low'] as const)[bits & 3];
}
