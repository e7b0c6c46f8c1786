// SPDX-License-Identifier: MIT
// Plain records of sources for tests: one line says what matters. The clock of the tests is a number.

import type {
  LeaseRecord,
  Lasting,
  PolicyRecord,
  PvdOption,
  ResolverRecord,
  RouterRecord,
  ToldPrefix,
} from '../../../lib/pvd/record.ts';

export const onEth0 = 'if:3.1';

/** A prefix that addresses are made of. */
export function prefix(text: string, fields: Partial<ToldPrefix> = {}): ToldPrefix {
  return { prefix: text, onLink: true, autonomous: true, validUntil: 3_600_000, preferredUntil: 1_800_000, ...fields };
}

export function lasting<T>(value: T, until: number | null = 600_000): Lasting<T> {
  return { value, until };
}

export function option(id: string, fields: Partial<PvdOption> = {}): PvdOption {
  return { id, http: false, legacy: false, delay: 0, sequence: 0, ...fields };
}

type HeaderFields = Partial<NonNullable<RouterRecord['header']>>;

export function header(fields: HeaderFields = {}): NonNullable<RouterRecord['header']> {
  return { until: 1_800_000, preference: 'medium', managed: false, otherConfig: false, ...fields };
}

/** What a router says: of itself, or with a PvD option. */
export function advertised(router: string, fields: Partial<RouterRecord> = {}): RouterRecord {
  return {
    type: 'router',
    origin: 'router-advertisements',
    key: `${router} ${fields.pvd?.id ?? ''}`,
    interfaceId: onEth0,
    router,
    header: header(),
    prefixes: [],
    routes: [],
    resolvers: [],
    searchDomains: [],
    nat64: [],
    ...fields,
  };
}

export function lease(family: 4 | 6, fields: Partial<LeaseRecord> = {}): LeaseRecord {
  return {
    type: 'lease',
    origin: 'networkd',
    key: `dhcpv${family}`,
    interfaceId: onEth0,
    family,
    until: 3_600_000,
    addresses: [],
    routers: [],
    routes: [],
    resolvers: [],
    searchDomains: [],
    ntpServers: [],
    ...fields,
  };
}

export function resolver(resolvers: string[], fields: Partial<ResolverRecord> = {}): ResolverRecord {
  return {
    type: 'resolver',
    origin: 'resolved',
    key: 'resolvers',
    interfaceId: onEth0,
    resolvers,
    searchDomains: [],
    routingDomains: [],
    ...fields,
  };
}

export function policy(fields: Partial<PolicyRecord> = {}): PolicyRecord {
  return {
    type: 'policy',
    origin: 'policy',
    key: 'policy',
    interfaceId: onEth0,
    resolvers: [],
    searchDomains: [],
    routingDomains: [],
    categories: [],
    ...fields,
  };
}
