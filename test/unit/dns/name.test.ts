// SPDX-License-Identifier: MIT
// Names as written, as asked for, and those that nobody is asked for.

import { describe, expect, it } from 'vitest';
import { parseIpAddress } from '../../../lib/address/ip-address.ts';
import { isBelow, readName } from '../../../lib/dns/name.ts';
import { candidateNames } from '../../../lib/dns/search-list.ts';
import { readServer } from '../../../lib/dns/server.ts';
import { isLocalhost, isNowhere, isOfLink, reverseName } from '../../../lib/dns/special-name.ts';

describe('names', () => {
  it.each([
    ['Host.Example.COM', 'host.example.com', false],
    ['host.example.com.', 'host.example.com', true],
    ['bücher.example', 'xn--bcher-kva.example', false],
    ['日本語。jp', 'xn--wgv71a119e.jp', false],
    ['_dns._udp.example', '_dns._udp.example', false],
    ['.', '.', true],
    [`${'a'.repeat(63)}.b`, `${'a'.repeat(63)}.b`, false],
  ])('%s', (text, name, isAbsolute) => {
    expect(readName(text)).toEqual({ name, isAbsolute });
  });

  it.each([
    '',
    '..',
    'a..b',
    '.a',
    'a b',
    'a\\.b',
    'a\0b',
    `${'a'.repeat(64)}.b`,
    `${'abcdefg.'.repeat(31)}abcdefg`,
    'x'.repeat(100_000),
    'xn--.é..x',
    undefined,
    7,
  ])('refuses %j (MIF-54, SEC-25)', (text) => {
    expect(() => readName(text)).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
  });

  it('are below a zone on the border of a label', () => {
    expect(isBelow('a.example', 'example')).toBe(true);
    expect(isBelow('example', 'example')).toBe(true);
    expect(isBelow('anexample', 'example')).toBe(false);
  });
});

describe('relative names', () => {
  const search = { searchDomains: ['corp.example', 'lab.example', 'local'], ndots: 1 };
  it.each([
    ['host', ['host.corp.example', 'host.lab.example', 'host.local', 'host']],
    ['host.', ['host']],
    ['host.site', ['host.site']],
  ])('%s (DNS-26)', (text, names) => {
    expect(candidateNames(readName(text), search)).toEqual(names);
  });

  it('of two parts are never put below .local (DNS-26)', () => {
    expect(candidateNames(readName('host.site'), { ...search, ndots: 2 })).toEqual([
      'host.site.corp.example',
      'host.site.lab.example',
      'host.site',
    ]);
  });
});

describe('special names', () => {
  it('are told by their zone (DNS-25, DNS-27)', () => {
    expect(['localhost', 'a.localhost', 'localhost.example'].map(isLocalhost)).toEqual([true, true, false]);
    expect(['x.invalid', 'y.onion', 'onion.example'].map(isNowhere)).toEqual([true, true, false]);
    expect(['printer.local', 'local', '1.1.254.169.in-addr.arpa', 'local.example'].map(isOfLink)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('of addresses', () => {
    expect(reverseName(parseIpAddress('192.0.2.17')!)).toBe('17.2.0.192.in-addr.arpa');
    expect(reverseName(parseIpAddress('2001:db8::567:89ab')!)).toBe(
      'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    );
  });
});

describe('servers', () => {
  it.each([
    ['192.0.2.53', '192.0.2.53', 53, '192.0.2.53'],
    ['192.0.2.53:5353', '192.0.2.53', 5353, '192.0.2.53:5353'],
    ['2001:DB8::53', '2001:db8::53', 53, '2001:db8::53'],
    ['[2001:db8::53]:5353', '2001:db8::53', 5353, '[2001:db8::53]:5353'],
    ['fe80::1%eth0', 'fe80::1%eth0', 53, 'fe80::1%eth0'],
  ])('%s', (text, address, port, shown) => {
    expect(readServer(text)).toMatchObject({ address, port, text: shown });
  });

  it.each(['ns.example.com', '', '192.0.2.53:0', '192.0.2.53:65536', '0.0.0.0', 'ff02::fb', 53, null])(
    'refuses %j',
    (text) => {
      expect(() => readServer(text)).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
    },
  );
});
