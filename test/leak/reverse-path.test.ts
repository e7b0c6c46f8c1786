// SPDX-License-Identifier: MIT
// Strict filtering by reverse path on the chosen link: the routes prefer another one, so the kernel drops every answer (trap F12).
// Going where the answers would be taken is not the remedy.

import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { leakSuite, server4 } from './arena.ts';
import { all } from './transports.ts';

leakSuite('reverse path', (arena) => {
  it.each(all)('%s hears no answer, and goes no other way (F12)', async (transport) => {
    // For good: answers that come late would be answered by the kernel itself, by its own choice of link (trap F15).
    await arena().lab.exec('host', 'sysctl', '-q', '-w', 'net.ipv4.conf.b0.rp_filter=1');
    await arena().ask('begin', { id: 'begun', transport, via: 'b0', target: { address: server4 } });
    await delay(60);
    expect((await arena().ask('state', { id: 'begun' })).outcome).toBeNull();
    await arena().ask('abandon', { id: 'begun' });
    expect(await arena().strays('b0')).toEqual([]);
  });
});
