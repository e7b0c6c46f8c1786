// SPDX-License-Identifier: MIT
// What a source of knowledge has been told about an interface, as plain data: who said it, what was said, and until when it
// holds. Sources (source/) make records of what they hear and read; grouping.ts makes domains of records. No record
// holds a clock, a socket or a path.

import type { RouterPreference } from '../binding/contract.gen.ts';

/** End of a lifetime, milliseconds on the clock of lifetimes, which runs on in suspend; null for never. */
export type Expiry = number | null;

/** Who told it: one name for each source, the same as in `host.capabilities`. */
export type RecordOrigin =
  /** User options of router advertisements that the kernel passes on (trap G1): some options, no header. */
  | 'nd-user-options'
  /** Whole router advertisements, heard on a raw socket. */
  | 'router-advertisements'
  | 'networkd'
  | 'network-manager'
  | 'dhclient'
  | 'dhcpcd'
  | 'udhcpc'
  | 'resolved'
  | 'resolvconf'
  | 'resolv-conf'
  /** A policy of the administrator or of the program. */
  | 'policy'
  /** The server that a domain is named after (RFC 8801 section 4). */
  | 'pvd-information'
  /** The API of a captive portal (RFC 8908). */
  | 'captive-portal';

interface RecordBase {
  readonly origin: RecordOrigin;
  /** Names it among the records of its origin and interface; the next one of the same key replaces it. */
  readonly key: string;
  /** `if:<index>.<generation>`; undefined for what is told of the whole host. */
  readonly interfaceId: string | undefined;
}

/** One item with a lifetime of its own (PVD-19). */
export interface Lasting<T> {
  readonly value: T;
  readonly until: Expiry;
}

/** A route that was told, whether or not the kernel has it (trap G5). */
export interface ToldRoute {
  /** `2001:db8:10::/48`. */
  readonly prefix: string;
  /** Router; undefined for on-link. */
  readonly via?: string | undefined;
  readonly preference?: Exclude<RouterPreference, 'reserved'> | undefined;
}

/** A prefix information option (RFC 4861 section 4.6.2). */
export interface ToldPrefix {
  readonly prefix: string;
  readonly onLink: boolean;
  readonly autonomous: boolean;
  readonly validUntil: Expiry;
  readonly preferredUntil: Expiry;
  /**
   * When it was last heard, milliseconds on the clock of lifetimes: of two routers that advertise one prefix, the one that
   * spoke last has what was made from it (PVD-13). Without it the later record counts as the later word.
   */
  readonly saidAt?: number | undefined;
}

/** What a PvD option says of its domain (RFC 8801 section 3.1, PVD-57). */
export interface PvdOption {
  /** Lower case, without the last dot (PVD-22). */
  readonly id: string;
  /** H: additional information is there to be fetched. */
  readonly http: boolean;
  /** L: the domain has the DHCPv4 configuration of the link too (PVD-16). */
  readonly legacy: boolean;
  /** 0 to 15; of use with `http` only (PVD-59). */
  readonly delay: number;
  readonly sequence: number;
}

/**
 * All that one router now says to one domain: what its advertisements added up to (PVD-63, PVD-85), the inner header of a PvD
 * option already put in place of the outer one (PVD-61), the outer options counted in (PVD-64). The key is the router and the
 * domain's id.
 */
export interface RouterRecord extends RecordBase {
  readonly type: 'router';
  readonly origin: 'router-advertisements' | 'nd-user-options';
  /** Its link-local address, without zone. */
  readonly router: string;
  /** Absent: configuration that no network labels (PVD-04). */
  readonly pvd?: PvdOption | undefined;
  /** Of the header; absent when only options were heard. */
  readonly header?:
    | {
        /** Until when it is a default router; a moment in the past when it says that it is none. */
        readonly until: Expiry;
        readonly preference: Exclude<RouterPreference, 'reserved'>;
        /** M: addresses by DHCPv6 (PVD-15). */
        readonly managed: boolean;
        /** O: other configuration by DHCPv6 (PVD-14). */
        readonly otherConfig: boolean;
      }
    | undefined;
  readonly prefixes: readonly ToldPrefix[];
  readonly routes: readonly Lasting<ToldRoute>[];
  /** In the order of use (DNS-15). */
  readonly resolvers: readonly Lasting<string>[];
  readonly searchDomains: readonly Lasting<string>[];
  readonly nat64: readonly Lasting<string>[];
  /** URI of the captive-portal API (RFC 8910 section 2.3). */
  readonly captivePortal?: string | undefined;
  readonly mtu?: number | undefined;
}

/**
 * What a DHCP server gave. Clients leave leases behind when they end without giving them back: one that has addresses is in force
 * only while the interface has one of them.
 */
export interface LeaseRecord extends RecordBase {
  readonly type: 'lease';
  readonly family: 4 | 6;
  /** Address of the server, or its DUID in hexadecimal; undefined where the client does not say. */
  readonly server?: string | undefined;
  /** End of the lease. What is below holds as long. */
  readonly until: Expiry;
  /** Empty for DHCPv6 that only informs (PVD-14). */
  readonly addresses: readonly string[];
  /** Delegated prefixes are not the host's own and not among them. */
  readonly routers: readonly string[];
  /** Classless routes; where there are any, `routers` is empty (ROUTE-03). */
  readonly routes: readonly ToldRoute[];
  readonly resolvers: readonly string[];
  readonly searchDomains: readonly string[];
  readonly captivePortal?: string | undefined;
  readonly mtu?: number | undefined;
  readonly ntpServers: readonly string[];
}

/** Resolvers that the host's own resolver configuration has, where nobody says which domain they came with. */
export interface ResolverRecord extends RecordBase {
  readonly type: 'resolver';
  readonly resolvers: readonly string[];
  readonly searchDomains: readonly string[];
  /** Domains that these resolvers are asked for, and that are not appended to names (`~example.com`). */
  readonly routingDomains: readonly string[];
  /** Whether they are asked for names of no routing domain; undefined where the system does not say. */
  readonly forEverything?: boolean | undefined;
}

/** What a network manager knows of an interface beside its configuration. */
export interface LinkRecord extends RecordBase {
  readonly type: 'link';
  readonly metered?: boolean | undefined;
  /** What its connectivity check found. */
  readonly connectivity?: 'none' | 'portal' | 'limited' | 'full' | undefined;
  /** What it is about to do with the interface (MIF-72). */
  readonly intent?: 'going-up' | 'going-away' | undefined;
}

/**
 * What an administrator or the program says: a domain of its own, or more about those that it matches (PVD-17, PVD-40). Of an
 * interface for which `matches` is true.
 */
export interface PolicyRecord extends RecordBase {
  readonly type: 'policy';
  readonly origin: 'policy';
  /** Id of the domain that it defines; undefined for what it adds to domains that are there. */
  readonly defines?: string | undefined;
  /** Ids or providers of domains that it adds to; undefined for all of the interface. */
  readonly extends?: readonly string[] | undefined;
  /** Domains with a prefix inside one of these, or around it, that it adds to, too; undefined where no prefix counts. */
  readonly extendsWithin?: readonly string[] | undefined;
  /** Addresses or prefixes that belong to the domain that it defines; undefined for all that no router claims. */
  readonly prefixes?: readonly string[] | undefined;
  readonly resolvers: readonly string[];
  readonly searchDomains: readonly string[];
  readonly routingDomains: readonly string[];
  readonly categories: readonly string[];
  readonly metered?: boolean | undefined;
  readonly trusted?: boolean | undefined;
  /** Nobody is to use it (PVD-40). */
  readonly hidden?: boolean | undefined;
}

/** Additional information of a domain (RFC 8801 section 4.3), as it was fetched over that domain. */
export interface InformationRecord extends RecordBase {
  readonly type: 'information';
  readonly origin: 'pvd-information';
  /** Id of the domain, in lower case. */
  readonly pvd: string;
  /** Of the advertisement for which it was fetched: when routers say another one, it is void (PVD-73). */
  readonly sequence: number;
  readonly until: number;
  /** Deeply frozen, without prototypes; what is optional and of another type than it should be is left out. */
  readonly object: Readonly<Record<string, unknown>>;
  /** It is void where a router advertises a prefix that is in none of these (PVD-72). */
  readonly prefixes: readonly string[];
  readonly dnsZones: readonly string[];
  readonly noInternet: boolean;
}

/** What the API of a captive portal said, asked over one domain (RFC 8908 section 5). */
export interface PortalRecord extends RecordBase {
  readonly type: 'portal';
  readonly origin: 'captive-portal';
  /** Id of a domain that has a name of its own, else its first provider. */
  readonly domain: string;
  readonly isNamed: boolean;
  /** It is void where the domain has been told of another API. */
  readonly apiUri: string;
  readonly captive: boolean;
  readonly userPortalUrl?: string | undefined;
  readonly venueInfoUrl?: string | undefined;
  readonly canExtendSession?: boolean | undefined;
  /** End of the time for which the host may use the network, on the clock of lifetimes. */
  readonly sessionUntil?: number | undefined;
  readonly bytesRemaining?: number | undefined;
}

export type PvdRecord =
  | RouterRecord
  | LeaseRecord
  | ResolverRecord
  | LinkRecord
  | PolicyRecord
  | InformationRecord
  | PortalRecord;
