// SPDX-License-Identifier: MIT
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  formatIpAddress,
  formatIpv6,
  isLinkLocal,
  isLoopback,
  isMulticast,
  isUniqueLocal,
  isUnspecified,
  parseIpAddress,
} from '../../../lib/address/ip-address.ts';

/** Four 32-bit numbers that repeat with the seed; half of their hextets are zero, so that runs occur. */
function* randomGroups(seed: number, count: number): Generator<[number, number, number, number]> {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 16;
  };
  const hextet = () => (next() % 2 === 0 ? 0 : next() >>> (next() % 16));
  const group = () => ((hextet() << 16) | hextet()) >>> 0;
  for (let n = 0; n < count; n++) yield [group(), group(), group(), group()];
}

const notAddresses = [
  '',
  ' ',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4 ',
  '1.2.3.-4',
  '0x1.2.3.4',
  '1.2.3.4/24',
  '1.2.3.4%eth0',
  ':',
  ':::',
  '1::2::3',
  ':1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '::12345',
  '::g',
  '::1.2.3',
  '1.2.3.4::',
  '::1.2.3.4:5',
  '[::1]',
  'fe80::1%',
  'fe80::1%a b',
  'fe80::1%a/b',
  'fe80::1%a%b',
];

describe('address', () => {
  it.each(notAddresses)('address: refuses %j, as the resolver of the system does', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
    expect(isIP(text)).toBe(0);
  });

  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['192.0.2.1', '192.0.2.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0db8:0000:0000:0000:0000:0002:0001', '2001:db8::2:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['FE80::1%Eth0.7', 'fe80::1%Eth0.7'],
  ])('address: writes %s in the one form of RFC 5952, %s', (text, canonical) => {
    const address = parseIpAddress(text);
    expect(address && formatIpAddress(address)).toBe(canonical);
  });

  it('address: writes every IPv6 address as the URL standard does, and reads it back', () => {
    for (const groups of randomGroups(7, 5000)) {
      const text = formatIpv6(...groups);
      // The URL standard knows no dotted form for ::ffff:0:0/96 (RFC 5952 sec. 5 does).
      if (!text.includes('.')) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
      expect(parseIpAddress(text)?.groups).toEqual(groups);
    }
  });

  it.each([
    ['loopback', isLoopback, ['127.0.0.1', '127.255.255.255', '::1'], ['128.0.0.1', '126.0.0.1', '::2', '::']],
    [
      'link-local',
      isLinkLocal,
      ['169.254.0.0', '169.254.255.255', 'fe80::1%eth0', 'febf::'],
      ['169.253.0.1', '169.255.0.0', 'fec0::', 'fe7f::'],
    ],
    ['multicast', isMulticast, ['224.0.0.1', '239.255.255.255', 'ff02::1'], ['223.255.255.255', '240.0.0.0', 'fe80::']],
    ['unique local', isUniqueLocal, ['fc00::', 'fdff::1'], ['fbff::', 'fe00::', '10.0.0.1']],
    ['unspecified', isUnspecified, ['0.0.0.0', '::', '0:0:0:0:0:0:0:0'], ['0.0.0.1', '::1']],
  ] as const)('address: tells which are %s at the borders of the block', (_, is, inside, outside) => {
    expect(inside.filter((text) => !is(text))).toEqual([]);
    expect(outside.filter((text) => is(text))).toEqual([]);
    expect(is('nonsense')).toBe(false);
  });
});
