// SPDX-License-Identifier: MIT
// Additional information and captive portals of networks, fetched over those networks, from servers that say all sorts of things.

import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { domainFetch, type ResolveIn } from '../../lib/adapter/domain-fetch.ts';
import type { Host } from '../../lib/host/host.ts';
import { openHost as openHostWith } from '../../lib/host/open-host.ts';
import { openHost } from '../../lib/mif/open-host.ts';
import { Advertiser } from '../lab/advertiser.ts';
import { Departures } from '../lab/departures.ts';
import { InformationServer, type Said } from '../lab/information-server.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';
import { advertisement, header, pio, portal, pvd, rdnss } from '../unit/source/advertisement/bytes.ts';

const server = '2001:db8:ffff::80';
const known = '/.well-known/pvd';
const pvdJson = 'application/pvd+json';
const captiveJson = 'application/captive+json';

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
  'python3',
  'dnsmasq',
)('additional information', () => {
  let lab: Lab;
  let host: Host;
  let web: InformationServer;
  let router: Advertiser;
  let departures: Departures;
  let resolved: string[];
  let addresses: string[];

  /** Told with every advertisement. */
  let names: number[][];

  const resolveIn: ResolveIn = (domain, name) => {
    resolved.push(`${name} in ${domain.id}`);
    return Promise.resolve(addresses);
  };

  beforeEach(async () => {
    resolved = [];
    names = [rdnss(600, '2001:db8:ffff::53')];
    addresses = [server];
    lab = await Lab.up('dual-isp');
    web = await InformationServer.start(lab, 'inet');
    router = await Advertiser.start(lab, 'ra', 'lan');
    departures = await Departures.of(lab, 'host', ['a0', 'b0', 'wwan0']);
    host = await openHostWith(
      { netns: lab.netns('host'), sources: ['router-advertisements'], information: { ca: web.certificate } },
      { fetchIn: (opened, { ca }) => domainFetch(opened, { ca, resolveIn, timeoutMs: 1_500 }) },
    );
  });
  afterEach(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const domain = (id = 'server.test') => host.snapshot().pvds.find((each) => each.id === id);
  const state = (origin: string) => host.capabilities.sources.find((each) => each.origin === origin);
  const advertise = (fields: object = {}, id = 'server.test', ...options: number[][]) =>
    router.send(
      advertisement(header(), pio('2001:db8:a:1::'), ...names, ...options, pvd(id, { http: true, ...fields })),
    );
  const right = (seconds = 3600, more: object = {}): Said => ({
    type: `${pvdJson}; charset=utf-8`,
    body: {
      identifier: 'server.test',
      expires: new Date(Date.now() + seconds * 1000).toISOString(),
      prefixes: ['2001:db8:a::/48'],
      ...more,
    },
  });

  it('information: is fetched over its domain, by nothing else, and shown (PVD-66, PVD-67, PVD-68, MIF-34)', async () => {
    await web.say({ [known]: right(3600, { dnsZones: ['corp.example'], noInternet: true, 'vendor-x': { a: [1] } }) });
    await advertise({ sequence: 7 });
    const found = await until('the information', () => (domain()?.info === undefined ? undefined : domain()));
    expect(found.info).toMatchObject({ identifier: 'server.test', noInternet: true, 'vendor-x': { a: [1] } });
    expect(Object.isFrozen(found.info) && Object.getPrototypeOf(found.info) === null).toBe(true);
    expect(found.elements).toContainEqual({ type: 'pvd-info', version: 1 });
    // The network says itself that it leads nowhere; whose names it knows is not for it to say.
    expect(found).toMatchObject({ validated: false, dns: { zones: [] } });
    expect(state('pvd-information')).toEqual({ origin: 'pvd-information', state: 'working' });
    expect(resolved).toEqual(['server.test in server.test']);
    const [request] = web.requests;
    expect(request?.headers).toEqual({ host: 'server.test', accept: pvdJson, connection: 'close' });
    expect(request?.peer).toMatch(/^2001:db8:a:1:/);
    expect(Object.keys(await departures.take())).toEqual(['a0']);
    host.tell({ extends: 'server.test', trusted: true });
    await until('its zone', () => domain()?.dns.zones.includes('corp.example'));
  });

  it('information: another sequence number takes it back at once and brings the next (PVD-73, PVD-74, PVD-76)', async () => {
    await web.say({ [known]: right(3600, { 'vendor-x': { version: 1 } }) });
    await advertise({ sequence: 1 });
    await until('the information', () => domain()?.info);
    const first = performance.now();
    await web.say({ [known]: right(3600, { 'vendor-x': { version: 2 } }) });
    await advertise({ sequence: 2 });
    await until('its end', () => domain() !== undefined && domain()?.info === undefined);
    expect(performance.now() - first).toBeLessThan(5_000);
    await until('the next', () => domain()?.info, 20_000);
    expect(domain()?.info).toMatchObject({ 'vendor-x': { version: 2 } });
    expect(domain()?.elements).toContainEqual(expect.objectContaining({ type: 'pvd-info' }));
    expect(web.requests).toHaveLength(2);
    expect(Object.keys(await departures.take())).toEqual(['a0']);
    // Without the flag there is none, and nobody is asked.
    await advertise({ http: false });
    await until('its end', () => domain()?.info === undefined);
    expect(web.requests).toHaveLength(2);
  });

  it('information: where a policy hides one domain none is asked for, so that nobody learns which (PVD-78)', async () => {
    const takeBack = host.tell({ extends: 'hidden.test', hidden: true });
    await web.say({ [known]: right() });
    await advertise({}, 'hidden.test');
    await advertise();
    await until('the domain', domain);
    // Longer than any delay that the router asked for.
    await delay(1_500);
    expect(web.requests).toEqual([]);
    expect(await departures.take()).toEqual({});
    takeBack();
    await until('the information', () => domain()?.info);
  });

  it('information: ends when it says so, though nobody looks (PVD-73)', async () => {
    await web.say({ [known]: right(3) });
    await advertise();
    const ends: boolean[] = [];
    await until('the information', () => domain()?.info);
    host.on('change', ({ cause }) => ends.push(cause === 'pvd-info' || domain()?.info === undefined));
    await until('its end', () => domain()?.info === undefined);
    expect(ends.length).toBeGreaterThan(0);
    expect(domain()?.elements.map(({ type }) => type)).not.toContain('pvd-info');
  });

  it('information: prefixes that it does not name make it void (PVD-72)', async () => {
    await web.say({ [known]: right(3600, { prefixes: ['2001:db8:b::/48'] }) });
    await advertise();
    await until('the state', () => state('pvd-information')?.state === 'limited');
    expect(state('pvd-information')?.why).toContain('prefixes');
    expect(domain()?.info).toBeUndefined();
  });

  it('information: a server that is not the domain is told nothing (PVD-67, PVD-77)', async () => {
    await web.say({ [known]: right() });
    await advertise({}, 'wrong.test');
    await until('the state', () => state('pvd-information')?.state === 'limited');
    expect(state('pvd-information')?.why).toContain('the certificate is not of wrong.test');
    expect(web.requests).toEqual([]);
    await advertise({ sequence: 2 }, 'wrong.test');
    expect(domain('wrong.test')?.info).toBeUndefined();
  });

  it('information: an address of this host or of another of its networks is not asked (SEC-18)', async () => {
    addresses = ['::1', 'fe80::1', '2001:db8:a:1::100', '2001:db8:b:1::1', '10.2.0.1'];
    await advertise();
    await until('the state', () => state('pvd-information')?.state === 'limited');
    expect(state('pvd-information')?.why).toContain('10.2.0.1 is not asked: it is on the network of b0');
    expect(await departures.take()).toEqual({});
  });

  it('information: what servers say wrongly is nothing (PVD-66, PVD-69, SEC-18)', async () => {
    await advertise({ http: false });
    const { handle } = await until('the domain', domain);
    const fetchIn = domainFetch(host, { ca: web.certificate, resolveIn, timeoutMs: 1_500 });
    const signal = new AbortController().signal;
    const fetched = async (path: string) => {
      const request = { url: `https://server.test${path}`, type: pvdJson, exactName: true, signal };
      const outcome = await fetchIn({ handle, id: 'server.test' }, request);
      return outcome.kind === 'body' ? outcome.body.length : `${outcome.kind}: ${outcome.why}`;
    };
    const type = pvdJson;
    await web.say({
      '/full': { type, size: 65_536 },
      '/huge': { type, size: 65_537 },
      '/endless': { type, size: 1_000, stall: true },
      '/type': { type: 'application/json' },
      '/untyped': {},
      '/gone': { status: 410, type },
      '/plain': { status: 302, location: 'http://server.test/full' },
      '/nowhere': { status: 302 },
      '/other': { status: 307, location: 'https://other.test/full' },
      '/stranger': { status: 302, location: 'https://wrong.test/full' },
      '/inside': { status: 302, location: 'https://[::1]/full' },
      '/round': { status: 301, location: '/round' },
      '/1': { status: 301, location: '/2' },
      '/2': { status: 302, location: '/3' },
      '/3': { status: 303, location: '/4' },
      '/4': { status: 307, location: '/5' },
      '/5': { status: 308, location: '/full' },
    });
    expect(await fetched('/full')).toBe(65_536);
    expect(await fetched('/1')).toBe(65_536);
    expect(await fetched('/other')).toBe(65_536);
    expect(await fetched('/huge')).toBe('refused: it is longer than 65536 octets');
    expect(await fetched('/endless')).toBe('refused: the server took too long');
    expect(await fetched('/type')).toBe(`refused: its type is not ${type}`);
    expect(await fetched('/untyped')).toBe(`refused: its type is not ${type}`);
    expect(await fetched('/gone')).toBe('refused: HTTP status 410');
    expect(await fetched('/plain')).toBe('refused: it leaves https');
    expect(await fetched('/nowhere')).toBe('refused: it leads nowhere');
    expect(await fetched('/stranger')).toContain('refused: the certificate is not of wrong.test');
    expect(await fetched('/inside')).toContain('::1 is not asked');
    expect(await fetched('/round')).toBe('refused: it redirects more than 5 times');
    expect(Object.keys(await departures.take())).toEqual(['a0']);
  });

  it('portal: holds the host back until a person has logged in (PVD-79)', async () => {
    const api = 'https://other.test/api';
    const said = (captive: boolean, more: object = {}) => ({
      '/api': { type: captiveJson, body: { captive, 'user-portal-url': 'https://other.test/login', ...more } },
    });
    await web.say(said(true));
    await advertise({ http: false }, 'server.test', portal(api));
    await until('the answer', () => domain()?.captivePortal?.captive);
    expect(domain()).toMatchObject({
      validated: false,
      captivePortal: { apiUri: api, captive: true, userPortalUrl: 'https://other.test/login' },
    });
    expect(domain()?.elements).toContainEqual({ type: 'capport', version: 1 });
    await web.say(said(false, { 'seconds-remaining': 3600, 'can-extend-session': true, 'bytes-remaining': 5 }));
    const open = await until(
      'the next',
      () => (domain()?.captivePortal?.captive === false ? domain() : undefined),
      20_000,
    );
    expect(open.validated).toBeUndefined();
    expect(open.captivePortal).toMatchObject({ captive: false, canExtendSession: true, bytesRemaining: 5 });
    expect(open.captivePortal?.secondsRemaining).toBeGreaterThan(3_580);
    expect(open.elements).toContainEqual({ type: 'capport', version: 2 });
    expect(resolved).toEqual(['other.test in server.test', 'other.test in server.test']);
    expect(web.requests[0]?.headers).toEqual({ host: 'other.test', accept: captiveJson, connection: 'close' });
    expect(Object.keys(await departures.take())).toEqual(['a0']);
  });

  it('information: without a resolver for the domain nobody is asked, and the state says so (SEC-23)', async () => {
    await host.close();
    host = await openHost({ netns: lab.netns('host'), sources: ['router-advertisements'], information: true });
    names = [];
    await advertise();
    await until('the state', () => state('pvd-information')?.why === 'server.test: it has no name servers');
    expect(await departures.take()).toEqual({});
  });

  it('information: its server is found by the servers of the domain (PVD-68, SEC-23)', async () => {
    await lab.dnsmasq(
      'inet',
      `port=53\nlisten-address=2001:db8:ffff::53\nbind-interfaces\naddress=/server.test/${server}`,
    );
    await web.say({ [known]: right() });
    await host.close();
    host = await openHost({
      netns: lab.netns('host'),
      sources: ['router-advertisements'],
      information: { ca: web.certificate },
    });
    await advertise();
    await until(
      () => `the information; ${JSON.stringify([state('pvd-information'), domain()?.dns, domain()?.addresses])}`,
      () => domain()?.info,
    );
    expect(Object.keys(await departures.take())).toEqual(['a0']);
  });

  it('information: is not fetched unless the program wants it (PVD-66)', async () => {
    await host.close();
    host = await openHost({ netns: lab.netns('host'), sources: ['router-advertisements'] });
    await advertise({}, 'server.test', portal('https://other.test/api'));
    await until('the domain', domain);
    expect(state('pvd-information')).toMatchObject({ state: 'absent', why: expect.stringContaining('information') });
    expect(await departures.take()).toEqual({});
    await expect(openHost({ information: { cert: '' } as object })).rejects.toMatchObject({
      code: 'ERR_MIF_INVALID_ARG',
    });
  });
});
