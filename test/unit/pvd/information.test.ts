// SPDX-License-Identifier: MIT
// What was fetched of a domain, beside what routers say of it now.

import { describe, expect, it } from 'vitest';
import type { InformationRecord, PortalRecord, PvdRecord } from '../../../lib/pvd/record.ts';
import { newerOption } from '../../../lib/pvd/information.ts';
import { tell } from '../../../lib/pvd/told.ts';
import { advertised, lease, onEth0, option, policy, prefix } from './told-records.ts';

const id = 'pvd.example';

function information(fields: Partial<InformationRecord> = {}): InformationRecord {
  return {
    type: 'information',
    origin: 'pvd-information',
    key: id,
    interfaceId: onEth0,
    pvd: id,
    sequence: 7,
    until: 300_000,
    object: { identifier: id },
    prefixes: ['2001:db8::/32'],
    dnsZones: ['corp.example'],
    noInternet: false,
    ...fields,
  };
}

function answer(fields: Partial<PortalRecord> = {}): PortalRecord {
  return {
    type: 'portal',
    origin: 'captive-portal',
    key: id,
    interfaceId: onEth0,
    domain: id,
    isNamed: true,
    apiUri: 'https://portal.example/api',
    captive: true,
    ...fields,
  };
}

const router = (fields = {}, prefixes = [prefix('2001:db8:1::/64')]) =>
  advertised('fe80::1', { pvd: option(id, { http: true, sequence: 7, ...fields }), prefixes });

const told = (...records: PvdRecord[]) => tell(records, { now: 0, isWayOut: true });

describe('additional information', () => {
  it('information: holds for the sequence number that routers say now, and for no other (PVD-73)', () => {
    expect(told(information(), router()).information?.object).toEqual({ identifier: id });
    expect(told(information(), router({ sequence: 8 })).information).toBeUndefined();
    expect(told(information(), router({ sequence: 6 })).information).toBeUndefined();
    expect(told(information(), router({ http: false })).information).toBeUndefined();
    expect(told(information()).information).toBeUndefined();
  });

  it('information: is over when it says so, and keeps no domain (PVD-73, SEC-30)', () => {
    const both = [information(), router()];
    expect(told(...both).nextEnd).toBe(300_000);
    expect(tell(both, { now: 300_000, isWayOut: true }).information).toBeUndefined();
    expect(told(...both).lastEnd).toBe(told(router()).lastEnd);
  });

  it('information: is void where a router advertises a prefix that it does not name (PVD-72)', () => {
    const other = advertised('fe80::2', { pvd: option(id), prefixes: [prefix('2001:db9::/64')] });
    expect(told(information(), router(), other).information).toBeUndefined();
    expect(told(information({ prefixes: ['2001:db8:1:0:8000::/65'] }), router()).information).toBeUndefined();
    expect(told(information({ prefixes: ['2001:db8:1::/64'] }), router()).information).toBeDefined();
  });

  it('information: of two routers the number that was changed last counts, across its end too (PVD-73)', () => {
    const sequence = (one: number, other: number) =>
      newerOption(option(id, { sequence: one }), option(id, { sequence: other })).sequence;
    expect(sequence(7, 8)).toBe(8);
    expect(sequence(8, 7)).toBe(8);
    expect(sequence(0xffff, 0)).toBe(0);
  });

  it('information: names of its zones are asked of it only where policy trusts it (DNS-24, DNS-42)', () => {
    expect(told(information(), router()).zones).toEqual([]);
    expect(told(information(), router(), policy({ trusted: true })).zones).toEqual(['corp.example']);
    expect(told(information(), router()).contents.get('pvd-info')).toHaveLength(1);
  });
});

describe('the answer of a captive portal', () => {
  const uri = 'https://portal.example/api';

  it('portal: holds for the API that the domain has been told of (PVD-79)', () => {
    expect(told(answer(), router()).portal).toBeUndefined();
    const speaking = { ...router(), captivePortal: uri };
    expect(told(answer(), speaking)).toMatchObject({ portal: { captive: true }, isPortalUnclear: false });
    expect(told(answer(), { ...router(), captivePortal: 'https://other.example/' }).portal).toBeUndefined();
  });

  it('portal: options that differ are a mistake that is told (PVD-79)', () => {
    const speaking = { ...router(), captivePortal: uri };
    const other = lease(4, { captivePortal: 'https://other.example/' });
    expect(told(speaking, other)).toMatchObject({ isPortalUnclear: true, captivePortal: 'https://other.example/' });
    expect(told(speaking, lease(4, { captivePortal: uri })).isPortalUnclear).toBe(false);
  });
});
