// SPDX-License-Identifier: MIT
// A lookup that answers addresses of this host, of its neighbours, or in other writing: none of them leads past the path, and the
// next one is tried.

import { expect, it } from 'vitest';
import { leakSuite, server4, sources, why } from './arena.ts';

const asked = ['http agent', 'request over an agent', 'dispatcher', 'scope: net.connect'];

leakSuite('lookups', (arena) => {
  const rows: [what: string, addresses: string[]][] = [
    ['loopback', ['127.0.0.1', '::1']],
    ['addresses of this host on the wrong link', [sources.a0[0], sources.a0[1]]],
    ['a neighbour of the wrong link', ['10.1.0.1']],
    ['addresses of IPv4 in the writing of IPv6', ['::ffff:127.0.0.1', `::ffff:${sources.a0[0]}`]],
  ];
  for (const [what, addresses] of rows) {
    it.each(asked)(`${what}, told to %s, and then the server (H2)`, async (attack) => {
      const context = { name: `lookup: ${attack}`, addresses: [...addresses, server4] };
      expect(await arena().ask('attack', context)).toMatchObject({ peer: sources.b0[0] });
      expect(await arena().strays('b0')).toEqual([]);
    });
  }

  it.each(asked)('the server in the writing of IPv6, told to %s: over the path, or not at all', async (attack) => {
    const told = await arena().ask('attack', { name: `lookup: ${attack}`, addresses: [`::ffff:${server4}`] });
    if (told.peer === undefined) expect(why(told)).toMatch(/^ERR_MIF_/);
    else expect(told.peer).toBe(sources.b0[0]);
    expect(await arena().strays('b0')).toEqual([]);
  });

  // A request's own lookup is not asked: the agent has one.
  it.each(asked.filter((attack) => attack !== 'request over an agent'))(
    'nothing but loopback and this host, told to %s, is an error',
    async (attack) => {
      const told = await arena().ask('attack', { name: `lookup: ${attack}`, addresses: ['127.0.0.1', sources.a0[0]] });
      expect(why(told)).toMatch(/^ERR_MIF_(LOOPBACK|NO_PATH)$/);
      expect(await arena().strays('b0')).toEqual([]);
    },
  );
});
