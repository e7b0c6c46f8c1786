// SPDX-License-Identifier: MIT
// An address of the wrong link is asked for as the source, in every place where one can be named (trap F7): it is refused, or of no
// account, and draws nothing to its link.

import { expect, it } from 'vitest';
import { leakSuite, server4, sources, why } from './arena.ts';

const foreign = sources.a0[0];

leakSuite('sources', (arena) => {
  const refused: [attack: string, code: string][] = [
    ['bound descriptor', 'ERR_MIF_NO_ADDRESS'],
    ['udp', 'ERR_MIF_NO_ADDRESS'],
    ['one datagram', 'ERR_MIF_NO_ADDRESS'],
    ['connect by via', 'ERR_MIF_NO_PATH'],
    ['scope: net.connect', 'ERR_MIF_BIND_FAILED'],
    ['scope: http', 'ERR_MIF_BIND_FAILED'],
    ['scope: dgram', 'ERR_MIF_NO_ADDRESS'],
  ];
  it.each(refused)('a foreign source is refused by %s (F7)', async (attack, code) => {
    const context = { name: `source: ${attack}`, source: foreign, address: server4 };
    expect(why(await arena().ask('attack', context))).toBe(code);
    expect(await arena().strays('b0')).toEqual([]);
  });

  it.each(['request over an agent', 'agent', 'dispatcher', 'TLS of a dispatcher'])(
    'a localAddress of Node’s own options has no say in %s (F7)',
    async (attack) => {
      const context = { name: `source: ${attack}`, source: foreign, address: server4 };
      expect(await arena().ask('attack', context)).toMatchObject({ peer: sources.b0[0] });
      expect(await arena().strays('b0')).toEqual([]);
    },
  );
});
