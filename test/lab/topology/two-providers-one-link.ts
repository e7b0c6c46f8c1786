// SPDX-License-Identifier: MIT
// A host and the routers of two providers on one Ethernet segment (PVD-13). The host configures itself from what
// the routers' daemons say.

import { link, type NodePlan, type Topology } from '../topology.ts';

function router(digit: 1 | 2, letter: 'a' | 'b'): NodePlan {
  return {
    forwards: true,
    setUp: [
      'link set lan addrgenmode none',
      `addr add 10.${digit}.0.1/24 dev lan`,
      `addr add 2001:db8:${letter}:1::1/64 dev lan`,
      `addr add fe80::${letter}:1/64 dev lan`,
      'link set lan up',
    ],
  };
}

export const twoProvidersOneLink: Topology = {
  links: [link('host/eth0#11', 'lan/host#41'), link('ra/lan#21', 'lan/ra#42'), link('rb/lan#22', 'lan/rb#43')],
  nodes: {
    host: { setUp: ['link set eth0 up'] },
    lan: {
      setUp: [
        'link add br0 index 50 type bridge mcast_snooping 0',
        'link set host master br0',
        'link set ra master br0',
        'link set rb master br0',
        'link set host up',
        'link set ra up',
        'link set rb up',
        'link set br0 up',
      ],
    },
    ra: router(1, 'a'),
    rb: router(2, 'b'),
  },
};
