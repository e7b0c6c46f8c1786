// SPDX-License-Identifier: MIT
// The interface goes: before it is used, while a connection is being made, and while one is in use.

import { expect, it } from 'vitest';
import { until } from '../lab/until.ts';
import { dead, leakSuite, lostBy, server4, why } from './arena.ts';
import { all, streams } from './transports.ts';

leakSuite('vanishing', (arena) => {
  it.each(all)('an interface that has gone since %s was told of it is nobody (F5)', async (transport) => {
    const mac = await arena().spareSeen();
    await arena().ask('open', { id: 'early', transport, via: 't0' });
    await arena().ip('link del t0');
    await arena().ask('sees', { name: 't0', state: 'absent' });
    const told = await arena().ask('ask', { id: 'early', target: { address: server4 } });
    expect(why(told)).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    await arena().ask('close', { id: 'early' });
    expect(await arena().strays(mac)).toEqual([]);
  });

  it.each(streams)('an interface that goes while %s connects ends the attempt (F5)', async (transport) => {
    const mac = await arena().spareSeen();
    await arena().ask('begin', { id: 'begun', transport, via: 't0', target: { address: dead.silent[4] } });
    await until('the attempt', async () => (await arena().pending()) === 1);
    await arena().ip('link del t0');
    const told = await arena().ask('told', { id: 'begun' });
    expect(why(told)).toMatch(/^ERR_MIF_(PATH_LOST|INTERFACE_NOT_FOUND)$/);
    await arena().ask('abandon', { id: 'begun' });
    expect(await arena().strays(mac)).toEqual([]);
  });

  it.each(all)('an interface that goes while %s is in use ends it (F5)', async (transport) => {
    const mac = await arena().spareSeen();
    await arena().ask('begin', { id: 'begun', transport, via: 't0', target: { address: server4 } });
    expect(await arena().ask('told', { id: 'begun' })).toMatchObject({ peer: '192.0.2.2' });
    await arena().ip('link del t0');
    expect(why(await arena().ask('ended', { id: 'begun' }))).toBe(lostBy(transport));
    await arena().ask('abandon', { id: 'begun' });
    expect(await arena().strays(mac)).toEqual([]);
  });
});
