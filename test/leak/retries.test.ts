// SPDX-License-Identifier: MIT
// A server that hangs up, and clients that try again, while the path goes: not one of the attempts goes another way.

import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { leakSuite, server4, why } from './arena.ts';

leakSuite('retries', (arena) => {
  it.each(['RetryAgent of undici', 'http agent', 'fetch with dispatcher', 'scope: http', 'connect'])(
    'attempts of %s end with their path',
    async (retry) => {
      const mac = await arena().spareSeen();
      const outcome = arena().ask('attack', { name: `retry: ${retry}`, address: server4 });
      await delay(60);
      await arena().lab.ip('host', 'link del t0');
      expect(why(await outcome)).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
      expect(await arena().strays(mac)).toEqual([]);
    },
  );
});
