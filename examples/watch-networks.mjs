// SPDX-License-Identifier: MIT
// Prints the networks that lead somewhere, then every change of them until Ctrl-C. A network is a provisioning domain:
// what one router, on one link, gives you. Needs no privilege.
//
//   node examples/watch-networks.mjs
//
// Output, while one uplink of two is switched off and on again:
//   have   a0/fe80::a:1: 10.1.0.100/24 2001:db8:a:1::100/64, routers fe80::a:1 10.1.0.1
//   have   b0/fe80::b:1: 10.2.0.100/24 2001:db8:b:1::100/64, routers fe80::b:1 10.2.0.1
//   lost   b0/fe80::b:1
//   gained b0/fe80::b:1: 10.2.0.100/24 2001:db8:b:1::100/64, routers fe80::b:1 10.2.0.1

import { openHost } from 'node-mif';

const host = await openHost({ settle: 250 });
process.once('SIGINT', () => host.close());

/** One network on one line. */
function describe({ id, addresses, routers }) {
  const sources = addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`).join(' ');
  return `${id}: ${sources}, routers ${routers.map(({ address }) => address).join(' ')}`;
}

const leadsSomewhere = ({ routers }) => routers.length > 0;

for (const pvd of host.snapshot().pvds.filter(leadsSomewhere)) console.log(`have   ${describe(pvd)}`);

for await (const { added, changed, removed } of host.changes()) {
  for (const pvd of removed.pvds?.filter(leadsSomewhere) ?? []) console.log(`lost   ${pvd.id}`);
  for (const pvd of added.pvds?.filter(leadsSomewhere) ?? []) console.log(`gained ${describe(pvd)}`);
  for (const { after } of changed.pvds?.filter(({ after }) => leadsSomewhere(after)) ?? [])
    console.log(`now    ${describe(after)}`);
}
