// SPDX-License-Identifier: MIT
// Other ways past a path: sockets that connect again, proxies, scopes inside of others, what was made elsewhere.

import { expect, it } from 'vitest';
import { leakSuite, server4, sources, why } from './arena.ts';

leakSuite('detours', (arena, line) => {
  const kept = [
    'reuse: scope: net.connect again',
    'other: dispatcher in a scope of another network',
    'other: agent in a scope of another network',
    'other: connect in a scope of another network',
    'other: scope: what a timer begins',
    'other: scope: what a callback of it begins outside',
    'other: scope: a datagram socket that connects',
    'other: udp with packet info: disconnect',
  ];
  it.each(kept)('over the path: %s', async (name) => {
    expect(await arena().ask('attack', { name, address: server4 })).toMatchObject({ peer: sources.b0[0] });
    expect(await arena().strays('b0')).toEqual([]);
  });

  it.each(['other: scope: proxy of undici', 'other: CONNECT over an agent'])(
    'to the proxy over the path: %s',
    async (name) => {
      // The server is told of the proxy, which is on the same machine.
      expect(await arena().ask('attack', { name, address: server4 })).toMatchObject({ peer: server4 });
      expect(await arena().strays('b0')).toEqual([]);
    },
  );

  it('over the path of each: other: scope: an agent with connections of nobody', async () => {
    const name = 'other: scope: an agent with connections of nobody';
    expect(await arena().ask('attack', { name, address: server4 })).toMatchObject({ peer: sources.b0[0] });
    expect(await arena().strays('wwan0', 'b0')).toEqual([]);
  });

  const refused: [name: string, code: string][] = [
    ['other: scope: a descriptor from elsewhere', 'ERR_MIF_BIND_FAILED'],
    ['other: udp: disconnect', 'ERR_MIF_UNSUPPORTED'],
    ['reuse: connect again', 'ERR_MIF_CLOSED'],
    ['reuse: connect with tls again', 'ERR_MIF_UNSUPPORTED'],
    ['reuse: adopted descriptor again', 'ERR_MIF_UNSUPPORTED'],
    ['reuse: adopted descriptor with a name', 'ERR_MIF_UNSUPPORTED'],
    // Handles that are bound already (Node 24.19, 26.4).
    ...(line.major >= 24 ? [['other: scope: net.BoundSocket', 'ERR_MIF_BIND_FAILED'] as [string, string]] : []),
  ];
  it.each(refused)('refused: %s (F13, H3)', async (name, code) => {
    expect(why(await arena().ask('attack', { name, address: server4 }))).toBe(code);
    expect(await arena().strays('b0')).toEqual([]);
  });
});
