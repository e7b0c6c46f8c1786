// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { readDestination, readTraffic, type TrafficOptions } from '../../../lib/selection/question.ts';

const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG', message: expect.stringMatching(message) });

describe('selection/question', () => {
  test('selection/question: what is not told is nothing, and the user is who asks (E3)', () => {
    expect(readTraffic({}, 4)).toEqual({
      source: undefined,
      mark: 0,
      uid: process.geteuid?.(),
      trafficClass: 0,
      protocol: 0,
      sourcePort: 0,
      destinationPort: 0,
    });
  });

  test('selection/question: everything at its largest', () => {
    const options = { mark: 2 ** 32 - 1, uid: 2 ** 32 - 1, dscp: 63, sourcePort: 65_535, destinationPort: 65_535 };
    expect(readTraffic({ ...options, protocol: 255, source: '2001:db8::1' }, 6)).toEqual({
      source: { family: 6, groups: [0x20010db8, 0, 0, 1] },
      mark: 0xffff_ffff,
      uid: 0xffff_ffff,
      trafficClass: 252,
      protocol: 255,
      sourcePort: 65_535,
      destinationPort: 65_535,
    });
  });

  test.each([
    ['icmp', 1],
    ['tcp', 6],
    ['udp', 17],
    ['icmpv6', 58],
    ['sctp', 132],
    [47, 47],
  ])('selection/question: protocol %s is %d', (protocol, number) => {
    expect(readTraffic({ protocol }, 4).protocol).toBe(number);
  });

  test.each<[keyof TrafficOptions, unknown]>([
    ['mark', Number.NaN],
    ['mark', -1],
    ['mark', 2 ** 32],
    ['mark', '16'],
    ['mark', 16n],
    ['mark', null],
    ['uid', -1],
    ['uid', 2 ** 32],
    ['uid', 0.5],
    ['uid', Number.POSITIVE_INFINITY],
    ['dscp', 64],
    ['dscp', []],
    ['sourcePort', 65_536],
    ['sourcePort', '53'],
    ['destinationPort', -1],
    ['destinationPort', {}],
    ['protocol', 256],
    ['protocol', 'TCP'],
    ['protocol', 'toString'],
    ['protocol', ''],
    ['protocol', true],
    ['source', 4],
    ['source', ''],
    ['source', 'localhost'],
    ['source', '192.0.2.1/24'],
    ['source', '192.0.2.256'],
    ['source', '2001:db8::1'],
    ['source', 'fe80::1%eth0'],
    ['source', { address: '192.0.2.1' }],
  ])('selection/question: option %s cannot be %o, and the error names it', (name, value) => {
    expect(() => readTraffic({ [name]: value }, 4)).toThrow(refusal(new RegExp(`^option ${name}: .* is not `)));
  });

  test('selection/question: a source of the other family says which is wanted', () => {
    expect(() => readTraffic({ source: '192.0.2.1' }, 6)).toThrow(refusal(/^option source: .*IPv6 address/));
    expect(() => readTraffic({ source: '2001:db8::1' }, 4)).toThrow(refusal(/^option source: .*IPv4 address/));
  });

  test('selection/question: a destination is one address, with its zone', () => {
    expect(readDestination('192.0.2.1')).toEqual({ family: 4, groups: [0xc0000201] });
    expect(readDestination('fe80::1%eth0')).toEqual({ family: 6, groups: [0xfe800000, 0, 0, 1], zone: 'eth0' });
  });

  test.each<unknown>([
    undefined,
    null,
    4,
    {},
    '',
    ' 192.0.2.1',
    '192.0.2.1:80',
    '192.0.2.0/24',
    '192.0.2.01',
    '2001:db8::/64',
    '2001:db8:0:1:2:3:4:5:6',
    '[2001:db8::1]',
    'fe80::1%',
    '192.0.2.1%eth0',
    'example.com',
    '::ffff:192.0.2.1',
    'x'.repeat(100_000),
  ])('selection/question: %o is no destination', (destination) => {
    expect(() => readDestination(destination)).toThrow(refusal(/^destination: .{0,100}$/));
  });
});
