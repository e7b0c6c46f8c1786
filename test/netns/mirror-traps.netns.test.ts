// SPDX-License-Identifier: MIT
// What the kernel does in silence, or tells in a misleading way, one by one (kernel-traps.md): after each, every table
// of the mirror says the same as `ip`, and the changes told on the way add up to it.

import { afterEach, expect, it } from 'vitest';
import { createBoundSocket, openHost } from '../../lib/index.ts';
import { Witness } from '../lab/agreement.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { busyHost } from '../lab/topology/busy-host.ts';
import { until } from '../lab/until.ts';

const traps: [title: string, ...commands: string[]][] = [
  ['a link goes down: its IPv4 routes vanish in silence (D1)', 'link set v0 down'],
  ['a link goes down and up: connected routes return, static ones do not (D1)', 'link set v0 down', 'link set v0 up'],
  ['the last IPv4 address of a link goes: static routes vanish in silence (D2)', 'addr del 10.1.0.1/24 dev v0'],
  [
    'an IPv4 nexthop object goes: its routes vanish in silence (D3)',
    'nexthop add id 7 via 10.1.0.254 dev v0',
    'route add 10.60.0.0/16 nhid 7',
    'nexthop del id 7',
  ],
  [
    'an IPv6 nexthop object goes (D3)',
    'nexthop add id 8 via 2001:db8:1::fe dev v0',
    'route add 2001:db8:60::/48 nhid 8',
    'nexthop del id 8',
  ],
  [
    'a member of a nexthop group goes (D3)',
    'nexthop add id 7 via 10.1.0.254 dev v0',
    'nexthop add id 8 via 10.1.0.253 dev v0',
    'nexthop add id 9 group 7/8',
    'route add 10.60.0.0/16 nhid 9',
    'nexthop del id 7',
  ],
  [
    'the last member of a nexthop group goes, and the group with it (D3)',
    'nexthop add id 7 via 10.1.0.254 dev v0',
    'nexthop add id 9 group 7',
    'route add 10.60.0.0/16 nhid 9',
    'nexthop del id 7',
  ],
  [
    'a nexthop object is replaced under its routes (D12)',
    'nexthop add id 7 via 10.1.0.254 dev v0',
    'route add 10.60.0.0/16 nhid 7',
    'nexthop replace id 7 via 10.2.0.254 dev v1',
  ],
  [
    'a nexthop group is replaced under its routes (D12)',
    'nexthop add id 7 via 2001:db8:1::fe dev v0',
    'nexthop add id 8 via 2001:db8:2::fe dev v1',
    'nexthop add id 9 group 7',
    'route add 2001:db8:60::/48 nhid 9',
    'nexthop replace id 9 group 7,2/8',
  ],
  [
    'a link goes down under nexthop objects, which vanish in silence (D3)',
    'nexthop add id 7 via 10.1.0.254 dev v0',
    'nexthop add id 8 via 2001:db8:1::fe dev v0',
    'nexthop add id 9 group 7',
    'link set v0 down',
  ],
  [
    'an address goes that IPv6 routes prefer as source: they lose it in silence (D4)',
    'addr add 2001:db8:1::2/64 dev v0',
    'route add 2001:db8:61::/48 via 2001:db8:1::fe dev v0 src 2001:db8:1::2',
    'addr del 2001:db8:1::2/64 dev v0',
  ],
  [
    'an address goes that IPv4 routes prefer as source (D4)',
    'addr add 10.1.1.1/24 dev v0',
    'route add 10.61.0.0/16 via 10.1.0.254 dev v0 src 10.1.1.1',
    'addr del 10.1.1.1/24 dev v0',
  ],
  ['a link is deleted: of its IPv4 routes only the local one is announced (D5)', 'link del v0'],
  [
    'replacing names the new route, and takes the place of the first of its equals (D6)',
    'route add 10.70.0.0/16 via 10.1.0.5 dev v0',
    'route append 10.70.0.0/16 via 10.1.0.6 dev v0',
    'route replace 10.70.0.0/16 via 10.1.0.7 dev v0',
  ],
  [
    'equal routes are legal in IPv4, stand where they were put, and one of them can be deleted (D7, D8)',
    'route add 10.70.0.0/16 via 10.1.0.5 dev v0',
    'route append 10.70.0.0/16 via 10.1.0.6 dev v0',
    'route prepend 10.70.0.0/16 via 10.1.0.7 dev v0',
    'route append 10.70.0.0/16 via 10.1.0.8 dev v0',
    'route del 10.70.0.0/16 via 10.1.0.6 dev v0',
    'route change 10.70.0.0/16 via 10.1.0.9 dev v0',
  ],
  [
    'an IPv6 route grows and shrinks hop by hop (D9)',
    'route add 2001:db8:70::/48 via 2001:db8:1::1:1 dev v0',
    'route append 2001:db8:70::/48 via 2001:db8:1::1:2 dev v0',
    'route append 2001:db8:70::/48 via 2001:db8:2::1:3 dev v1',
    'route del 2001:db8:70::/48 via 2001:db8:1::1:1 dev v0',
  ],
  [
    'an IPv6 route gains a hop with parameters of its own (D9)',
    'route add 2001:db8:70::/48 via 2001:db8:1::1:1 dev v0',
    'route append 2001:db8:70::/48 via 2001:db8:1::1:2 dev v0 mtu 1400 expires 900',
  ],
  [
    'an address changes its lifetime, and that of its prefix route in silence (C12)',
    'addr change 2001:db8:1::1/64 dev v0 valid_lft 900 preferred_lft 600',
    'addr change 2001:db8:1::1/64 dev v0 valid_lft forever preferred_lft forever',
  ],
  [
    'an event of a running link frees the routes through it of a mark in silence (B3)',
    'addr flush dev v0',
    'link set p1 down',
    'link set v0 group 2',
  ],
  [
    'an IPv6 address is given a peer, and is one address still (C2)',
    'addr add 2001:db8:7:1::6/128 dev v2',
    'addr change 2001:db8:7:1::6 peer 2001:db8:8:1::6/128 dev v2',
  ],
  [
    'the group of an interface that is down is known when it is up (B17)',
    'link set v2 down',
    'link set v2 group 3',
    'link set v2 up',
  ],
  [
    'a lasting IPv6 address joins a passing one, and the route of their prefix lasts in silence (D18)',
    'addr add 2001:db8:70::1/64 dev v0 valid_lft 900 preferred_lft 600',
    'addr add 2001:db8:70::2/64 dev v0',
  ],
  [
    'a lasting IPv6 address takes over the prefix route of a passing one that is gone (D18)',
    'addr add 2001:db8:70::1/128 dev v0 valid_lft 900 preferred_lft 600',
    'addr del 2001:db8:70::1/128 dev v0',
    'addr add 2001:db8:70::1/128 dev v0',
  ],
  [
    'an IPv6 route that dumps skipped is back when a hop before or behind it goes (D20)',
    'route add 2001:db8:70::/48 via fe80::1 dev v0',
    '-6 route append blackhole 2001:db8:70::/48',
    'route append 2001:db8:70::/48 via fe80::2 dev v1',
    'link set p1 down',
    'route del 2001:db8:70::/48 via fe80::2 dev v1',
  ],
  [
    'an IPv6 route that dumps skipped is back when all hops go, one by one (D20)',
    'route add 2001:db8:70::/48 via fe80::1 dev v0',
    '-6 route append blackhole 2001:db8:70::/48',
    'route append 2001:db8:70::/48 via fe80::2 dev v1',
    'link set p1 down',
    'route del 2001:db8:70::/48 nexthop via fe80::1 dev v0 nexthop via fe80::2 dev v1',
  ],
  [
    'an IPv6 route that dumps skipped is back when the hops go as one route (D20)',
    'route add 2001:db8:70::/48 via fe80::1 dev v0',
    '-6 route append blackhole 2001:db8:70::/48',
    'route append 2001:db8:70::/48 via fe80::2 dev v1',
    'link set p1 down',
    'route del 2001:db8:70::/48',
  ],
  [
    'an IPv6 route that dumps skipped is back when one hop takes the place of all (D20)',
    'route add 2001:db8:70::/48 via fe80::1 dev v0',
    '-6 route append blackhole 2001:db8:70::/48',
    'route append 2001:db8:70::/48 via fe80::2 dev v1',
    'link set p1 down',
    'route replace 2001:db8:70::/48 via fe80::3 dev v0',
  ],
  [
    'an IPv4 route by an IPv6 gateway loses its carrier with the next event of its link (B3)',
    'link set p0 down',
    'route add 10.70.0.0/16 via inet6 fe80::1 dev v0',
    'link set v0 multicast off',
  ],
  [
    'a hop without carrier is marked so by an event of its link that changes nothing else (B3)',
    'link set p2 down',
    'addr add 10.7.3.1/25 dev p1',
    'route append 10.70.0.0/16 nexthop via 10.77.0.2 dev p1 onlink weight 2 nexthop via 10.77.0.2 dev v2 onlink weight 4',
    'addr del 10.7.3.1/25 dev p1',
    'link set v2 mode dormant',
  ],
  [
    'a dormant link marks IPv6 routes by an event that changes nothing else (B3, B13)',
    'link set v0 mode dormant',
    'link set v0 down',
    'link set v0 up',
    '-6 route prepend 2001:db8:70::/64 table 1000 dev v0',
    'link set v0 multicast off',
  ],
  [
    'a lasting IPv6 address that changes clears the end of its prefix route (D18)',
    'addr add 2001:db8:70::6/64 dev p1',
    'addr add 2001:db8:70::5/64 dev p1',
    'addr change 2001:db8:70::6/64 dev p1 valid_lft 600 preferred_lft 300',
    'addr change 2001:db8:70::5/64 dev p1 valid_lft forever preferred_lft 0',
  ],
  [
    'an IPv6 route takes the MTU of its link in silence (D21)',
    'route add 2001:db8:70::/48 via fe80::1 dev v0 mtu 1400',
    'link set v0 mtu 1280',
  ],
  [
    'several IPv6 hops are replaced by one (D9)',
    'route add 2001:db8:70::/48 nexthop via 2001:db8:1::1:1 dev v0 nexthop via 2001:db8:2::1:3 dev v1',
    'route replace 2001:db8:70::/48 via 2001:db8:1::1:9 dev v0',
  ],
  [
    'an IPv6 route is replaced by several hops (D9)',
    'route add 2001:db8:70::/48 via 2001:db8:1::1:9 dev v0',
    'route replace 2001:db8:70::/48 nexthop via 2001:db8:1::1:1 dev v0 nexthop via 2001:db8:2::1:3 dev v1',
  ],
  [
    'a device route of IPv6 stands beside one with a gateway, at the same metric',
    'route add 2001:db8:70::/48 dev v0 metric 1024',
    'route append 2001:db8:70::/48 via 2001:db8:1::1:2 dev v0 metric 1024',
    'route append 2001:db8:70::/48 via 2001:db8:1::1:3 dev v0 metric 1024',
    'route del 2001:db8:70::/48 dev v0 metric 1024',
  ],
  ['a link of a multipath route goes down (B3)', 'link set v1 down'],
  ['both links of a multipath route lose their carrier (B3)', 'link set p1 down', 'link set p0 down'],
  ['a link of a multipath route gets its carrier back (B3)', 'link set p1 down', 'link set p1 up'],
  [
    'the first IPv4 address of a link brings its dead hops back in silence (B3)',
    'addr del 10.1.0.1/24 dev v0',
    'addr add 10.1.0.1/24 dev v0',
  ],
  [
    // The loss shows in the announcement of the new MAC address, up to a second before routes and nexthops follow.
    'a bridge without ports loses its carrier with its old MAC address (B3, D3)',
    'link set bridge0 up',
    'route add 10.70.0.0/16 via 10.77.0.1 dev bridge0 onlink',
    'nexthop add id 7 via 10.77.0.1 dev bridge0 onlink',
    'link set bridge0 address 02:00:00:00:ff:50',
  ],
  ['a link is renamed while up (B7)', 'link set v0 name wan0'],
  ['a link joins a bridge and leaves it (B4)', 'link set p2 master bridge0', 'link set p2 nomaster'],
  [
    'a bridge goes away under its members (B4)',
    'link set p2 master bridge0',
    'link set bridge0 up',
    'link del bridge0',
  ],
  ['a link becomes another with the same index (B9)', 'link del v2', 'link add z2 index 14 type bridge'],
  ['an MTU too small for IPv6 takes its addresses away', 'link set v0 mtu 1200'],
  ['an MTU large enough for IPv6 brings the link-local one back', 'link set v0 mtu 1200', 'link set v0 mtu 1500'],
  [
    'a primary IPv4 address takes its secondaries along (C9)',
    'addr add 10.1.0.2/24 dev v0',
    'addr add 10.1.0.3/24 dev v0',
    'addr del 10.1.0.1/24 dev v0',
  ],
  [
    'an address is on two links, and then on one (C11)',
    'addr add 2001:db8:1::1/64 dev v1',
    'addr del 2001:db8:1::1/64 dev v0',
  ],
  [
    'an address gets another peer (C2)',
    'addr add 10.9.0.1 peer 10.9.0.2/32 dev v0',
    'addr del 10.9.0.1 peer 10.9.0.2/32 dev v0',
    'addr add 10.9.0.1 peer 10.9.0.3/32 dev v0',
  ],
  [
    'an address is deprecated, and preferred again (C8)',
    'addr change 2001:db8:1::1/64 dev v0 valid_lft 600 preferred_lft 0',
    'addr change 2001:db8:1::1/64 dev v0 valid_lft forever preferred_lft forever',
  ],
  [
    'a rule loses its target in silence (E1)',
    'rule add pref 30 goto 40',
    'rule add pref 40 table 100',
    'rule del pref 40',
  ],
  ['a rule finds its target in silence (E1)', 'rule add pref 30 goto 40', 'rule add pref 40 table 100'],
  [
    'a rule loses its interface in silence',
    'rule add pref 30 iif v2 table 100',
    'rule add pref 31 oif p2 table 100',
    'link del v2',
  ],
  [
    'a rule finds its interface in silence',
    'rule add pref 30 iif x2 table 100',
    'rule add pref 31 oif x2 table 100',
    'link add x2 type bridge',
  ],
  [
    'a rule follows the name of its interface',
    'rule add pref 30 iif v2 table 100',
    'rule add pref 31 iif x2 table 100',
    'link set v2 name x2',
  ],
  [
    'routes that refuse are routes like others, and can be replaced (D17)',
    'route add blackhole 10.70.0.0/16',
    'route add unreachable 10.71.0.0/16',
    'route add prohibit 2001:db8:70::/48',
    'route add throw 2001:db8:71::/48 table 100',
    'route replace 10.70.0.0/16 via 10.1.0.5 dev v0',
    'route replace prohibit 10.71.0.0/16',
    'route del throw 2001:db8:71::/48 table 100',
  ],
  [
    'a route by a router of the other family has no gateway attribute (D11)',
    'route add 10.70.0.0/16 via inet6 fe80::5 dev v0',
    'route append 10.70.0.0/16 via 10.1.0.5 dev v0',
    'route del 10.70.0.0/16 via inet6 fe80::5 dev v0',
  ],
  [
    'metrics that are not told are those of the family, and part of the key (D13)',
    'route add 10.70.0.0/16 via 10.1.0.5 dev v0',
    'route add 10.70.0.0/16 via 10.1.0.6 dev v0 metric 5',
    'route add 2001:db8:70::/48 via 2001:db8:1::5 dev v0',
    'route add 2001:db8:70::/48 via 2001:db8:1::6 dev v0 metric 5',
    'route del 10.70.0.0/16 metric 5',
    'route del 2001:db8:70::/48 metric 1024',
  ],
  [
    'routes for some sources stand beside one for all (D14)',
    'route add 2001:db8:70::/48 via 2001:db8:1::5 dev v0',
    'route add 2001:db8:70::/48 from 2001:db8:1::/64 via 2001:db8:1::6 dev v0',
    'route add 2001:db8:70::/48 from 2001:db8:2::/64 via 2001:db8:2::6 dev v1',
    'route del 2001:db8:70::/48 from 2001:db8:1::/64 via 2001:db8:1::6 dev v0',
  ],
  [
    'a neighbour becomes a router, and has a proxy entry beside it (neighbour identity)',
    'neigh replace 2001:db8:1::9 lladdr 02:00:00:00:ee:09 dev v0 nud permanent',
    'neigh replace 2001:db8:1::9 lladdr 02:00:00:00:ee:09 dev v0 nud permanent router',
    'neigh add proxy 2001:db8:1::9 dev v0',
  ],
  [
    'other programs add and delete rules that nobody here made (E4, E5)',
    '-4 rule add pref 60 from 10.7.0.0/24 table 60',
    '-6 rule add pref 60 from 2001:db8:7::/64 table 60',
    '-4 rule del pref 60',
    '-6 rule del pref 32766',
  ],
  [
    'a rule for one user is one rule, beside the same for another (E2, E3)',
    'rule add pref 60 uidrange 0-0 table 60',
    'rule add pref 60 uidrange 1000-2000 table 60',
    'rule del pref 60 uidrange 0-0 table 60',
  ],
  [
    'looking routes up leaves none behind (D19)',
    'route get 10.2.0.7',
    'route get 10.99.0.1',
    'route get 2001:db8:99::1',
    'route get fibmatch 10.99.0.1',
  ],
  [
    'all routes of a large table are flushed (D10)',
    'route add 10.70.0.0/16 dev v0 table 7000',
    'route add 2001:db8:70::/48 dev v0 table 7000',
    'route flush table 7000',
    '-6 route flush table 7000',
  ],
];

requires('root', 'ip')('mirror, trap by trap', () => {
  let lab: Lab;
  afterEach(() => lab?.[Symbol.asyncDispose]());

  it.each(traps)('mirror: %s', async (_, ...commands) => {
    lab = await Lab.up(busyHost);
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    for (const command of commands) await lab.ip('host', command);
    await witness.agreement(commands.join('\n  '));
  });

  // Step by step, so that each change meets a mirror at rest and none is repaired by the next.
  it.each(traps.filter(([, ...commands]) => commands.length > 1))(
    'mirror, step by step: %s',
    async (_, ...commands) => {
      lab = await Lab.up(busyHost);
      await using host = await openHost({ netns: lab.netns('host') });
      const witness = new Witness(lab, 'host', host);
      for (const command of commands) {
        await lab.ip('host', command);
        await witness.agreement(command);
      }
    },
  );

  it('mirror: what has accumulated of path discovery is no route, neither told nor listed (D15)', async () => {
    lab = await Lab.up('dual-isp');
    await lab.ip('ra', 'link set wan mtu 1300');
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    await until('the exception', async () => {
      const text =
        "require('dgram').createSocket('udp6').send(Buffer.alloc(1400), 9, '2001:db8:ffff::80', () => process.exit())";
      await lab.exec('host', process.execPath, '-e', text);
      return (await lab.exec('host', 'ip', '-6', 'route', 'show', 'cache')).includes('mtu 1300');
    });
    await using late = await openHost({ netns: lab.netns('host') });
    for (const each of [host, late]) {
      expect([...each.snapshot().routes].filter(({ destination }) => destination.startsWith('2001:db8:ffff:'))).toEqual(
        [],
      );
    }
    await witness.agreement('a packet too big');
  });

  it('mirror: routes of the host itself are most of the table, and a filter leaves them out (D16)', async () => {
    lab = await Lab.up(busyHost);
    await using host = await openHost({ netns: lab.netns('host') });
    const { routes } = host.snapshot();
    const kernel = async (table: string) => {
      const text = await Promise.all([4, 6].map((family) => lab.json('host', `-${family} route show table ${table}`)));
      return text.flat().length;
    };
    expect([...routes.where({ table: 255 })].every(({ table }) => table === 255)).toBe(true);
    expect(routes.where({ table: 255 }).length).toBe(await kernel('local'));
    expect(routes.where({ table: 254 }).length).toBe(await kernel('main'));
    expect(routes.where({ table: 255 }).length).toBeGreaterThan(routes.length / 2);
    await using brief = await openHost({ netns: lab.netns('host'), routes: 'unicast' });
    expect(new Set([...brief.snapshot().routes].map(({ type }) => type))).toEqual(new Set(['unicast']));
  });

  it('mirror: a dormant link has carrier, is not running, and says why (B12, B13)', async () => {
    lab = await Lab.up(busyHost);
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    const linkOf = (name: string) => [...host.snapshot().interfaces].find((link) => link.name === name)!;
    // Unknown is no reason not to run.
    expect(linkOf('lo')).toMatchObject({ operState: 'unknown', running: true });
    // The mode counts when carrier comes; coming back at once, it was never gone for the kernel.
    await lab.ipBatch('host', ['link set v1 mode dormant', 'link set p1 down']);
    await until('the carrier to go', () => linkOf('v1').operState !== 'up');
    await lab.ip('host', 'link set p1 up');
    await until('the link to be dormant', () => linkOf('v1').operState === 'dormant');
    await witness.agreement('mode dormant');
    expect(linkOf('v1')).toMatchObject({ adminUp: true, running: false });
    expect(linkOf('v1').flags).toContain('lower-up');
    await lab.ip('host', 'link set v1 state up');
    await until('the link to run', () => linkOf('v1').running);
    await witness.agreement('state up');
  });

  it('mirror: the storm of joining a bridge is told as far as something changed, settled as one (B14)', async () => {
    lab = await Lab.up(busyHost);
    await using host = await openHost({ netns: lab.netns('host') });
    await using settled = await openHost({ netns: lab.netns('host'), settle: 300 });
    const witness = new Witness(lab, 'host', host);
    const pairs: { before: unknown; after: unknown }[] = [];
    let settledChanges = 0;
    host.on('change', ({ changed }) => pairs.push(...(changed.interfaces ?? [])));
    settled.on('change', () => settledChanges++);
    const before = host.stats().messages;
    await lab.ip('host', 'link set p2 master bridge0');
    await witness.agreement('link set p2 master bridge0');
    await until('the settled change', () => settledChanges > 0);
    expect(host.stats().messages - before).toBeGreaterThan(pairs.length);
    expect(pairs.length).toBeGreaterThan(0);
    for (const { before, after } of pairs) expect(after).not.toEqual(before);
    expect(settledChanges).toBe(1);
  });

  it('mirror: an alternative name is added in silence, and asked for when it is used (B8)', async () => {
    lab = await Lab.up(busyHost);
    await using host = await openHost({ netns: lab.netns('host') });
    // It is down, so nothing else is said of it.
    const namesOf = () => [...host.snapshot().interfaces].find(({ name }) => name === 'bridge1')?.altNames;
    await lab.ip('host', 'link property add dev bridge1 altname uplink-of-the-second-floor');
    expect(namesOf()).toEqual([]);
    const told: unknown[] = [];
    host.on('change', ({ changed }) => told.push(...(changed.interfaces ?? [])));
    using bound = createBoundSocket({ host, family: 4, type: 'stream', via: 'uplink-of-the-second-floor' });
    expect(bound).toMatchObject({ interface: 'bridge1', index: 61 });
    expect(namesOf()).toEqual(['uplink-of-the-second-floor']);
    expect(told.length).toBe(1);
    for (const via of ['nobody', 'x'.repeat(127), 'x'.repeat(200)]) {
      expect(() => createBoundSocket({ host, family: 4, type: 'stream', via })).toThrow(/none of that name/);
    }
  });

  it('mirror: with promote_secondaries an IPv4 secondary takes the place of its primary (C9)', async () => {
    const settings = { 'ipv4/conf/all/promote_secondaries': 1 };
    lab = await Lab.up({ ...busyHost, nodes: { host: { ...busyHost.nodes['host']!, settings } } });
    await lab.ipBatch('host', ['addr add 10.1.0.2/24 dev v0', 'addr add 10.1.0.3/24 dev v0']);
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    await lab.ip('host', 'addr del 10.1.0.1/24 dev v0');
    await witness.agreement('addr del 10.1.0.1/24 dev v0');
    const promoted = [...host.snapshot().addresses].find(({ address }) => address === '10.1.0.2');
    expect(promoted?.flags).toEqual(['permanent']);
  });

  it('mirror: a link that moves to another namespace is gone from this one (B10)', async () => {
    lab = await Lab.up({ ...busyHost, nodes: { ...busyHost.nodes, elsewhere: { setUp: [] } } });
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    await lab.ip('host', `link set v0 netns ${lab.netns('elsewhere')}`);
    await witness.agreement('link set v0 netns elsewhere');
    expect([...host.snapshot().interfaces].map(({ name }) => name)).not.toContain('v0');
  });

  it('mirror: a peer that comes home from another namespace is named as one that is here (B10)', async () => {
    lab = await Lab.up({ ...busyHost, nodes: { ...busyHost.nodes, elsewhere: { setUp: [] } } });
    await lab.ip('host', `link add x0 type veth peer name x1 netns ${lab.netns('elsewhere')}`);
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    await lab.ip('elsewhere', `link set x1 netns ${lab.netns('host')}`);
    await witness.agreement('link set x1 netns host');
    expect([...host.snapshot().interfaces].find(({ name }) => name === 'x0')?.parent).toBe('x1');
  });

  it('mirror: a renamed link keeps its id, a new one on its index gets another (B7, B9, MIF-19)', async () => {
    lab = await Lab.up(busyHost);
    await using host = await openHost({ netns: lab.netns('host') });
    const witness = new Witness(lab, 'host', host);
    const idOf = (name: string) => [...host.snapshot().interfaces].find((link) => link.name === name)?.id;
    const id = idOf('v2');
    expect(id).toBe('if:14.1');
    await lab.ip('host', 'link set v2 name wan0');
    await witness.agreement('link set v2 name wan0');
    expect(idOf('wan0')).toBe(id);
    await lab.ip('host', 'link del wan0');
    await lab.ip('host', 'link add v2 index 14 type bridge');
    await witness.agreement('link add v2 index 14');
    expect(idOf('v2')).toBe('if:14.2');
  });
});
