// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { decodeAdvertisement } from '../../../../lib/source/advertisement/advertisement.ts';
import { readPvdOption } from '../../../../lib/source/advertisement/pvd-option.ts';
import { advertisement, bytesOf, forEver, header, mtu, option, pio, pvd, rdnss, rio } from './bytes.ts';
import { aware, everything, figure2, legacy, multihomed, radvd } from './vectors.ts';

const near = { router: 'fe80::a:1', hopLimit: 255 };
const decode = (message: Uint8Array) => decodeAdvertisement(message, near);

describe('advertisement', () => {
  it('advertisement: what radvd sends is read as it was configured (PVD-85, ROUTE-09, ROUTE-10, DNS-12, DNS-13)', () => {
    expect(decode(radvd)).toEqual({
      header: { lifetime: 600, preference: 'high', managed: false, otherConfig: true },
      pvd: undefined,
      options: [
        {
          type: 'prefix',
          prefix: '2001:db8:a:1::/64',
          onLink: true,
          autonomous: true,
          valid: 3600,
          preferred: 1800,
        },
        {
          type: 'prefix',
          prefix: '2001:db8:a:2::/64',
          onLink: true,
          autonomous: false,
          valid: Number.POSITIVE_INFINITY,
          preferred: Number.POSITIVE_INFINITY,
        },
        { type: 'route', prefix: '2001:db8:a:ffff::/64', preference: 'high', lifetime: 900 },
        { type: 'route', prefix: '2001:db8:b::/48', preference: 'low', lifetime: Number.POSITIVE_INFINITY },
        { type: 'resolvers', addresses: ['2001:db8:a:1::53', '2001:db8:a:1::54'], lifetime: 600 },
        { type: 'search-domains', names: ['corp.isp-a.example', 'isp-a.example'], lifetime: 600 },
        { type: 'mtu', mtu: 1492 },
      ],
      refused: [],
    });
  });

  it('advertisement: every option that tells something is read, and no other is an error (PVD-85, PVD-57)', () => {
    expect(decode(everything)).toEqual({
      header: { lifetime: 1800, preference: 'high', managed: true, otherConfig: true },
      pvd: {
        id: 'pvd-a.isp-a.example',
        http: true,
        legacy: true,
        delay: 5,
        sequence: 7,
        header: undefined,
        options: [],
        refused: [],
      },
      options: [
        { type: 'mtu', mtu: 1480 },
        expect.objectContaining({ prefix: '2001:db8:a:1::/64' }),
        { type: 'route', prefix: '2001:db8:a:ff00::/56', preference: 'high', lifetime: 900 },
        { type: 'resolvers', addresses: ['2001:db8:a:1::53', 'fe80::53'], lifetime: 600 },
        { type: 'search-domains', names: ['isp-a.example', 'corp.isp-a.example'], lifetime: 600 },
        { type: 'captive-portal', uri: 'https://portal.isp-a.example/api' },
        { type: 'nat64', prefix: '64:ff9b::/96', lifetime: 600 },
      ],
      refused: [],
    });
  });

  it.each([
    ['from another link', everything, { ...near, hopLimit: 254 }, 'hop-limit'],
    ['from a global address', everything, { ...near, router: '2001:db8::1' }, 'source'],
    ['from an IPv4 link-local address', everything, { ...near, router: '169.254.0.1' }, 'source'],
    ['from nobody', everything, { ...near, router: '' }, 'source'],
    ['that is none', advertisement(header({ type: 133 })), near, 'type'],
    ['with a code', advertisement(header({ code: 1 })), near, 'code'],
    ['shorter than its header', advertisement(header()).subarray(0, 15), near, 'short'],
    ['with an option of length 0', advertisement(header(), [3, 0, 0, 0, 0, 0, 0, 0]), near, 'options'],
    ['with an option that ends behind it', advertisement(header(), [1, 2, 0, 0, 0, 0, 0, 0]), near, 'options'],
    ['with half an option at its end', advertisement(header(), mtu(1500), [5]), near, 'options'],
  ])('advertisement: one %s is thrown away (SEC-15, G7)', (_, message, arrival, reason) => {
    expect(decodeAdvertisement(message, arrival)).toBe(reason);
  });

  it.each([
    [0x00, 'medium'],
    [0x08, 'high'],
    [0x18, 'low'],
    [0x10, 'medium'],
    [0xe7, 'medium'],
  ])(
    'advertisement: flags %i mean preference %s, the reserved value medium (ROUTE-09, ROUTE-11)',
    (flags, preference) => {
      expect(decode(advertisement(header({ flags })))).toMatchObject({ header: { preference } });
    },
  );

  it('advertisement: what is no default router has no preference (ROUTE-09)', () => {
    expect(decode(advertisement(header({ lifetime: 0, flags: 0x08 })))).toMatchObject({
      header: { lifetime: 0, preference: 'medium' },
    });
  });

  it('advertisement: an option that is not believed leaves the others as they are', () => {
    expect(decode(advertisement(header(), rio('2001:db8::', { preference: 2 }), mtu(1500), mtu(600)))).toMatchObject({
      options: [{ type: 'mtu', mtu: 1500 }],
      refused: [
        { type: 24, reason: 'preference' },
        { type: 5, reason: 'mtu' },
      ],
    });
  });
});

describe('pvd option', () => {
  it('pvd option: figure 2 of RFC 8801 has 12 units, its name at 6, its options at 24 (PVD-57, PVD-58)', () => {
    expect(figure2).toHaveLength(12 * 8);
    expect(figure2.slice(0, 6)).toEqual([21, 12, 0x80, 0x01, 0, 123]);
    expect(figure2.slice(6, 19)).toEqual([7, ...Buffer.from('example'), 3, ...Buffer.from('org'), 0]);
    expect(figure2.slice(19, 24)).toEqual([0, 0, 0, 0, 0]);
    expect(figure2.slice(24, 26)).toEqual([25, 5]);
    expect(figure2.slice(64, 66)).toEqual([3, 4]);
    expect(readPvdOption(bytesOf(figure2))).toEqual({
      id: 'example.org',
      http: true,
      legacy: false,
      delay: 1,
      sequence: 123,
      header: undefined,
      options: [
        { type: 'resolvers', addresses: ['2001:db8:cafe::53', '2001:db8:f00d::53'], lifetime: 600 },
        expect.objectContaining({ type: 'prefix', prefix: '2001:db8:cafe::/64', valid: 3600, preferred: 1800 }),
      ],
      refused: [],
    });
  });

  it('pvd option: the routers of section 5.2 and 5.3 say what they say there (PVD-61, PVD-65)', () => {
    expect(decode(legacy)).toMatchObject({
      header: { lifetime: 6000 },
      pvd: { id: 'foo.example.org', header: { lifetime: 0 }, options: [] },
      options: [{ prefix: '2001:db8:cafe::/64' }, { addresses: ['2001:db8:cafe::53'] }],
    });
    expect(decode(aware)).toMatchObject({
      header: { lifetime: 0 },
      pvd: {
        id: 'bar.example.org',
        header: { lifetime: 1600 },
        options: [{ prefix: '2001:db8:f00d::/64' }, { addresses: ['2001:db8:f00d::53'] }],
      },
      options: [],
    });
    expect(decode(multihomed)).toMatchObject({ pvd: { id: 'foo.example.org', header: undefined } });
  });

  it('pvd option: only the first one counts, also when it is not believed (PVD-60)', () => {
    const two = advertisement(header(), pvd('one.example'), pvd('two.example'));
    expect(decode(two)).toMatchObject({ pvd: { id: 'one.example' }, refused: [] });
    const bad = advertisement(header(), pvd('one_.example'), pvd('two.example'));
    expect(decode(bad)).toMatchObject({ pvd: undefined, refused: [{ type: 21, reason: 'name' }] });
  });

  it('pvd option: without H delay and sequence mean nothing, and reserved flags never do (PVD-59, PVD-60)', () => {
    const given = { delay: 9, sequence: 77, reserved: 0x1ff0 };
    const without = readPvdOption(bytesOf(pvd('example.org', given)));
    expect(without).toMatchObject({ id: 'example.org', http: false, legacy: false, delay: 0, sequence: 0 });
    const having = readPvdOption(bytesOf(pvd('example.org', { ...given, http: true })));
    expect(having).toMatchObject({ http: true, delay: 9, sequence: 77, header: undefined });
  });

  it('pvd option: type, code and checksum of the inner header mean nothing (PVD-57)', () => {
    const inner = header({ lifetime: 99, type: 1, code: 2, checksum: 0xdead });
    expect(readPvdOption(bytesOf(pvd('example.org', { inner })))).toMatchObject({ header: { lifetime: 99 } });
  });

  it('pvd option: a domain within a domain is dropped, what is beside it is not (SEC-16)', () => {
    const nested = pvd('outer.example', {}, pvd('inner.example', {}, rdnss(9, '2001:db8::1')), mtu(1400));
    expect(decode(advertisement(header(), nested))).toMatchObject({
      pvd: {
        id: 'outer.example',
        options: [{ type: 'mtu', mtu: 1400 }],
        refused: [{ type: 21, reason: 'nested' }],
      },
    });
  });

  it.each([
    ['compressed', [0xc0, 0x0c], 'name'],
    ['with a label longer than 63', [64, ...Array(64).fill(0x61), 0], 'name'],
    ['that does not end', [1, 0x61], 'name'],
    ['that would end behind the option', [9, 0x61], 'name'],
    ['of the root alone', [0], 'name'],
    ['with a slash', [3, 0x61, 0x2f, 0x62, 0], 'name'],
    ['with a NUL', [3, 0x61, 0x00, 0x62, 0], 'name'],
    ['with a dot within a label', [3, 0x61, 0x2e, 0x62, 0], 'name'],
    ['with a letter beyond ASCII', [2, 0xc3, 0xa9, 0], 'name'],
    ['that begins with a hyphen', [2, 0x2d, 0x61, 0], 'name'],
    ['that reads as an IPv4 address', [2, 0x31, 0x30, 1, 0x31, 0], 'name'],
    ['that ends in a hexadecimal number', [1, 0x61, 3, 0x30, 0x78, 0x66, 0], 'name'],
    [
      'longer than 255 octets',
      [
        ...Array(4)
          .fill([63, ...Array(63).fill(0x61)])
          .flat(),
        0,
      ],
      'name',
    ],
  ])('pvd option: a name %s is not believed (SEC-16)', (_, octets, reason) => {
    expect(readPvdOption(bytesOf(option(21, [0, 0, 0, 0], octets)))).toBe(reason);
  });

  it('pvd option: an inner header for which there is no room is not believed (SEC-16)', () => {
    const cut = pvd('example.org', { inner: header() }).slice(0, 24 + 8);
    cut[1] = cut.length / 8;
    expect(readPvdOption(bytesOf(cut))).toBe('inner');
  });

  it('pvd option: inner options that do not add up are not believed, nor is the domain (SEC-16)', () => {
    expect(readPvdOption(bytesOf(pvd('example.org', {}, [25, 9, 0, 0, 0, 0, 0, 0])))).toBe('inner');
    expect(readPvdOption(bytesOf(pvd('example.org', {}, Array(8).fill(0))))).toBe('inner');
  });

  it('pvd option: inner options are held to the same rules as outer ones (SEC-16)', () => {
    const inside = pvd(
      'example.org',
      {},
      pio('fe80::'),
      rio('::', { length: 129 }),
      pio('2001:db8::', { valid: forEver }),
    );
    expect(readPvdOption(bytesOf(inside))).toMatchObject({
      options: [{ prefix: '2001:db8::/64', valid: Number.POSITIVE_INFINITY, preferred: 1800 }],
      refused: [
        { type: 3, reason: 'prefix' },
        { type: 24, reason: 'prefix-length' },
      ],
    });
  });
});
