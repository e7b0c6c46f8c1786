// SPDX-License-Identifier: MIT
// Provisioning domains of a host that hears its routers: radvd's, and those that name their networks, which radvd does not.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { Advertiser } from '../lab/advertiser.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';
import { advertisement, header, pio, portal, pref64, pvd, rdnss, rio } from '../unit/source/advertisement/bytes.ts';
import { aware, legacy } from '../unit/source/advertisement/vectors.ts';

requires(
  'root',
  'ip',
  'nsenter',
  'radvd',
  'python3',
)('domains of a host that hears its routers', () => {
  let lab: Lab;
  let host: Host;

  beforeEach(async () => {
    lab = await Lab.up('two-providers-one-link');
    host = await openHost({ netns: lab.netns('host'), sources: 'all' });
  });
  afterEach(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const domains = () => host.snapshot().pvds.filter(({ origin }) => origin !== 'link-local');
  const domain = (id: string) => host.snapshot().pvds.find((pvd) => pvd.id === id);
  const addressesOf = (id: string) =>
    domain(id)?.addresses.map(
      ({ address, shared }) => address.replace(/::?[^:]*:[^:]*:[^:]*:[^:]*$/, '::') + (shared ? '*' : ''),
    );

  it('routers: two of radvd’s are two domains, each with its own prefix and resolvers (PVD-11, PVD-13, M01a)', async () => {
    for (const letter of ['a', 'b']) {
      await lab.radvd(
        `r${letter}`,
        `interface lan {
           AdvSendAdvert on;
           MinRtrAdvInterval 3;
           MaxRtrAdvInterval 4;
           AdvDefaultLifetime 600;
           prefix 2001:db8:${letter}:1::/64 { AdvOnLink on; AdvAutonomous on; };
           route 2001:db8:${letter}:ff00::/56 { AdvRouteLifetime 900; };
           RDNSS 2001:db8:${letter}:1::53 { AdvRDNSSLifetime 600; };
           DNSSL ${letter}.example { AdvDNSSLLifetime 600; };
         };`,
      );
    }
    const isWhole = (letter: string) => addressesOf(`eth0/fe80::${letter}:1`)?.join() === `2001:db8:${letter}:1::`;
    await until('both domains', () => isWhole('a') && isWhole('b'));
    for (const letter of ['a', 'b']) {
      expect(domain(`eth0/fe80::${letter}:1`)).toMatchObject({
        explicit: false,
        routers: [{ address: `fe80::${letter}:1`, metric: 1024 }],
        dns: {
          servers: [{ address: `2001:db8:${letter}:1::53`, interface: 'eth0', element: 'ra' }],
          searchDomains: [`${letter}.example`],
        },
        advertisedRoutes: [
          { destination: '::/0', installed: true },
          // The kernel ignores what is more specific, unless it is told otherwise.
          { destination: `2001:db8:${letter}:ff00::/56`, gateway: `fe80::${letter}:1`, installed: false },
        ],
      });
    }
    const { lifetime } = domain('eth0/fe80::a:1')!.dns.servers[0]!;
    expect(lifetime).toBeGreaterThan(500);
    expect(lifetime).toBeLessThanOrEqual(600);
    expect(domains()).toHaveLength(2);
  });

  it('routers: each with a network that it names and one that it does not are four domains (M01a, M01b, PVD-04, PVD-62, PVD-64)', async () => {
    for (const [letter, word] of [
      ['a', 'iptv'],
      ['b', 'voice'],
    ] as const) {
      const router = await Advertiser.start(lab, `r${letter}`, 'lan');
      const from = { router: `fe80::${letter}:1` };
      await router.send(advertisement(header(), pio(`2001:db8:${letter}:1::`)), from);
      await router.send(
        advertisement(
          header(),
          pio(`fd0${letter}::`),
          pvd(
            `${word}.Example`,
            {},
            rdnss(600, `fd0${letter}::53`),
            pref64('64:ff9b::'),
            portal('https://portal.example/api'),
          ),
        ),
        from,
      );
    }
    await until(
      'four domains with addresses',
      () => domains().filter(({ addresses }) => addresses.length === 1).length === 4,
    );
    expect(
      domains()
        .map(({ id, explicit }) => `${id} ${explicit} ${addressesOf(id)?.join()}`)
        .sort(),
    ).toEqual([
      'eth0/fe80::a:1 false 2001:db8:a:1::',
      'eth0/fe80::b:1 false 2001:db8:b:1::',
      'iptv.example true fd0a::',
      'voice.example true fd0b::',
    ]);
    expect(domain('voice.example')).toMatchObject({
      providers: ['fe80::b:1'],
      routers: [{ address: 'fe80::b:1' }],
      dns: { servers: [{ address: 'fd0b::53' }] },
      nat64Prefix: '64:ff9b::/96',
      captivePortal: { apiUri: 'https://portal.example/api' },
    });
    expect(host.select('fd0b::53', { via: 'Voice.example' })).toMatchObject({
      interface: 'eth0',
      pvd: 'voice.example',
    });
    expect(host.select('fd0b::53', { via: 'Voice.example' }).source).toMatch(/^fd0b::/);
    expect(() => host.select('fd0b::53', { via: 'oice.example' })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_UNKNOWN_ID' }),
    );
  });

  it('routers: RFC 8801 section 5.2 as it is on the wire: a way out only for those who know (PVD-65, PVD-61)', async () => {
    const a = await Advertiser.start(lab, 'ra', 'lan');
    const b = await Advertiser.start(lab, 'rb', 'lan');
    await a.send(legacy);
    await b.send(aware, { router: 'fe80::b:1' });
    await until('both', () => addressesOf('foo.example.org')?.length === 1 && domain('bar.example.org'));
    expect(domain('foo.example.org')).toMatchObject({
      routers: [],
      dns: { servers: [{ address: '2001:db8:cafe::53' }] },
    });
    expect(domain('bar.example.org')).toMatchObject({
      routers: [{ address: 'fe80::b:1' }],
      dns: { servers: [{ address: '2001:db8:f00d::53' }] },
      advertisedRoutes: [{ destination: '::/0', gateway: 'fe80::b:1', installed: false }],
    });
    // The kernel knows no domains, and sends by the legacy router.
    expect([...host.snapshot().routes].filter(({ destination }) => destination === '::/0')).toMatchObject([
      { gateway: 'fe80::a:1' },
    ]);
    expect(domain('foo.example.org')!.routes.map(({ destination }) => destination)).not.toContain('::/0');
  });

  it('routers: what is told ends by itself, the domain last, with its reason (PVD-19, MIF-27, G4)', async () => {
    const removed: string[] = [];
    host.on('change', (change) => {
      for (const { id, endReason } of change.removed.pvds ?? []) removed.push(`${id} ${endReason}`);
    });
    const router = await Advertiser.start(lab, 'ra', 'lan');
    const short = [rdnss(2, '2001:db8::53'), rio('2001:db8:77::', { length: 48, lifetime: 4 })];
    await router.send(
      advertisement(header({ lifetime: 0 }), pvd('short.example', { inner: header({ lifetime: 3 }) }, ...short)),
    );
    await until('the domain', () => domain('short.example')?.dns.servers.length === 1);
    const { handle } = domain('short.example')!;
    await until('its resolver to end', () => domain('short.example')?.dns.servers.length === 0);
    await until('its router to end', () => domain('short.example')?.routers.length === 0);
    expect(domain('short.example')).toMatchObject({ handle, advertisedRoutes: [{ destination: '2001:db8:77::/48' }] });
    await until('its end', () => removed.length > 0);
    expect(removed).toEqual(['short.example expired']);
  });
});

requires(
  'root',
  'ip',
  'nsenter',
)('files of this system', () => {
  it('sources: are not believed by a program that only entered another network namespace (SEC-02)', async () => {
    await using lab = await Lab.up('dual-isp');
    const program = `
      import { openHost } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
      const host = await openHost({ sources: 'all' });
      console.log(JSON.stringify(host.capabilities.sources));
      await host.close();`;
    const printed = await lab.exec('host', process.execPath, '--input-type=module', '--eval', program);
    const reports: { origin: string; state: string; why?: string }[] = JSON.parse(printed);
    expect(reports.find(({ origin }) => origin === 'resolv-conf')).toMatchObject({
      state: 'absent',
      why: expect.stringContaining('this is another one'),
    });
    expect(reports.find(({ origin }) => origin === 'router-advertisements')).toMatchObject({ state: 'working' });
  });
});
