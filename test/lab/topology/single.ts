// SPDX-License-Identifier: MIT
// A host with one link to one router. The host configures itself from what the router's daemons say.

import { link, type Topology } from '../topology.ts';

export const single: Topology = {
  links: [link('host/eth0#11', 'ra/lan#21')],
  nodes: {
    host: { setUp: ['link set eth0 up'] },
    ra: {
      forwards: true,
      setUp: [
        'link set lan addrgenmode none',
        'addr add 10.1.0.1/24 dev lan',
        'addr add 2001:db8:a:1::1/64 dev lan',
        'addr add fe80::a:1/64 dev lan',
        'link set lan up',
      ],
    },
  },
};
