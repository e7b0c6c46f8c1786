// SPDX-License-Identifier: MIT
// Destinations that seem to belong to another link: in its prefix, its own addresses, loopback, link-local with the zone of either,
// mapped, groups and everybody.

import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { leakSuite, why } from './arena.ts';
import { datagramSockets, looking, streams } from './transports.ts';

/** In the prefix of a0; the router behind b0 leads there. */
const neighbors = ['10.1.0.1', '2001:db8:a:1::1'];

leakSuite('on link', (arena) => {
  it.each(streams)('a neighbour of the wrong link is reached over the right one, by %s (F1)', async (transport) => {
    for (const address of neighbors) {
      expect((await arena().once(transport, 'b0', address)).code).toBe('ECONNREFUSED');
    }
    expect(await arena().strays('b0')).toEqual([]);
  });

  it.each(datagramSockets)(
    'a neighbour of the wrong link is asked over the right one, by %s (F1)',
    async (transport) => {
      for (const address of neighbors) {
        await arena().ask('begin', { id: 'begun', transport, via: 'b0', target: { address } });
        await delay(20);
        await arena().ask('abandon', { id: 'begun' });
      }
      expect(await arena().strays('b0')).toEqual([]);
    },
  );

  it.each(looking)(
    'an address of this host on the wrong link, and loopback, are no way for %s (F6)',
    async (transport) => {
      for (const address of ['10.1.0.100', '2001:db8:a:1::100', '127.0.0.1', '::1']) {
        expect(why(await arena().once(transport, 'b0', address))).toBe('ERR_MIF_LOOPBACK');
      }
      expect(await arena().strays('b0')).toEqual([]);
    },
  );
});
