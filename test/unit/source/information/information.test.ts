// SPDX-License-Identifier: MIT
// The additional information of a domain: what may be believed of what a server says.

import { describe, expect, it } from 'vitest';
import { readInformation } from '../../../../lib/source/information/information.ts';

const now = Date.parse('2026-11-22T00:00:00Z');
const right = {
  identifier: 'cafe.example.com',
  expires: '2026-11-23T06:00:00Z',
  prefixes: ['2001:db8:1::/48', '2001:DB8:4::1/48'],
};
const read = (told: object) => readInformation(Buffer.from(JSON.stringify(told)), 'cafe.example.com', now);

describe('additional information', () => {
  it('information: has what it must have, each in its one form (PVD-70)', () => {
    expect(read({ ...right, identifier: 'Cafe.Example.com.', dnsZones: ['Corp.example.', '..'] })).toMatchObject({
      expires: now + 30 * 3_600_000,
      prefixes: ['2001:db8:1::/48', '2001:db8:4::/48'],
      dnsZones: ['corp.example'],
      noInternet: false,
    });
  });

  it.each([
    ['another identifier', { identifier: 'tea.example.com' }],
    ['no identifier', { identifier: undefined }],
    ['an identifier that is no text', { identifier: 1 }],
    ['no end', { expires: undefined }],
    ['an end that was', { expires: '2026-11-21T23:59:59Z' }],
    ['this very moment', { expires: '2026-11-22T00:00:00Z' }],
    ['a day that no month has', { expires: '2027-02-30T06:00:00Z' }],
    ['a date without zone', { expires: '2027-02-20T06:00:00' }],
    ['another form of date', { expires: 'Sun, 22 Nov 2027 00:00:00 GMT' }],
    ['a number for a date', { expires: now + 1000 }],
    ['no prefixes', { prefixes: undefined }],
    ['an IPv4 prefix', { prefixes: ['192.0.2.0/24'] }],
    ['an address for a prefix', { prefixes: ['2001:db8::1'] }],
    ['a prefix that is none', { prefixes: ['2001:db8::/129'] }],
    ['prefixes that are no array', { prefixes: '2001:db8::/32' }],
  ])('information: is refused with %s (PVD-71)', (_, wrong) => {
    expect(read({ ...right, ...wrong })).toEqual(expect.any(String));
  });

  it('information: reads dates in all zones, and to the millisecond (PVD-70)', () => {
    const expires = (text: string) => (read({ ...right, expires: text }) as { expires: number }).expires - now;
    expect(expires('2026-11-22T02:00:00+01:00')).toBe(3_600_000);
    expect(expires('2026-11-21t22:30:00-02:00')).toBe(1_800_000);
    expect(expires('2026-11-22T00:00:00.0015z')).toBe(1);
    expect(expires('2026-11-22T00:00:60Z')).toBe(59_000);
  });

  it('information: keeps what it does not know, and leaves out what is of a wrong type (PVD-71)', () => {
    const wrong = { dnsZones: [1], noInternet: 'yes', proxies: {}, splitDnsClaims: ['x'] };
    const { object, noInternet, dnsZones } = read({ ...right, ...wrong, 'vendor-a': { b: 1 } }) as never;
    expect(Object.keys(object)).toEqual(['identifier', 'expires', 'prefixes', 'vendor-a']);
    expect({ noInternet, dnsZones }).toEqual({ noInternet: false, dnsZones: [] });
    expect(Object.isFrozen(object)).toBe(true);
    expect(read({ ...right, noInternet: true })).toMatchObject({ noInternet: true });
  });
});
