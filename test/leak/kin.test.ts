// SPDX-License-Identifier: MIT
// What a held program starts: threads and processes. What is not promised is recorded here too, and leaves as the system chooses.

import { expect, it } from 'vitest';
import { leakSuite, server4, sources } from './arena.ts';

leakSuite('kin', (arena) => {
  it.each(['mif run', 'mif run: a child', 'mif run: a worker', 'mif run: a worker of a child'])(
    '%s is held',
    async (kin) => {
      const told = await arena().ask('attack', { name: `kin: ${kin}`, address: server4 });
      expect(told).toMatchObject({ peer: sources.b0[0] });
      expect(await arena().strays('b0')).toEqual([]);
    },
  );

  it.each(['mif run: a child without the variables of its parent', 'scope: a child', 'scope: a worker'])(
    '%s is not held, and nobody promises it',
    async (kin) => {
      const told = await arena().ask('attack', { name: `kin: ${kin}`, address: server4 });
      expect(told).toMatchObject({ peer: sources.a0[0] });
      expect(await arena().strays('a0')).toEqual([]);
    },
  );
});
