// SPDX-License-Identifier: MIT
// A host with three uplinks and the network behind them: a0 and b0 are dual-stack Ethernet, wwan0 is IPv4 and point
// to point. Every uplink leads to the servers 198.51.100.80 and 2001:db8:ffff::80 (the latter not through wwan0).

import { link, type NodePlan, type Topology } from '../topology.ts';

interface Provider {
  /** Number in the addresses. */
  digit: 1 | 2;
  /** Letter in the addresses. */
  letter: 'a' | 'b';
}

function router({ digit, letter }: Provider): NodePlan {
  return {
    forwards: true,
    setUp: [
      'link set lan addrgenmode none',
      `addr add 10.${digit}.0.1/24 dev lan`,
      `addr add 2001:db8:${letter}:1::1/64 dev lan`,
      `addr add fe80::${letter}:1/64 dev lan`,
      `addr add 100.64.${digit}.2/30 dev wan`,
      `addr add 2001:db8:f:${digit}::2/64 dev wan`,
      'link set lan up',
      'link set wan up',
      `route add default via 100.64.${digit}.1`,
      `route add default via 2001:db8:f:${digit}::1`,
    ],
  };
}

export const dualIsp: Topology = {
  links: [
    link('host/a0#11', 'ra/lan#21'),
    link('host/b0#12', 'rb/lan#22'),
    link('host/wwan0#13', 'rc/ppp#23'),
    link('ra/wan#31', 'inet/ra#41'),
    link('rb/wan#32', 'inet/rb#42'),
    link('rc/wan#33', 'inet/rc#43'),
  ],
  nodes: {
    host: {
      setUp: [
        'addr add 10.1.0.100/24 dev a0',
        'addr add 2001:db8:a:1::100/64 dev a0',
        'addr add 10.2.0.100/24 dev b0',
        'addr add 2001:db8:b:1::100/64 dev b0',
        'addr add 10.3.0.2 peer 10.64.64.64/32 dev wwan0',
        'link set a0 up',
        'link set b0 up',
        'link set wwan0 up',
        'route add default via 10.1.0.1 dev a0 metric 100',
        'route add default via 10.2.0.1 dev b0 metric 200',
        'route add default dev wwan0 metric 700',
        'route add default via fe80::a:1 dev a0 metric 100',
        'route add default via fe80::b:1 dev b0 metric 200',
      ],
    },
    ra: router({ digit: 1, letter: 'a' }),
    rb: router({ digit: 2, letter: 'b' }),
    rc: {
      forwards: true,
      // The host has a route without gateway, so it asks for every address on the link.
      settings: { 'ipv4/conf/ppp/proxy_arp': 1 },
      setUp: [
        'addr add 10.64.64.64 peer 10.3.0.2/32 dev ppp',
        'addr add 100.64.3.2/30 dev wan',
        'link set ppp up',
        'link set wan up',
        'route add default via 100.64.3.1',
      ],
    },
    inet: {
      forwards: true,
      setUp: [
        'addr add 198.51.100.80/32 dev lo',
        'addr add 198.51.100.53/32 dev lo',
        'addr add 2001:db8:ffff::80/128 dev lo',
        'addr add 2001:db8:ffff::53/128 dev lo',
        'addr add 100.64.1.1/30 dev ra',
        'addr add 100.64.2.1/30 dev rb',
        'addr add 100.64.3.1/30 dev rc',
        'addr add 2001:db8:f:1::1/64 dev ra',
        'addr add 2001:db8:f:2::1/64 dev rb',
        'link set ra up',
        'link set rb up',
        'link set rc up',
        'route add 10.1.0.0/24 via 100.64.1.2',
        'route add 10.2.0.0/24 via 100.64.2.2',
        'route add 10.3.0.2/32 via 100.64.3.2',
        'route add 2001:db8:a::/48 via 2001:db8:f:1::2',
        'route add 2001:db8:b::/48 via 2001:db8:f:2::2',
      ],
    },
  },
};
