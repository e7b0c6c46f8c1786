// SPDX-License-Identifier: MIT
// A server sends its client elsewhere: by redirect, and by saying that it is to be had elsewhere from now on (RFC 7838, RFC 8336).

import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { leakSuite, server4, server6, sources, why } from './arena.ts';
import { keeping, redirected } from './transports.ts';

leakSuite('redirects', (arena) => {
  const rows: [where: string, url: (ports: Record<string, number>) => string, outcome: string][] = [
    ['another family', ({ http }) => `http://[${server6}]:${http}/peer`, sources.b0[1]],
    ['another scheme and port', ({ https }) => `https://${server4}:${https}/peer`, sources.b0[0]],
    ['a name whose first address is dead', ({ http }) => `http://refused.test:${http}/peer`, sources.b0[0]],
    ['a neighbour of the wrong link', () => 'http://10.1.0.1:8009/', 'ECONNREFUSED'],
    ['an address of this host on the wrong link', ({ http }) => `http://10.1.0.100:${http}/`, 'ERR_MIF_LOOPBACK'],
    ['loopback', ({ http }) => `http://127.0.0.1:${http}/`, 'ERR_MIF_LOOPBACK'],
    ['loopback, mapped', ({ http }) => `http://[::ffff:127.0.0.1]:${http}/`, 'ERR_MIF_INVALID_ARG'],
  ];
  for (const [where, url, outcome] of rows) {
    it.each(redirected)(`to ${where}, by %s`, async (transport) => {
      const path = `/redirect?to=${encodeURIComponent(url(arena().ports))}`;
      const told = await arena().ask('once', { transport, via: 'b0', target: { address: server4, path } });
      expect(told.peer ?? (told.code === 'ECONNREFUSED' ? told.code : why(told))).toBe(outcome);
      expect(await arena().strays('b0')).toEqual([]);
    });
  }

  it.each(keeping)('an alternative that is offered leads %s past nothing', async (transport) => {
    await arena().ask('open', { id: 'kept', transport, via: 'b0' });
    const path = `/elsewhere?to=${encodeURIComponent('https://10.1.0.1:8009/')}`;
    for (const each of [path, '/peer', path]) {
      const told = await arena().ask('ask', { id: 'kept', target: { address: server4, path: each } });
      expect(told).toMatchObject({ peer: sources.b0[0] });
    }
    await delay(20);
    await arena().ask('close', { id: 'kept' });
    expect(await arena().strays('b0')).toEqual([]);
  });
});
