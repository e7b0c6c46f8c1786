// SPDX-License-Identifier: MIT
// The path of a pool changes between two requests: what was kept over the old one carries nothing new, and nothing goes where
// nobody asked it to.

import { expect, it } from 'vitest';
import { leakSuite, server4, sources } from './arena.ts';
import { keeping } from './transports.ts';

leakSuite('changed path', (arena) => {
  it.each(keeping)(
    '%s goes on over the next network of a list, and back, each time by a connection of its own',
    async (transport) => {
      const ask = () => arena().ask('ask', { id: 'kept', target: { address: server4 } });
      await arena().ask('open', { id: 'kept', transport, via: ['wwan0', 'b0'] });
      const first = await ask();
      expect(first).toMatchObject({ peer: sources.wwan0[0] });
      expect((await ask()).peerPort).toBe(first.peerPort);
      expect(await arena().strays('wwan0')).toEqual([]);

      await arena().ip('link set wwan0 down');
      await arena().ask('sees', { name: 'wwan0', state: 'down' });
      expect(await arena().strays('wwan0')).toEqual([]);
      expect(await ask()).toMatchObject({ peer: sources.b0[0] });
      expect(await arena().strays('b0')).toEqual([]);

      await arena().ip('link set wwan0 up', 'route add default dev wwan0 metric 700');
      await arena().ask('sees', { name: 'wwan0', state: 'up' });
      await arena().ask('reaches', { via: 'wwan0', address: server4 });
      const last = await ask();
      expect(last).toMatchObject({ peer: sources.wwan0[0] });
      expect(last.peerPort).not.toBe(first.peerPort);
      await arena().ask('close', { id: 'kept' });
      // What was kept over b0 may end there.
      expect(await arena().strays('wwan0', 'b0')).toEqual([]);
    },
  );

  it.each(keeping)('%s has no other network when its only one has lost its address', async (transport) => {
    await arena().ask('open', { id: 'kept', transport, via: 'b0' });
    const ask = () => arena().ask('ask', { id: 'kept', target: { address: server4 } });
    expect(await ask()).toMatchObject({ peer: sources.b0[0] });
    expect(await arena().strays('b0')).toEqual([]);
    await arena().ip('addr del 10.2.0.100/24 dev b0');
    await arena().ask('reaches', { via: 'b0', address: server4, does: false });
    expect((await ask()).code).toMatch(/^(ERR_MIF_NO_ROUTE|ERR_MIF_NO_ADDRESS|ERR_MIF_PATH_LOST|ENETUNREACH)$/);
    await arena().ip('addr add 10.2.0.100/24 dev b0', 'route add default via 10.2.0.1 dev b0 metric 200');
    await arena().ask('reaches', { via: 'b0', address: server4 });
    // Selection may know the route before the picture is told that others follow.
    let told = await ask();
    for (let left = 20; told.peer === undefined && left > 0; left--) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      told = await ask();
    }
    expect(told).toMatchObject({ peer: sources.b0[0] });
    await arena().ask('close', { id: 'kept' });
    expect(await arena().strays('b0')).toEqual([]);
  });

  it.each(keeping)('%s over one network has no use for what another one keeps', async (transport) => {
    const networks = ['wwan0', 'b0'] as const;
    for (const via of networks) await arena().ask('open', { id: via, transport, via });
    const ports = new Map<string, number>();
    for (const via of [...networks, ...networks]) {
      const told = await arena().ask('ask', { id: via, target: { address: server4 } });
      expect(told).toMatchObject({ peer: sources[via][0], peerPort: ports.get(via) ?? expect.any(Number) });
      // By which of both, the server has told; either may acknowledge late.
      expect(await arena().strays(...networks)).toEqual([]);
      ports.set(via, told.peerPort);
    }
    for (const via of networks) await arena().ask('close', { id: via });
  });
});
