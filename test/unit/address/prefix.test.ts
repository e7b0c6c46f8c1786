// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { networkOf, parsePrefix, prefixContains } from '../../../lib/address/prefix.ts';

describe('prefix', () => {
  it.each([
    '192.0.2.0',
    '192.0.2.0/',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/024',
    '192.0.2.0/24/8',
    '192.0.2.0/ 24',
    '/24',
    '::/129',
    '::/1e1',
    'fe80::%eth0/64',
    'default',
  ])('prefix: refuses %j', (text) => {
    expect(parsePrefix(text)).toBeUndefined();
  });

  it.each([
    ['192.0.2.129', 25, '192.0.2.128/25'],
    ['192.0.2.129', 32, '192.0.2.129/32'],
    ['192.0.2.129', 1, '128.0.0.0/1'],
    ['255.255.255.255', 0, '0.0.0.0/0'],
    ['2001:db8:ffff:ffff:ffff::1', 49, '2001:db8:ffff:8000::/49'],
    ['2001:db8::ffff:ffff', 96, '2001:db8::/96'],
    ['2001:db8::ffff:ffff', 97, '2001:db8::8000:0/97'],
    ['ffff::', 0, '::/0'],
    ['::1', 128, '::1/128'],
  ])('prefix: the network of %s/%i is %s', (address, length, network) => {
    expect(networkOf(address, length)).toBe(network);
  });

  it('prefix: there is no network of what is no address, or longer than one', () => {
    expect(() => networkOf('192.0.2.1', 33)).toThrow(RangeError);
    expect(() => networkOf('eth0', 24)).toThrow(RangeError);
  });

  it.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.77/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['0.0.0.0/0', '203.0.113.1', true],
    ['0.0.0.0/0', '::', false],
    ['::/0', '192.0.2.1', false],
    ['::/0', '2001:db8::', true],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['2001:db8::1/128', '2001:db8::1', true],
    ['2001:db8::1/128', '2001:db8::2', false],
    ['fe80::/64', 'fe80::1%eth0', true],
    ['nonsense', '192.0.2.1', false],
    ['192.0.2.0/24', 'nonsense', false],
  ])('prefix: whether %s contains %s is %s', (prefix, address, isInside) => {
    expect(prefixContains(prefix, address)).toBe(isInside);
  });
});
