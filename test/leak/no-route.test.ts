// SPDX-License-Identifier: MIT
// The chosen link does not lead there, and another one would: it has no route, or no address of the family.

import { expect, it } from 'vitest';
import { leakSuite, server4, server6, why } from './arena.ts';
import { all, blind, looking } from './transports.ts';

leakSuite('no route', (arena) => {
  it.each(looking)('no route on the chosen link is an error of %s, before anything is sent (F3)', async (transport) => {
    await arena().spareSeen({ routed: false });
    expect(why(await arena().once(transport, 't0', server4))).toBe('ERR_MIF_NO_ROUTE');
    // Not a question for a neighbour by the link itself either.
    expect(await arena().strays()).toEqual([]);
  });

  it.each(blind)(
    'without a route %s takes the destination for a neighbour, of its own link only (F3)',
    async (transport) => {
      const mac = await arena().spareSeen({ routed: false });
      // Which it is, by accident: the server is at the other end.
      expect(await arena().once(transport, 't0', server4)).toMatchObject({ peer: '192.0.2.2' });
      expect(await arena().strays(mac)).toEqual([]);
    },
  );

  it.each(all)('a family that the link does not have is an error of %s', async (transport) => {
    const told = await arena().once(transport, 'wwan0', server6);
    expect(why(told)).toMatch(/^(ERR_MIF_NO_ADDRESS|ERR_MIF_KERNEL|ENETUNREACH)$/);
    expect(await arena().strays('wwan0')).toEqual([]);
  });
});
