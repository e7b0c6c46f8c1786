// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { decodeOption } from '../../../../lib/source/advertisement/option.ts';
import { bytesOf, dnssl, forEver, mtu, option, pio, portal, pref64, rdnss, rio, u16, u32 } from './bytes.ts';

const decode = (octets: readonly number[]) => decodeOption(bytesOf(octets));
const infinite = Number.POSITIVE_INFINITY;

describe('option', () => {
  it.each([
    ['a prefix', pio('2001:db8:1:2:3::', { flags: 0x40, valid: forEver, preferred: forEver })],
    ['a route', rio('2001:db8::', { lifetime: forEver })],
    ['resolvers', rdnss(forEver, '2001:db8::53')],
    ['search domains', dnssl(forEver, 'example')],
  ])('option: %s may hold for ever (PVD-19, DNS-12, DNS-13)', (_, octets) => {
    expect(JSON.stringify(decode(octets), (__, value) => (value === infinite ? 'for ever' : value))).toMatch(
      /for ever/,
    );
  });

  it('option: bits of a prefix behind its length do not count', () => {
    expect(decode(pio('2001:db8:1:2:3::', { flags: 0x80 }))).toMatchObject({
      prefix: '2001:db8:1:2::/64',
      onLink: true,
      autonomous: false,
    });
    expect(decode(rio('2001:db8:ffff::', { length: 33 }))).toMatchObject({ prefix: '2001:db8:8000::/33' });
  });

  it.each([
    ['of 129 bits', pio('2001:db8::', { length: 129 }), 'prefix-length'],
    ['that is link-local', pio('fe80::'), 'prefix'],
    ['that is multicast', pio('ff05::'), 'prefix'],
    ['that is preferred for longer than valid', pio('2001:db8::', { valid: 10, preferred: 11 }), 'lifetimes'],
    ['preferred for ever and not valid for ever', pio('2001:db8::', { preferred: forEver }), 'lifetimes'],
    ['of 3 units', option(3, Array(22).fill(0)), 'length'],
  ])('option: a prefix %s is not believed (PVD-85)', (_, octets, reason) => expect(decode(octets)).toBe(reason));

  it.each([
    [0, 0, '::/0'],
    [0, 16, '::/0'],
    [1, 8, '::/1'],
    [64, 8, '2001:db8::/64'],
    [64, 16, '2001:db8::/64'],
    [65, 16, '2001:db8::/65'],
    [128, 16, '2001:db8::/128'],
    [1, 0, undefined],
    [65, 8, undefined],
    [64, 24, undefined],
  ])('option: a route of %i bits in %i octets (ROUTE-10)', (length, octets, prefix) => {
    const body = [...bytesOf(rio('2001:db8::', { length, octets: 16 })).subarray(2), ...Array(8).fill(0)];
    const decoded = decode(option(24, body.slice(0, 6 + octets)));
    expect(decoded).toEqual(
      prefix === undefined ? 'length' : { type: 'route', prefix, preference: 'medium', lifetime: 900 },
    );
  });

  it.each([
    [0, 'medium'],
    [1, 'high'],
    [3, 'low'],
  ])('option: preference %i of a route is %s, and 2 is none (ROUTE-10, ROUTE-11)', (preference, word) => {
    expect(decode(rio('2001:db8::', { preference }))).toMatchObject({ preference: word });
    expect(decode(rio('2001:db8::', { preference: 2 }))).toBe('preference');
  });

  it.each([
    ['none', rdnss(600), 'length'],
    ['half a one', option(25, u16(0), u32(600), Array(8).fill(1)), 'length'],
    ['a multicast one', rdnss(600, '2001:db8::53', 'ff02::53'), 'address'],
    ['the unspecified one', rdnss(600, '::'), 'address'],
    ['the loopback', rdnss(600, '::1'), 'address'],
  ])('option: resolvers of which one is %s are not believed (DNS-12)', (_, octets, reason) => {
    expect(decode(octets)).toBe(reason);
  });

  it.each([
    ['none', option(31, u16(0), u32(600)), 'length'],
    ['the root', option(31, u16(0), u32(600), Array(8).fill(0)), 'name'],
    ['one that is cut', option(31, u16(0), u32(600), [7], Buffer.from('exampl'), [9]), 'name'],
    ['a compressed one', option(31, u16(0), u32(600), [0xc0, 8, 0, 0]), 'name'],
    ['one with a space', dnssl(600, 'good.example', 'no good'), 'name'],
  ])('option: search domains of which one is %s are not believed (DNS-13)', (_, octets, reason) => {
    expect(decode(octets)).toBe(reason);
  });

  it('option: names are lower case, each once, and padding ends them (DNS-13)', () => {
    expect(decode(dnssl(0, 'Example.COM', 'example.com', '_tcp.example'))).toEqual({
      type: 'search-domains',
      names: ['example.com', '_tcp.example'],
      lifetime: 0,
    });
  });

  it.each([
    [0, '2001:db8:1:2:3:4::/96'],
    [1, '2001:db8:1:2::/64'],
    [2, '2001:db8:1::/56'],
    [3, '2001:db8:1::/48'],
    [4, '2001:db8::/40'],
    [5, '2001:db8::/32'],
    [6, undefined],
    [7, undefined],
  ])('option: code %i of a NAT64 prefix (PVD-85)', (code, prefix) => {
    expect(decode(pref64('2001:db8:1:2:3:4::', { code, lifetime: 65528 }))).toEqual(
      prefix === undefined ? 'code' : { type: 'nat64', prefix, lifetime: 65528 },
    );
  });

  it('option: a NAT64 prefix of another length is not believed', () => {
    expect(decode([...pref64('64:ff9b::'), ...Array(8).fill(0)].map((octet, at) => (at === 1 ? 3 : octet)))).toBe(
      'length',
    );
  });

  it.each([
    ['https://portal.example/api?x=1#y', 'https://portal.example/api?x=1#y'],
    ['HTTPS://portal.example', 'HTTPS://portal.example'],
    ['urn:ietf:params:capport:unrestricted', undefined],
  ])('option: portal %s (PVD-79)', (text, uri) => {
    expect(decode(portal(text))).toEqual({ type: 'captive-portal', uri });
  });

  it.each([
    '',
    'http://portal.example/',
    'https://',
    'https://a b/',
    'https://é/',
    'javascript:alert(1)',
    'https://x\u0000y/',
    'https://[::1/',
    '//portal.example',
  ])('option: portal %j is no URI of an API (PVD-79)', (text) => {
    expect(decode(portal(text))).toBe('uri');
  });

  it.each([
    [1279, 'mtu'],
    [1280, { type: 'mtu', mtu: 1280 }],
    [forEver, { type: 'mtu', mtu: forEver }],
  ])('option: an MTU of %i', (value, decoded) => expect(decode(mtu(value))).toEqual(decoded));

  it.each([
    [[]],
    [[3]],
    [[3, 0, 0, 0, 0, 0, 0, 0]],
    [[3, 4, 0, 0, 0, 0, 0, 0]],
    [[5, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])('option: bytes %j are not one option', (octets) => expect(decode(octets)).toBe('length'));

  it('option: a type that nobody knows says nothing', () => expect(decode(option(253, [1, 2, 3]))).toBeUndefined());
});
