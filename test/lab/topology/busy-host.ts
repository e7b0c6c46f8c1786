// SPDX-License-Identifier: MIT
// One namespace with three veth pairs, two bridges, and something in every table that the kernel keeps.

import type { Topology } from '../topology.ts';
import { bare } from './bare.ts';

/** Interfaces that are there from the start, pair by pair. */
export const busyDevices: readonly string[] = ['v0', 'p0', 'v1', 'p1', 'v2', 'p2'];

const { links, nodes } = bare(3);

export const busyHost: Topology = {
  links,
  nodes: {
    host: {
      setUp: [
        ...nodes['host']!.setUp,
        'link add bridge0 index 60 type bridge',
        'link add bridge1 index 61 type bridge',
        'addr add 10.1.0.1/24 dev v0',
        'addr add 2001:db8:1::1/64 dev v0',
        'addr add 10.2.0.1/24 dev v1',
        'addr add 2001:db8:2::1/64 dev v1',
        'route add default via 10.1.0.254 dev v0 metric 10',
        'route add default via 10.2.0.254 dev v1 metric 20',
        'route add 10.99.0.0/16 nexthop via 10.1.0.254 dev v0 weight 2 nexthop via 10.2.0.254 dev v1 weight 1',
        'route add default via 2001:db8:1::fe dev v0 metric 10',
        'route add 2001:db8:99::/48 nexthop via 2001:db8:1::fe dev v0 nexthop via 2001:db8:2::fe dev v1',
        'rule add pref 100 from 10.2.0.0/24 table 100',
      ],
      setUp6: ['rule add pref 100 from 2001:db8:2::/64 table 100'],
    },
  },
};
