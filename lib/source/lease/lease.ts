// SPDX-License-Identifier: MIT
// One lease as its client told it, before it is known whose it is: what all readers of leases make, and the record of it. The
// end of a lease is a moment of the wall clock here, because that is what files have.

import type { LeaseRecord, RecordOrigin, ToldRoute } from '../../pvd/record.ts';
import { addressesOf, addressOf, bounded, domainsOf, mtuOf, portalOf, resolversOf } from '../told-values.ts';

export interface ToldLease {
  readonly family: 4 | 6;
  readonly server?: string | undefined;
  /** On the wall clock, milliseconds; null for never or where the client does not say. */
  readonly untilWall: number | null;
  readonly addresses: readonly string[];
  readonly routers: readonly string[];
  readonly routes: readonly ToldRoute[];
  readonly resolvers: readonly string[];
  readonly searchDomains: readonly string[];
  readonly captivePortal?: string | undefined;
  readonly mtu?: number | undefined;
  readonly ntpServers: readonly string[];
}

/** The words of a client for the items of PVD-86, each as it stands in its file. */
export interface LeaseWords {
  readonly family: 4 | 6;
  readonly server?: string | undefined;
  readonly untilWall: number | null;
  readonly addresses: readonly string[];
  readonly routers?: readonly string[];
  /** Of option 121; undefined where there is none. */
  readonly classlessRoutes?: readonly ToldRoute[] | undefined;
  /** Of option 33. */
  readonly staticRoutes?: readonly ToldRoute[];
  readonly resolvers: readonly string[];
  /** Of option 15, `domain-name`; of use where there is no search list. */
  readonly domains?: readonly string[];
  readonly searchDomains: readonly string[];
  readonly captivePortal?: string | undefined;
  readonly mtu?: string | undefined;
  readonly ntpServers?: readonly string[];
}

/** The lease that the words of a client make: what is no value is left out, classless routes put away the others (ROUTE-03). */
export function leaseOf(words: LeaseWords): ToldLease {
  const { family, classlessRoutes } = words;
  const isClassless = classlessRoutes !== undefined && classlessRoutes.length > 0;
  const searchDomains = domainsOf(words.searchDomains);
  const { server } = words;
  return {
    family,
    server: server === undefined ? undefined : (addressOf(server) ?? duidOf(server)),
    untilWall: words.untilWall,
    addresses: addressesOf(words.addresses, family),
    routers: isClassless ? [] : addressesOf(words.routers ?? [], family),
    routes: isClassless ? classlessRoutes : bounded(words.staticRoutes ?? []),
    resolvers: resolversOf(words.resolvers),
    searchDomains: searchDomains.length > 0 ? searchDomains : domainsOf(words.domains ?? []),
    captivePortal: portalOf(words.captivePortal),
    mtu: mtuOf(words.mtu),
    ntpServers: addressesOf(words.ntpServers ?? []),
  };
}

/** A DUID in hexadecimal, whatever stands between its octets; one digit for an octet below 16 is dhclient's way. */
function duidOf(text: string): string | undefined {
  const octets = text.includes(':') ? text.split(':').map((octet) => octet.padStart(2, '0')) : [text];
  const duid = octets.join('').toLowerCase();
  return /^([0-9a-f]{2}){2,130}$/.test(duid) ? duid : undefined;
}

/** The record of a lease. @param until - its end on the clock of lifetimes */
export function leaseRecord(
  origin: RecordOrigin,
  key: string,
  interfaceId: string,
  { untilWall, ...told }: ToldLease,
  fromWall: (wallMs: number) => number,
): LeaseRecord {
  return { type: 'lease', origin, key, interfaceId, ...told, until: untilWall === null ? null : fromWall(untilWall) };
}
