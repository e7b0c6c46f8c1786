// SPDX-License-Identifier: MIT
// What is heard of routers: radvd's, those that know domains, which are made by hand because radvd does not, and forged ones. On a
// raw socket, and as the options that the kernel passes on.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RouterRecord } from '../../lib/pvd/record.ts';
import { mostDomains } from '../../lib/source/advertisement/limits.ts';
import type { AdvertisementOptions } from '../../lib/source/advertisement/open.ts';
import { Advertiser } from '../lab/advertiser.ts';
import { Lab } from '../lab/lab.ts';
import { Listening } from '../lab/listening.ts';
import { ReadableCopy } from '../lab/nobody.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';
import { advertisement, header, pio, portal, pref64, pvd, rdnss } from '../unit/source/advertisement/bytes.ts';
import { all, aware, everything, legacy } from '../unit/source/advertisement/vectors.ts';

/** A router of radvd's; `interval` is the shortest between two advertisements. */
function advertises(letter: string, interval = 3, options = ''): string {
  return `
    interface lan {
      AdvSendAdvert on;
      MinRtrAdvInterval ${interval};
      MaxRtrAdvInterval ${Math.ceil(interval * 1.34)};
      AdvDefaultLifetime 9000;
      AdvLinkMTU 1480;
      ${options}
      prefix 2001:db8:${letter}:1::/64 { AdvOnLink on; AdvAutonomous on; AdvValidLifetime 3600; AdvPreferredLifetime 1800; };
      route 2001:db8:${letter}:ff00::/56 { AdvRoutePreference low; AdvRouteLifetime 900; };
      RDNSS 2001:db8:${letter}:1::53 { AdvRDNSSLifetime 600; };
      DNSSL ${letter}.example { AdvDNSSLLifetime 600; };
    };`;
}

const valuesOf = (items: readonly { value: unknown }[]) => items.map(({ value }) => value);
const prefixesOf = (record: RouterRecord | undefined) => record?.prefixes.map(({ prefix }) => prefix);

/** What a router of `advertises` gives to resolve names with, as any way to hear it tells it. */
const told = (letter: string) => ({
  prefixes: [{ prefix: `2001:db8:${letter}:1::/64`, onLink: true, autonomous: true }],
  resolvers: [{ value: `2001:db8:${letter}:1::53` }],
  searchDomains: [{ value: `${letter}.example` }],
});

/** As for somebody who may not open a raw socket. */
const optionsOnly: AdvertisementOptions = { isWanted: (origin) => origin === 'nd-user-options' };

const descriptors = () => readdirSync('/proc/self/fd').length;

requires(
  'root',
  'ip',
  'nsenter',
  'radvd',
  'python3',
  'setpriv',
)('router source', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.up('two-providers-one-link');
  });
  afterEach(() => lab?.[Symbol.asyncDispose]());

  /** Has the kernel leave advertisements alone, as network managers do. */
  const deafenKernel = () => lab.exec('host', 'sh', '-c', 'echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_ra');

  it('router source: two routers on one link say two things, each all of it (PVD-11, PVD-13, PVD-20, G5, M01a)', async () => {
    await using listening = await Listening.in(lab, 'host');
    expect(listening.source).toMatchObject({ origin: 'router-advertisements', state: { state: 'working' } });
    await lab.radvd('ra', advertises('a', 3, 'AdvDefaultPreference high; AdvOtherConfigFlag on;'));
    await lab.radvd('rb', advertises('b'));
    const [a, b] = await until('both', () => {
      const found = ['a', 'b'].map((letter) => listening.record('eth0', `fe80::${letter}:1`));
      return found.every((record) => record !== undefined) ? (found as RouterRecord[]) : undefined;
    });
    expect(a).toMatchObject({
      ...told('a'),
      key: 'fe80::a:1',
      header: { preference: 'high', managed: false, otherConfig: true },
      routes: [{ value: { prefix: '2001:db8:a:ff00::/56', via: 'fe80::a:1', preference: 'low' } }],
      mtu: 1480,
    });
    expect(b).toMatchObject({ ...told('b'), header: { preference: 'medium', otherConfig: false } });
    // The kernel keeps no such route by default, and says nothing of it.
    const routes = await lab.exec('host', 'ip', '-6', 'route');
    expect(routes).not.toContain('2001:db8:a:ff00::/56');
    expect(new Set(listening.told)).toEqual(new Set([a!.interfaceId]));
  });

  it('router source: radvd that stops takes its way out back, and its resolvers (G2, DNS-15)', async () => {
    await using listening = await Listening.in(lab, 'host');
    const daemon = await lab.radvd('ra', advertises('a'));
    await until('the router', () => listening.record('eth0', 'fe80::a:1')?.resolvers.length);
    await daemon.stop();
    await until('its goodbye', () => listening.record('eth0', 'fe80::a:1')?.header?.until === 0);
    expect(listening.record('eth0', 'fe80::a:1')).toMatchObject({ prefixes: [{}], resolvers: [], searchDomains: [] });
  });

  it('router source: routers are asked, and answer long before they would have spoken (RFC 4861 section 6.3.7)', async () => {
    await deafenKernel();
    await lab.radvd('ra', advertises('a', 900));
    // It speaks once when it starts, then not for 16 seconds.
    {
      await using early = await Listening.in(lab, 'host', { solicit: false });
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      const before = early.source.counters.heard;
      expect(before).toBeLessThanOrEqual(1);
    }
    await using listening = await Listening.in(lab, 'host');
    await until('an answer', () => listening.record('eth0', 'fe80::a:1'), 6_000);
  });

  it('router source: all is heard where the kernel was told to ignore routers (G1, G6)', async () => {
    await deafenKernel();
    const router = await Advertiser.start(lab, 'ra', 'lan');
    await using listening = await Listening.in(lab, 'host');
    await router.send(everything);
    const record = await until('it', () => listening.record('eth0', 'fe80::a:1', 'pvd-a.isp-a.example'));
    expect(record).toMatchObject({
      pvd: { http: true, legacy: true, delay: 5, sequence: 7 },
      header: { preference: 'high', managed: true, otherConfig: true },
      mtu: 1480,
      captivePortal: 'https://portal.isp-a.example/api',
      nat64: [{ value: '64:ff9b::/96' }],
    });
    const { addr_info } = (await lab.json('host', 'addr show dev eth0'))[0]!;
    expect(JSON.stringify(addr_info)).not.toContain('2001:db8');
  });

  it('router source: routers for everybody and for those who know domains (PVD-61, PVD-64, PVD-65)', async () => {
    const [one, two] = [await Advertiser.start(lab, 'ra', 'lan'), await Advertiser.start(lab, 'rb', 'lan')];
    await using listening = await Listening.in(lab, 'host');
    await one.send(legacy);
    await two.send(aware, { router: 'fe80::b:1' });
    const [foo, bar] = await until('both', () => {
      const found = listening.records('eth0');
      return found.length === 2 ? found : undefined;
    });
    expect([foo?.key, foo?.header?.until]).toEqual(['fe80::a:1 foo.example.org', 0]);
    expect(prefixesOf(bar)).toEqual(['2001:db8:f00d::/64']);
    expect(bar?.header?.until).toBeGreaterThan(0);
  });

  it('router source: what ends is forgotten when it ends, though nobody says so (G4, PVD-19)', async () => {
    const router = await Advertiser.start(lab, 'ra', 'lan');
    await using listening = await Listening.in(lab, 'host', { solicit: false });
    await router.send(advertisement(header({ lifetime: 3 }), rdnss(1, '2001:db8::53'), rdnss(2, '2001:db8::54')));
    const seen = new Set<string>();
    await until('the end', () => {
      const [record] = listening.records('eth0');
      if (record !== undefined) seen.add(valuesOf(record.resolvers).join(' '));
      return seen.size > 0 && record === undefined;
    });
    expect([...seen]).toEqual(['2001:db8::54 2001:db8::53', '2001:db8::54', '']);
    expect(listening.told).toHaveLength(4);
  });

  it('router source: forgeries are thrown away for what is wrong with them (SEC-15, G7, M-neg)', async () => {
    const router = await Advertiser.start(lab, 'ra', 'lan');
    await using listening = await Listening.in(lab, 'host', { solicit: false });
    await router.send(everything, { hops: 254 });
    await router.send(everything, { router: '2001:db8:a:1::1' });
    await router.send(everything, { checksum: 0x1234 });
    await router.send(advertisement(header(), [3, 0, 0, 0, 0, 0, 0, 0]));
    await router.send(advertisement(header({ code: 7 })));
    await router.send(advertisement(header()).subarray(0, 12));
    // Everything that comes before it has been heard when this has.
    await router.send(advertisement(header(), pvd('last.example')));
    await until('the last', () => listening.record('eth0', 'fe80::a:1', 'last.example'));
    expect(listening.records('eth0')).toHaveLength(1);
    const { heard, refused, malformed } = listening.source.counters;
    expect({ heard, refused, malformed }).toEqual({
      heard: 1,
      // The kernel has thrown away the one with the wrong checksum.
      refused: { 'hop-limit': 1, source: 1, options: 1, code: 1, short: 1 },
      malformed: 0,
    });
  });

  it('router source: a replayed advertisement changes nothing (SEC-15)', async () => {
    const router = await Advertiser.start(lab, 'ra', 'lan');
    await using listening = await Listening.in(lab, 'host', { solicit: false });
    for (let count = 0; count < 5; count++) await router.send(all['radvd']!);
    await until('all of them', () => listening.source.counters.heard === 5);
    expect(listening.records('eth0')).toHaveLength(1);
    expect(listening.told).toHaveLength(1);
  });

  it('router source: ten thousand forged routers displace nobody and cost little (SEC-17)', async () => {
    await deafenKernel();
    const real = advertisement(header(), pio('2001:db8:a:1::'));
    const router = await Advertiser.start(lab, 'ra', 'lan');
    const liar = await Advertiser.start(lab, 'rb', 'lan');
    await using listening = await Listening.in(lab, 'host', { solicit: false });
    await router.send(real);
    await router.send(real);
    await until('the real one', () => listening.source.counters.heard === 2);
    const flood = liar.send(everything, { routers: 10_000 });
    await Promise.all([flood, router.send(real), router.send(real)]);
    await router.send(real);
    const counters = listening.source.counters;
    await until('all of it', () => counters.heard + counters.rateLimited + counters.lost >= 10_005, 20_000);
    const records = listening.records('eth0');
    expect(records.length).toBeLessThanOrEqual(mostDomains);
    expect(records.map(({ router: address }) => address)).toContain('fe80::a:1');
    expect(counters.heard).toBeLessThan(500);
    expect(JSON.stringify(records).length).toBeLessThan(200_000);
  });

  it('router source: what overran while nobody read is counted, and hearing goes on (A1, A2, A3)', async () => {
    await deafenKernel();
    await using listening = await Listening.in(lab, 'host', { solicit: false });
    const router = await Advertiser.start(lab, 'ra', 'lan');
    Advertiser.sendBlocking(lab, 'ra', 'lan', everything, { routers: 5_000 });
    await until('the loss', () => listening.source.counters.lost > 0 || undefined, 5_000).catch(async () => {
      // The kernel tells its count with the next that it queues.
      await router.send(everything);
      await until('the loss', () => listening.source.counters.lost > 0);
    });
    await until('the real one', async () => {
      await router.send(everything);
      return listening.record('eth0', 'fe80::a:1', 'pvd-a.isp-a.example');
    });
  });

  it('router source: each host hears its own namespace only (SEC-14)', async () => {
    await using host = await Listening.in(lab, 'host', { solicit: false });
    await using lan = await Listening.in(lab, 'lan', { solicit: false });
    await using other = await Listening.in(lab, 'rb', { solicit: false });
    const router = await Advertiser.start(lab, 'ra', 'lan');
    await router.send(everything);
    await until('it', () => host.records('eth0').length && other.records('lan').length && lan.records('br0').length);
    expect(host.records('eth0')[0]?.interfaceId).toMatch(/^if:11\./);
    expect(other.records('lan')[0]?.interfaceId).toMatch(/^if:22\./);
    expect(host.source.counters.heard).toBe(1);
  });

  it('router source: what was said on a device is gone with it, also when its index is used again (B9)', async () => {
    await using listening = await Listening.in(lab, 'host', { solicit: false });
    const router = await Advertiser.start(lab, 'ra', 'lan');
    await router.send(everything);
    const { interfaceId } = await until('it', () => listening.records('eth0')[0]);
    await lab.ip('host', 'link set eth0 down');
    await until('nothing', () => listening.source.records(interfaceId).length === 0);
    await lab.ip('host', 'link set eth0 up');
    await lab.ready();
    await until('it again', async () => {
      await router.send(everything);
      return listening.records('eth0')[0];
    });
    await lab.ip('host', 'link del eth0');
    await until('nothing', () => listening.source.records(interfaceId).length === 0);
    await lab.ip('host', 'link add eth0 index 11 type veth peer name peer0');
    await lab.ipBatch('host', ['link set eth0 up', 'link set peer0 up']);
    const liar = await Advertiser.start(lab, 'host', 'peer0');
    const next = await until('the next', async () => {
      await liar.send(everything, { router: 'fe80::c:1' });
      return listening.records('eth0')[0];
    });
    expect(next.router).toBe('fe80::c:1');
    expect(next.interfaceId).not.toBe(interfaceId);
    await until('both told', () => listening.told.includes(interfaceId!) && listening.told.includes(next.interfaceId!));
  });

  it('router source: options are heard without privilege, with the router that sent them (G1, PVD-84)', async () => {
    await using listening = await Listening.in(lab, 'host', optionsOnly);
    expect(listening.source).toMatchObject({ origin: 'nd-user-options', state: { state: 'limited' } });
    await lab.radvd('ra', advertises('a'));
    await lab.radvd('rb', advertises('b'));
    for (const letter of ['a', 'b']) {
      const record = await until('the record', () => {
        const found = listening.record('eth0', `fe80::${letter}:1`);
        return found !== undefined && found.resolvers.length > 0 && found.searchDomains.length > 0 ? found : undefined;
      });
      expect(record).toMatchObject({ ...told(letter), header: undefined, pvd: undefined, routes: [] });
    }
    // Each prefix came by two messages, and is there once.
    expect(listening.records('eth0').flatMap((record) => prefixesOf(record))).toHaveLength(2);
  });

  it('router source: of a domain the kernel passes on what is outside of its option, and no name (G1, PVD-84)', async () => {
    await using listening = await Listening.in(lab, 'host', optionsOnly);
    const router = await Advertiser.start(lab, 'ra', 'lan');
    const inner = [rdnss(600, '2001:db8::5'), portal('https://inner.example/')];
    await router.send(
      advertisement(header(), portal('https://p.example/'), pref64('64:ff9b::'), pvd('x.example', {}, ...inner)),
    );
    const record = await until('it', () => {
      const found = listening.record('eth0', 'fe80::a:1');
      return found?.captivePortal !== undefined && found.nat64.length > 0 ? found : undefined;
    });
    expect(record).toMatchObject({ pvd: undefined, resolvers: [], captivePortal: 'https://p.example/' });
    expect(valuesOf(record.nat64)).toEqual(['64:ff9b::/96']);
  });

  it('router source: an option that a process made up is not believed (A11, SEC-14)', async () => {
    await using listening = await Listening.in(lab, 'host', optionsOnly);
    const forged = Buffer.from(rdnss(600, '2001:db8::bad')).toString('hex');
    const program = fileURLToPath(new URL('../lab/forge-router-option.py', import.meta.url));
    await lab.exec('host', 'python3', program, '11', 'fe80::a:1', forged);
    await until('the forgery', () => listening.source.counters.foreign === 1);
    const router = await Advertiser.start(lab, 'ra', 'lan');
    await router.send(advertisement(header(), rdnss(600, '2001:db8::53')));
    const record = await until('the real one', () => listening.record('eth0', 'fe80::a:1'));
    expect(valuesOf(record.resolvers)).toEqual(['2001:db8::53']);
  });

  it('router source: options that overran are counted, and hearing goes on (A1, A2)', async () => {
    await using listening = await Listening.in(lab, 'host', optionsOnly);
    const router = await Advertiser.start(lab, 'ra', 'lan');
    const many = advertisement(header({ lifetime: 0 }), ...Array.from({ length: 40 }, () => rdnss(9, '2001:db8::9')));
    Advertiser.sendBlocking(lab, 'ra', 'lan', many, { routers: 1_000 });
    await until('the loss', () => listening.source.counters.lost > 0);
    await until('the real one', async () => {
      await router.send(advertisement(header(), rdnss(600, '2001:db8::53')));
      return listening.record('eth0', 'fe80::a:1');
    });
  });

  it('router source: nobody is refused whole advertisements, told what it takes, and hears options (X12, G1, SEC-27)', async () => {
    const copy = await ReadableCopy.make(['test/netns/program/router-news.mjs']);
    try {
      const [command, ...args] = copy.launcher(lab, 'host', 'test/netns/program/router-news.mjs');
      const child = spawn(command!, args);
      const lines: string[] = [];
      child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
      const refusal = JSON.parse(await until('the refusal', () => lines[0]));
      expect(refusal).toEqual({ code: 'ERR_MIF_PERMISSION', message: expect.stringContaining('CAP_NET_RAW') });
      const router = await Advertiser.start(lab, 'ra', 'lan');
      await router.send(advertisement(header(), rdnss(600, '2001:db8:a:1::53')));
      const heard = JSON.parse(await until('an option', () => lines[1]));
      expect(heard).toEqual({
        router: 'fe80::a:1',
        interfaceIndex: 11,
        hopLimit: 255,
        data: Buffer.from(rdnss(600, '2001:db8:a:1::53')).toString('hex'),
      });
      await once(child, 'close');
      expect(child.exitCode).toBe(0);
    } finally {
      copy.remove();
    }
  });

  it('router source: opened and closed under a storm a hundred times it leaves no descriptor (SEC-28)', async () => {
    await deafenKernel();
    const liar = await Advertiser.start(lab, 'rb', 'lan');
    // What Node and the monitor keep is there already.
    await using _lasting = await Listening.in(lab, 'host');
    const before = descriptors();
    const storm = liar.send(everything, { routers: 6_000 });
    for (let count = 0; count < 100; count++) {
      const listening = await Listening.in(lab, 'host', count % 2 === 0 ? {} : optionsOnly);
      await new Promise((resolve) => setImmediate(resolve));
      await listening[Symbol.asyncDispose]();
    }
    await storm;
    await until('the loop to let go', () => descriptors() <= before);
  });
});
