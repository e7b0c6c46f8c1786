// SPDX-License-Identifier: MIT
// What a MIF session learns of provisioning domains, on a real kernel with radvd: elements that change, the data in them, and
// a router that takes leave.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { openSession } from '../../lib/mif/mif.ts';
import type { MifMessage } from '../../lib/session/message.ts';
import type { MifSession } from '../../lib/session/session.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

requires(
  'root',
  'ip',
  'nsenter',
  'radvd',
)('a session and the domains of radvd', () => {
  let lab: Lab;
  let host: Host;
  let session: MifSession;

  beforeEach(async () => {
    lab = await Lab.up('two-providers-one-link');
    host = await openHost({ netns: lab.netns('host'), sources: 'all' });
    session = await openSession({ host });
  });
  afterEach(async () => {
    await session?.close();
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const advertise = (resolver: string) =>
    lab.radvd(
      'ra',
      `interface lan {
         AdvSendAdvert on;
         MinRtrAdvInterval 3;
         MaxRtrAdvInterval 4;
         AdvDefaultLifetime 600;
         prefix 2001:db8:a:1::/64 { AdvOnLink on; AdvAutonomous on; };
         RDNSS ${resolver} { AdvRDNSSLifetime 600; };
       };`,
    );

  /** Reads on up to and including the first message that fits. */
  async function readUntil<T extends MifMessage['type']>(
    type: T,
    fits: (message: Extract<MifMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<MifMessage, { type: T }>> {
    const read: MifMessage[] = [];
    return until(
      () => `${type}; read: ${read.map((message) => JSON.stringify(message)).join('\n')}`,
      () => {
        for (let message = session.get(); message; message = session.get()) {
          read.push(message);
          const found = message as Extract<MifMessage, { type: T }>;
          if (message.type === type && fits(found)) return found;
        }
        return undefined;
      },
    );
  }

  it('session: an advertisement that changes is a new version of its element, and the data are its own (MIF-31, MIF-34, MIF-46, MIF-48)', async () => {
    const first = await advertise('2001:db8:a:1::53');
    session.post({ type: 'announce-provisioning-domain', interface: '*' });
    const { pvd } = await readUntil('provisioning-domain-announcement', ({ pvd: { id } }) => id === 'eth0/fe80::a:1');
    session.post({ type: 'announce-configuration-element', pvd: pvd.handle });
    const servers = () => {
      session.post({
        type: 'get-configuration-data',
        pvd: pvd.handle,
        element: 'ra',
        information: 'dns-server-list',
      });
      return readUntil('configuration-data');
    };
    const ra = await readUntil('configuration-element-announcement', ({ element }) => element === 'ra');
    await until('its resolver', () => host.snapshot().pvds.some(({ dns }) => dns.servers.length === 1));
    expect(await servers()).toMatchObject({
      information: 'dns-server-list',
      value: [{ address: '2001:db8:a:1::53', interface: 'eth0', element: 'ra', origin: 'router-advertisements' }],
    });

    await first.stop();
    await advertise('2001:db8:a:1::54');
    await until('the other resolver', () =>
      host.snapshot().pvds.some(({ dns }) => dns.servers.some(({ address }) => address === '2001:db8:a:1::54')),
    );
    const later = await readUntil('configuration-element-announcement', ({ element }) => element === 'ra');
    expect(later).toMatchObject({ pvd, element: 'ra' });
    expect(later.version).toBeGreaterThan(ra.version);
  });

  it('session: the only router takes leave, and the interface is going away (MIF-72, MIF-75)', async () => {
    const radvd = await advertise('2001:db8:a:1::53');
    session.post({ type: 'announce-interfaces' });
    await until('a default router', () =>
      host.snapshot().pvds.some(({ routers, addresses }) => routers.length === 1 && addresses.length > 0),
    );
    await readUntil('enumeration-done');
    // At its end radvd says that it is no router any more (RFC 4861 section 6.2.5).
    await radvd.stop();
    expect(await readUntil('interface-is-going-away')).toMatchObject({
      interface: { name: 'eth0' },
      reason: 'lease-end',
      confidence: 'inferred',
      deadline: expect.any(Number),
    });
  });

  it('session: who takes the link down says so before; carrier that is lost says it itself (MIF-72, MIF-74, MIF-75, MIF-76)', async () => {
    session.post({ type: 'announce-interfaces' });
    await readUntil('enumeration-done');
    const takeBack = host.announceIntent({ interface: 'eth0', intent: 'going-away', reason: 'suspend', deadline: 30 });
    expect(session.get()).toMatchObject({
      type: 'interface-is-going-away',
      interface: { name: 'eth0' },
      reason: 'suspend',
      confidence: 'intended',
      deadline: 30,
    });
    takeBack();
    takeBack();
    expect(session.get()).toMatchObject({ type: 'interface-announcement', running: true });
    expect(session.get()).toBeUndefined();
    expect(() => host.announceIntent({ interface: 'eth7', intent: 'going-away' })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INTERFACE_NOT_FOUND' }),
    );
    expect(() => host.announceIntent({ interface: 'eth0', intent: 'going' as never })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }),
    );
    await lab.exec('host', 'ip', 'link', 'set', 'eth0', 'down');
    expect(await readUntil('interface-is-going-away')).toMatchObject({ reason: 'admin', confidence: 'inferred' });
    expect(await readUntil('interface-announcement')).toMatchObject({ adminUp: false });
  });
});
