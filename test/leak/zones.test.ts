// SPDX-License-Identifier: MIT
// Destinations that mean nothing without a link: link-local ones with the zone of the right and of the wrong link, groups, and
// everybody.

import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { leakSuite, why } from './arena.ts';

const routers = { a0: 'fe80::a:1', b0: 'fe80::b:1' };
const scoped = ['scope: net.connect', 'scope: tls.connect'];
const streams = ['connect', 'connect with tls', 'bound descriptor', ...scoped];
const datagrams = ['udp', 'udp with packet info', 'scope: dgram'];

leakSuite('zones', (arena) => {
  let ports: Record<string, number>;
  beforeAll(async () => {
    ports = await arena().server('rb', '10.2.0.1', '2001:db8:b:1::1');
  });

  it.each(streams)('%s: a link-local address with the zone of its path (F8)', async (transport) => {
    const told = await arena().once(transport, 'b0', `${routers.b0}%b0`, { ports });
    expect(told).toMatchObject({ peer: expect.stringMatching(/^fe80::/) });
    expect(await arena().strays('b0')).toEqual([]);
  });

  it.each([...streams, ...datagrams])(
    '%s: a link-local address with the zone of the wrong link (F8)',
    async (transport) => {
      for (const address of [`${routers.a0}%a0`, `${routers.b0}%a0`]) {
        await arena().ask('begin', { id: 'begun', transport, via: 'b0', target: { address } });
        await delay(30);
        const { outcome } = await arena().ask('state', { id: 'begun' });
        expect(outcome && why(outcome)).toMatch(/^(ERR_MIF_\w+|EINVAL|ENODEV|ENETUNREACH|EADDRNOTAVAIL)$/);
        await arena().ask('abandon', { id: 'begun' });
      }
      expect(await arena().strays('b0')).toEqual([]);
    },
  );

  it.each([...streams, ...datagrams])(
    '%s: a router of the wrong link, of which the right one knows nothing (F8)',
    async (transport) => {
      await arena().ask('begin', { id: 'begun', transport, via: 'b0', target: { address: routers.a0 } });
      await delay(30);
      await arena().ask('abandon', { id: 'begun' });
      expect(await arena().strays('b0')).toEqual([]);
    },
  );

  const groups: [type: string, address: string][] = [
    ['udp4', '239.1.2.3'],
    ['udp4', '224.0.0.251'],
    ['udp4', '255.255.255.255'],
    ['udp4', '10.1.0.255'],
    ['udp6', 'ff02::fb'],
    ['udp6', 'ff02::fb%a0'],
    ['udp6', 'ff05::1'],
  ];
  for (const [type, address] of groups) {
    it.each(datagrams)(`%s: a datagram to ${address} leaves by no other link (F14)`, async (transport) => {
      const told = await arena().ask('attack', { name: `cast: ${transport}`, type, address });
      expect(told.sent ?? told.code).toBeDefined();
      expect(await arena().strays('b0')).toEqual([]);
    });
  }
});
