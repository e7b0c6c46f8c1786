// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { LinkMoment } from '../../../lib/pvd/draft.ts';
import { implicitDomains } from '../../../lib/pvd/implicit.ts';
import { address, link, moment, via } from './records.ts';

/** The domains of a moment in a line each: providers, then members; `*` marks shared ones. */
function picture(given: Parameters<typeof moment>[0]): string[] {
  return implicitDomains(moment(given)).map(
    ({ providers, members }) =>
      `${providers.join('+')}: ${members.map(({ record, shared }) => record.address.address + (shared ? '*' : '')).join(' ')}`,
  );
}

const v4 = address('192.0.2.2/24');
const v6 = address('2001:db8:1::2/64');
const other6 = address('2001:db8:2::2/64');

describe('grouping of routers', () => {
  const rows: [title: string, given: Parameters<typeof moment>[0], expected: string[]][] = [
    [
      'one IPv4 router is one domain (PVD-10)',
      { addresses: [v4], defaultRoutes: [via('192.0.2.1')] },
      ['192.0.2.1: 192.0.2.2'],
    ],
    [
      'one gateway of each family is one dual-stack router (PVD-10, PVD-12)',
      { addresses: [v4, v6], defaultRoutes: [via('192.0.2.1'), via('fe80::1')] },
      ['fe80::1+192.0.2.1: 192.0.2.2 2001:db8:1::2'],
    ],
    [
      'one of each is one router even with different MAC addresses',
      {
        addresses: [v4, v6],
        defaultRoutes: [via('192.0.2.1'), via('fe80::1')],
        macs: { 'fe80::1': '02:00:00:00:00:01', '192.0.2.1': '02:00:00:00:00:02' },
      },
      ['fe80::1+192.0.2.1: 192.0.2.2 2001:db8:1::2'],
    ],
    [
      'two IPv6 routers on one interface are two domains (PVD-11, MIF-90)',
      { addresses: [v6, other6], defaultRoutes: [via('fe80::1'), via('fe80::2')] },
      ['fe80::1: 2001:db8:1::2* 2001:db8:2::2*', 'fe80::2: 2001:db8:1::2* 2001:db8:2::2*'],
    ],
    [
      'of several, those with the same MAC address are one (PVD-12)',
      {
        addresses: [v4],
        defaultRoutes: [via('192.0.2.1'), via('fe80::1'), via('fe80::2')],
        macs: { 'fe80::2': '02:00:00:00:00:02', '192.0.2.1': '02:00:00:00:00:02' },
      },
      ['fe80::1: ', 'fe80::2+192.0.2.1: 192.0.2.2'],
    ],
    [
      'two IPv6 routers with the same MAC address stay two (RFC 8801 section 3.2)',
      {
        defaultRoutes: [via('fe80::1'), via('fe80::2')],
        macs: { 'fe80::1': '02:00:00:00:00:01', 'fe80::2': '02:00:00:00:00:01' },
      },
      ['fe80::1: ', 'fe80::2: '],
    ],
    [
      'of several with unknown MAC addresses, each is its own',
      { addresses: [v4], defaultRoutes: [via('192.0.2.1'), via('fe80::1'), via('fe80::2')] },
      ['fe80::1: ', 'fe80::2: ', '192.0.2.1: 192.0.2.2'],
    ],
    [
      'what was one router stays one while MAC addresses do not contradict (PVD-24)',
      {
        addresses: [v4],
        defaultRoutes: [via('192.0.2.1'), via('192.0.2.9'), via('fe80::1')],
        wereTogether: (a, b) => `${a} ${b}` === 'fe80::1 192.0.2.1',
      },
      ['fe80::1+192.0.2.1: 192.0.2.2*', '192.0.2.9: 192.0.2.2*'],
    ],
    [
      'what was one router is two once MAC addresses contradict',
      {
        addresses: [v4],
        defaultRoutes: [via('192.0.2.1'), via('192.0.2.9'), via('fe80::1')],
        wereTogether: (a, b) => `${a} ${b}` === 'fe80::1 192.0.2.1',
        macs: { 'fe80::1': '02:00:00:00:00:01', '192.0.2.1': '02:00:00:00:00:02' },
      },
      ['fe80::1: ', '192.0.2.1: 192.0.2.2*', '192.0.2.9: 192.0.2.2*'],
    ],
    [
      'an IPv6 gateway of an IPv4 route is one router for both families (D11)',
      { addresses: [v4, v6], defaultRoutes: [via('fe80::1'), via('fe80::1', { family: 4 })] },
      ['fe80::1: 192.0.2.2 2001:db8:1::2'],
    ],
  ];
  it.each(rows)('implicit domains: %s', (_, given, expected) => expect(picture(given)).toEqual(expected));

  it('implicit domains: the order of routes makes no difference', () => {
    const routes = [via('192.0.2.1'), via('fe80::2'), via('fe80::1', { metric: 10 })];
    const turned = [...routes].reverse();
    expect(picture({ defaultRoutes: turned })).toEqual(picture({ defaultRoutes: routes }));
    expect(picture({ defaultRoutes: routes })[0]).toBe('fe80::1: ');
  });
});

describe('membership of addresses', () => {
  const rows: [title: string, given: Parameters<typeof moment>[0], expected: string[]][] = [
    [
      'an address belongs to the gateway within its prefix (PVD-12 step 4)',
      {
        addresses: [v4, address('198.51.100.2/24')],
        defaultRoutes: [via('192.0.2.1'), via('198.51.100.1')],
      },
      ['192.0.2.1: 192.0.2.2', '198.51.100.1: 198.51.100.2'],
    ],
    [
      'a source-specific default route tells whose a prefix is (D14, PVD-13)',
      {
        addresses: [v6, other6],
        defaultRoutes: [
          via('fe80::1', { source: '2001:db8:1::/64' }),
          via('fe80::2', { source: '2001:db8:2::/64' }),
          via('fe80::2'),
        ],
      },
      ['fe80::1: 2001:db8:1::2', 'fe80::2: 2001:db8:2::2'],
    ],
    [
      'a preferred source narrows what the prefix leaves open',
      {
        addresses: [v4, address('192.0.2.3/24')],
        defaultRoutes: [via('192.0.2.1', { preferredSource: '192.0.2.2' }), via('192.0.2.9')],
      },
      ['192.0.2.1: 192.0.2.2 192.0.2.3*', '192.0.2.9: 192.0.2.3*'],
    ],
    [
      'the only router has every address, also of the other family',
      { addresses: [v6, address('10.9.9.9/24')], defaultRoutes: [via('192.0.2.1')] },
      ['192.0.2.1: 2001:db8:1::2 10.9.9.9'],
    ],
    [
      'with several routers of other families only, nobody has it',
      { addresses: [v6], defaultRoutes: [via('192.0.2.1'), via('192.0.2.9')] },
      ['192.0.2.1: ', '192.0.2.9: ', 'static: 2001:db8:1::2'],
    ],
    [
      'the far end of a point-to-point address counts (C2)',
      {
        addresses: [address('10.0.0.2/32', { peer: '10.0.0.1' }), v4],
        defaultRoutes: [via('10.0.0.1'), via('192.0.2.1')],
      },
      ['10.0.0.1: 10.0.0.2', '192.0.2.1: 192.0.2.2'],
    ],
    ['an interface without router has a static domain', { addresses: [v4, v6] }, ['static: 192.0.2.2 2001:db8:1::2']],
    [
      'link-local addresses of both families are a domain of their own (PVD-12 step 5, MIF-92)',
      { addresses: [address('fe80::2/64'), v6, address('169.254.7.7/16')], defaultRoutes: [via('fe80::1')] },
      ['fe80::1: 2001:db8:1::2', 'link-local: fe80::2 169.254.7.7'],
    ],
    [
      "the host's own 127/8 and ::1 make none, another address of the loopback interface does",
      {
        interface: link('lo', 1, { flags: ['up', 'loopback', 'running'] }),
        addresses: [address('127.0.0.1/8'), address('127.0.0.53/8'), address('::1/128'), address('192.0.2.77/32')],
      },
      ['static: 192.0.2.77'],
    ],
  ];
  it.each(rows)('implicit domains: %s', (_, given, expected) => expect(picture(given)).toEqual(expected));
});

describe('routers and elements', () => {
  const router = (given: Partial<LinkMoment>) => implicitDomains(moment(given))[0]!.routers[0]!;

  it('implicit domains: a router tells its best metric and the preference that goes with it (ROUTE-09)', () => {
    expect(
      router({ defaultRoutes: [via('fe80::1', { metric: 512 }), via('fe80::1', { metric: 9, preference: 'high' })] }),
    ).toEqual({
      address: 'fe80::1',
      interface: 'eth0',
      family: 6,
      metric: 9,
      preference: 'high',
      element: 'static',
    });
    expect(router({ defaultRoutes: [via('fe80::1', { preference: 'reserved' })] }).preference).toBe('medium');
  });

  const rows: [title: string, member: ReturnType<typeof address>, element: string][] = [
    [
      'the kernel made it from an advertisement (C14)',
      address('2001:db8::2/64', { origin: 'kernel-ra', validUntil: 1e6 }),
      'ra',
    ],
    ['an old kernel does not say, and it is like SLAAC', address('2001:db8::2/64', { validUntil: 1e6 }), 'ra'],
    ['a whole IPv6 address with a lifetime was leased', address('2001:db8::2/128', { validUntil: 1e6 }), 'dhcpv6'],
    ['an IPv4 address with a lifetime was leased', address('192.0.2.2/24', { validUntil: 1e6 }), 'dhcpv4'],
    ['a permanent address is static', v4, 'static'],
    ['a link-local address is itself', address('fe80::2/64'), 'link-local'],
  ];
  it.each(rows)('element: %s (MIF-33)', (_, member, element) => {
    expect(implicitDomains(moment({ addresses: [member] }))[0]!.members[0]!.element).toBe(element);
  });

  it('element: a static address of a tunnel is of the VPN (MIF-33, PVD-17)', () => {
    const [draft] = implicitDomains(moment({ interface: link('wg0', 9, { vpn: true }), addresses: [v4] }));
    expect(draft!.members[0]!.element).toBe('vpn');
  });
});
