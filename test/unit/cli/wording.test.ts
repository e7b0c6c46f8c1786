// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { arrival, departure, difference } from '../../../lib/cli/description.ts';
import {
  addressFlags,
  addressText,
  interfaceState,
  lifetime,
  nexthopWay,
  routeWay,
  ruleAction,
  ruleSelector,
  tableName,
} from '../../../lib/cli/wording.ts';
import { route } from '../route-record.ts';
import { address, domain, link, neighbour, rule } from './records.ts';

const a0 = link('a0', 11);

describe('cli/wording', () => {
  test.each([
    [true, true, 'up'],
    [true, false, 'no carrier'],
    [false, false, 'down'],
    [false, true, 'down'],
  ])('cli/wording: admin up %s and running %s is %s', (adminUp, running, state) => {
    expect(interfaceState({ adminUp, running })).toBe(state);
  });

  test.each([
    [null, 'forever'],
    [0, '0s'],
    [59, '59s'],
    [61, '1m 1s'],
    [3600, '1h 0m'],
    [90_061, '1d 1h'],
  ])('cli/wording: %s seconds left read %s', (seconds, text) => {
    expect(lifetime(seconds)).toBe(text);
  });

  test('cli/wording: an address with a far end names both', () => {
    expect(addressText(address(a0, '10.3.0.2/32', { peer: '10.64.64.64' }))).toBe('10.3.0.2 peer 10.64.64.64/32');
  });

  test('cli/wording: only unusual flags of an address are told', () => {
    expect(addressFlags(address(a0, '10.1.0.1/24'))).toBe('');
    expect(addressFlags({ flags: ['permanent', 'tentative', 'dad-failed'] })).toBe('tentative dad-failed');
  });

  test.each([
    [{ gateway: '10.1.0.1', interface: 'a0' }, 'via 10.1.0.1 dev a0'],
    [{ interface: 'a0' }, 'dev a0'],
    [{}, ''],
    [{ nexthopId: 7 }, 'nexthop 7'],
    [{ nexthopId: 7, interface: 'a0' }, 'dev a0'],
    [
      {
        nexthops: [
          { gateway: '10.1.0.1', interface: 'a0', weight: 1, flags: [] },
          { gateway: 'fe80::1', interface: 'b0', weight: 3, flags: [] },
        ],
      },
      'via 10.1.0.1 dev a0, via fe80::1 dev b0 x3',
    ],
  ])('cli/wording: a route %j leads %s', (rest, way) => {
    expect(routeWay(route('203.0.113.0/24', rest))).toBe(way);
  });

  test('cli/wording: nexthop objects are groups, holes or hops', () => {
    const object = {
      id: 1,
      isBlackhole: false,
      isFdb: false,
      group: [],
      protocol: 'static',
      scope: 'global',
      flags: [],
    } as const;
    expect(
      nexthopWay({
        ...object,
        group: [
          { id: 2, weight: 1 },
          { id: 3, weight: 2 },
        ],
      }),
    ).toBe('group of 2, 3 x2');
    expect(nexthopWay({ ...object, isBlackhole: true })).toBe('blackhole');
    expect(nexthopWay({ ...object, gateway: 'fe80::1', interface: 'a0' })).toBe('via fe80::1 dev a0');
  });

  test.each([
    [rule(0), 'all', 'lookup main'],
    [rule(1, { table: 255 }), 'all', 'lookup local'],
    [rule(1, { source: '10.0.0.0/8', flags: ['invert'] }), 'not from 10.0.0.0/8', 'lookup main'],
    [rule(1, { mark: 0, markMask: 255 }), 'mark 0x0/0xff', 'lookup main'],
    [rule(1, { uidFirst: 0, uidLast: 0, action: 'unreachable' }), 'uid 0', 'unreachable'],
    [rule(1, { destinationPortFirst: 80, destinationPortLast: 90 }), 'dport 80-90', 'lookup main'],
    [
      rule(1, { outputInterface: 'a0', table: 101, suppressPrefixLength: 0 }),
      'oif a0',
      'lookup 101, suppress prefix length 0',
    ],
    [rule(1, { action: 'goto', gotoPriority: 100 }), 'all', 'goto 100'],
    [rule(1, { unknownAttributes: 2 }), 'and 2 unknown', 'lookup main'],
  ])('cli/wording: a rule reads as written (row %#)', (record, selector, action) => {
    expect(ruleSelector(record)).toBe(selector);
    expect(ruleAction(record)).toBe(action);
  });

  test('cli/wording: tables have the names that every Linux gives them', () => {
    expect([253, 254, 255, 101].map(tableName)).toEqual(['default', 'main', 'local', '101']);
  });
});

describe('cli/description', () => {
  test('cli/description: what came', () => {
    expect(arrival('interfaces', a0)).toBe('a0  up veth');
    expect(arrival('addresses', address(a0, '10.1.0.100/24'))).toBe('10.1.0.100/24 on a0');
    expect(arrival('routes', route('0.0.0.0/0', { gateway: '10.1.0.1', interface: 'a0', metric: 100 }))).toBe(
      '0.0.0.0/0 via 10.1.0.1 dev a0 metric 100',
    );
    expect(arrival('routes', route('203.0.113.0/24', { type: 'blackhole', table: 101 }))).toBe(
      'blackhole 203.0.113.0/24 table 101',
    );
    expect(arrival('neighbours', neighbour(a0, '10.1.0.1'))).toBe('10.1.0.1 on a0  02:00:00:00:00:15 reachable');
    expect(arrival('rules', rule(7, { source: '10.0.0.0/8' }))).toBe('7: from 10.0.0.0/8 lookup main (IPv4)');
  });

  test('cli/description: a domain that went says why', () => {
    expect(departure('pvds', domain('a0/fe80::1', a0, { endReason: 'interface-gone' }))).toBe(
      'a0/fe80::1  interface-gone',
    );
    expect(departure('interfaces', a0)).toBe('a0');
  });

  test('cli/description: what differs, and nothing else', () => {
    const after = link('wan0', 11, { running: false, operState: 'down', flags: ['up', 'broadcast'] });
    expect(difference('interfaces', a0, after)).toBe(
      'a0  name a0 -> wan0, operState up -> down, running true -> false',
    );
    expect(difference('interfaces', a0, link('a0', 11, { flags: [...a0.flags, 'promiscuous'] }))).toBe(
      'a0  flags up broadcast running multicast lower-up -> up broadcast running multicast lower-up promiscuous',
    );
    expect(
      difference('neighbours', neighbour(a0, '10.1.0.1', { mac: undefined, state: [] }), neighbour(a0, '10.1.0.1')),
    ).toBe('10.1.0.1 on a0  mac none -> 02:00:00:00:00:15, state none -> reachable');
  });
});
