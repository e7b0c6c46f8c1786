// SPDX-License-Identifier: MIT
// The path suffers in the middle of a transfer, without going away: what is being sent waits, or ends, and never takes another way.

import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Arena, leakSuite, lostBy, server4, sources, why } from './arena.ts';
import { all, enduring } from './transports.ts';

/** Routes go with a link, and addresses of IPv6. */
const restored = [
  'route replace default via 10.2.0.1 dev b0 metric 200',
  'addr replace 2001:db8:b:1::100/64 dev b0',
  'route replace default via fe80::b:1 dev b0 metric 200',
];

interface Trouble {
  what: string;
  /** Whether a connection is lost, but for those of the sockets that endure. */
  isLoss: boolean;
  begin: (arena: Arena) => Promise<unknown>;
  end: (arena: Arena) => Promise<unknown>;
}

const troubles: Trouble[] = [
  {
    what: 'the link is set down',
    isLoss: true,
    begin: (arena) => arena.ip('link set b0 down'),
    end: (arena) => arena.ip('link set b0 up', ...restored),
  },
  {
    what: 'the carrier is lost',
    isLoss: false,
    begin: (arena) => arena.lab.ip('rb', 'link set lan down'),
    end: (arena) =>
      arena.lab.ipBatch('rb', [
        'link set lan up',
        'addr replace 2001:db8:b:1::1/64 dev lan',
        'addr replace fe80::b:1/64 dev lan',
      ]),
  },
  {
    what: 'the address is removed',
    isLoss: true,
    begin: (arena) => arena.ip('addr del 10.2.0.100/24 dev b0'),
    end: (arena) => arena.ip('addr add 10.2.0.100/24 dev b0', ...restored),
  },
  {
    what: 'the route is removed',
    isLoss: false,
    begin: (arena) => arena.ip('route del default via 10.2.0.1 dev b0'),
    end: (arena) => arena.ip(...restored),
  },
];

leakSuite('transfer', (arena) => {
  for (const { what, isLoss, begin, end } of troubles) {
    it.each(all)(`while %s sends, ${what} (F9)`, async (transport) => {
      await arena().ask('begin', { id: 'begun', transport, via: 'b0', target: { address: server4 } });
      expect(await arena().ask('told', { id: 'begun' })).toMatchObject({ peer: sources.b0[0] });
      await begin(arena());
      if (isLoss && !enduring.has(transport)) {
        expect(why(await arena().ask('ended', { id: 'begun' }))).toBe(lostBy(transport));
      } else {
        await delay(30);
        expect((await arena().ask('state', { id: 'begun' })).end).toBeNull();
      }
      const strays = await arena().strays('b0');
      await end(arena());
      await arena().ask('sees', { name: 'b0', state: 'up' });
      await arena().ask('reaches', { via: 'b0', address: server4 });
      await arena().ask('abandon', { id: 'begun' });
      expect([...strays, ...(await arena().strays('b0'))]).toEqual([]);
    });
  }
});
