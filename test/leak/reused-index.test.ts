// SPDX-License-Identifier: MIT
// The interface goes, and another one has its index and its name at once. The kernel holds sockets to numbers, so that what is
// not ended leaves by the new one (trap F5).

import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { until } from '../lab/until.ts';
import { dead, leakSuite, lostBy, server4, why } from './arena.ts';
import { all, keeping, streams } from './transports.ts';

/** A connection that is ended late says so to its peer by whatever link is there by then: a reset, to a neighbour to be found. */
const beyondResets = (strays: readonly string[]) =>
  strays.filter((stray) => !stray.includes('arp 192.0.2.2 > 192.0.2.1 '));

leakSuite('reused index', (arena) => {
  it.each(all)(
    'what was in use by %s ends, and nothing of it but a reset is the next one’s (F5, B9)',
    async (transport) => {
      const old = await arena().spareSeen();
      await arena().ask('begin', { id: 'begun', transport, via: 't0', target: { address: server4 } });
      expect(await arena().ask('told', { id: 'begun' })).toMatchObject({ peer: '192.0.2.2' });
      await arena().spare();
      expect(why(await arena().ask('ended', { id: 'begun' }))).toBe(lostBy(transport));
      await arena().ask('abandon', { id: 'begun' });
      // For as long as the kernel would take to send what is left once more.
      await delay(250);
      expect(beyondResets(await arena().strays(old))).toEqual([]);
    },
  );

  it.each(streams)('what %s was connecting is not the next one’s (F5, B9)', async (transport) => {
    const old = await arena().spareSeen();
    await arena().ask('begin', { id: 'begun', transport, via: 't0', target: { address: dead.silent[4] } });
    await until('the attempt', async () => (await arena().pending()) === 1);
    await arena().spare();
    const told = await arena().ask('told', { id: 'begun' });
    expect(why(told)).toMatch(/^ERR_MIF_(PATH_LOST|INTERFACE_NOT_FOUND)$/);
    await arena().ask('abandon', { id: 'begun' });
    expect(beyondResets(await arena().strays(old))).toEqual([]);
  });

  it.each(all)('a path of the one before is nobody for %s (F5, B9)', async (transport) => {
    const old = await arena().spareSeen();
    const [{ id }] = await arena().ask('links', { name: 't0' });
    await arena().withoutSpare();
    await arena().spareSeen();
    expect(why(await arena().once(transport, id, server4))).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    expect(beyondResets(await arena().strays(old))).toEqual([]);
  });

  it.each(keeping)('what %s has kept is not for the next one (F5, B9)', async (transport) => {
    const old = await arena().spareSeen();
    await arena().ask('open', { id: 'kept', transport, via: 't0' });
    const first = await arena().ask('ask', { id: 'kept', target: { address: server4 } });
    expect(first.peer).toBe('192.0.2.2');
    expect(beyondResets(await arena().strays(old))).toEqual([]);
    const next = await arena().spareSeen();
    expect(beyondResets(await arena().strays(old))).toEqual([]);
    // By its name the next one is meant, over a connection of its own.
    const second = await arena().ask('ask', { id: 'kept', target: { address: server4 } });
    expect(second.peer).toBe('192.0.2.2');
    expect(second.peerPort).not.toBe(first.peerPort);
    await arena().ask('close', { id: 'kept' });
    expect(await arena().strays(next)).toEqual([]);
  });
});
