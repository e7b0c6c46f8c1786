// SPDX-License-Identifier: MIT
// A name with several addresses, of which the first is dead: going on to the next one is where Node would open a socket of its
// own, in the place of the one that is held (trap H3).

import { expect, it } from 'vitest';
import { leakSuite, server4, sources } from './arena.ts';
import { all, named } from './transports.ts';

leakSuite('names', (arena, line) => {
  it.each(all)('an address over the path, by %s (F1)', async (transport) => {
    for (const [address, source] of [
      [server4, sources.b0[0]],
      ['2001:db8:ffff::80', sources.b0[1]],
    ] as const) {
      expect(await arena().once(transport, 'b0', address)).toMatchObject({ peer: source });
    }
    expect(await arena().strays('b0')).toEqual([]);
  });

  for (const [name, how] of [
    ['refused.test', 'of the other family and refused'],
    ['refused4.test', 'refused'],
  ]) {
    it.each(named(line))(`a name whose first address is ${how}, by %s (H3)`, async (transport) => {
      expect(await arena().once(transport, 'b0', name!)).toMatchObject({ peer: sources.b0[0] });
      expect(await arena().strays('b0')).toEqual([]);
    });
  }

  // Ours wait for three seconds, and are two; core waits for a quarter of a second.
  const patient = ['http agent', 'fetch with dispatcher'];
  const core = ['scope: net.connect', 'scope: tls.connect', 'scope: http', 'scope: https', 'scope: http2', 'scope: ws'];
  it.each([...patient, ...core])('a name whose first address is silent, by %s (H3)', async (transport) => {
    expect(await arena().once(transport, 'b0', 'silent4.test')).toMatchObject({ peer: sources.b0[0] });
    expect(await arena().strays('b0')).toEqual([]);
  });
});
