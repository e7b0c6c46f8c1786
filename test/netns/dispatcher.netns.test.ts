// SPDX-License-Identifier: MIT
// createDispatcher on real kernels: fetch of the runtime and undici of a caller keep to their path, redirects and reused
// connections included.

import { readdirSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import * as undici from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Dispatcher, DispatcherOptions } from '../../lib/adapter/dispatcher.ts';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { createDispatcher } from '../../lib/mif/mif.ts';
import { Departures } from '../lab/departures.ts';
import { Lab, type WebServer } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';

const names: Record<string, readonly string[]> = {
  'server.test': [server4],
  'other.test': [server6, server4],
  'wrong.test': [server4],
  'local.test': ['127.0.0.1', server4],
};

const lookup: LookupFunction = (hostname, _, callback) => {
  const addresses = names[hostname] ?? [];
  callback(
    null,
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  );
};

const descriptors = () => readdirSync('/proc/self/fd').length;

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
)('dispatcher', () => {
  let lab: Lab;
  let host: Host;
  let web: WebServer;
  let departures: Departures;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    web = await lab.webServer('inet');
    host = await openHost({ netns: lab.netns('host'), sources: 'kernel' });
    departures = await Departures.of(lab, 'host', ['a0', 'b0', 'wwan0']);
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const create = (options: DispatcherOptions) =>
    createDispatcher({ host, lookup, tls: { ca: web.certificate }, ...options });
  const plain = (path = '/peer', name = 'server.test') => `http://${name}:${web.http}${path}`;
  const secure = (path = '/peer', name = 'server.test') => `https://${name}:${web.https}${path}`;
  const ask = async (dispatcher: Dispatcher, url = plain(), signal?: AbortSignal) =>
    (await (await fetch(url, { dispatcher, ...(signal ? { signal } : {}) })).json()) as {
      peer: string;
      peerPort: number;
      version: string;
      resumed: boolean;
    };
  /** What fetch wraps. */
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.unreachable('it succeeded'),
      // biome-ignore lint/suspicious/noExplicitAny: whatever an error carries.
      (error: any) => error.cause ?? error,
    );

  it('dispatcher: the global fetch over HTTP and HTTPS, and not one packet by another link (F1, M10)', async () => {
    await departures.take();
    const dispatcher = create({ via: 'b0' });
    expect(await ask(dispatcher)).toMatchObject({ peer: '10.2.0.100' });
    expect(await ask(dispatcher, plain('/peer', 'local.test'))).toMatchObject({ peer: '10.2.0.100' });
    expect(await ask(dispatcher, `http://[${server6}]:${web.http}/`)).toMatchObject({ peer: '2001:db8:b:1::100' });
    expect(await ask(dispatcher, secure())).toMatchObject({ peer: '10.2.0.100', version: '1.1', resumed: false });
    expect(await ask(dispatcher, `https://${server4}:${web.https}/`)).toMatchObject({ peer: '10.2.0.100' });
    expect((await failure(ask(dispatcher, secure('/peer', 'wrong.test')))).code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    await dispatcher.close();
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('dispatcher: a redirect stays on the path, also to another name, family and scheme', async () => {
    await departures.take();
    const dispatcher = create({ via: 'b0' });
    const to = encodeURIComponent(secure('/peer', 'other.test'));
    expect(await ask(dispatcher, plain(`/redirect?to=${to}`))).toMatchObject({ peer: '2001:db8:b:1::100' });
    await dispatcher.close();
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('dispatcher: TLS sessions are resumed, and HTTP/2 spoken where it is asked for', async () => {
    const dispatcher = create({ via: 'b0', agent: { keepAliveTimeout: 1, keepAliveMaxTimeout: 1 } });
    await until('a session to be resumed', async () => (await ask(dispatcher, secure())).resumed);
    await dispatcher.close();
    const newer = createDispatcher({
      host,
      lookup,
      undici,
      via: 'b0',
      tls: { ca: web.certificate },
      agent: { allowH2: true },
    });
    const { body } = await undici.request(secure(), { dispatcher: newer as unknown as undici.Dispatcher });
    expect(await body.json()).toMatchObject({ peer: '10.2.0.100', version: '2.0' });
    await newer.destroy();
  });

  it("dispatcher: a caller's undici has one of its own", async () => {
    await departures.take();
    const dispatcher = create({ via: 'b0', undici }) as unknown as undici.Dispatcher;
    for (const url of [plain(), secure()]) {
      const response = await undici.fetch(url, { dispatcher });
      expect(await response.json()).toMatchObject({ peer: '10.2.0.100' });
    }
    await dispatcher.close();
    expect(Object.keys(await departures.take())).toEqual(['b0']);
    expect(() => create({ via: 'b0', undici: {} as typeof undici })).toThrow(/option undici/);
    expect(() => create({ via: 'b0', agent: { connect: {} } })).toThrow(/option agent.connect/);
    expect(() => create({ via: undefined as unknown as string })).toThrow(/option via/);
  });

  it('dispatcher: what cannot go over the path fails, with the reason as the cause', async () => {
    await departures.take();
    const dispatcher = create({ via: 'nosuch0' });
    expect((await failure(ask(dispatcher))).code).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    const bound = create({ via: 'b0' });
    expect((await failure(ask(bound, 'http://127.0.0.1:9999/'))).code).toBe('ERR_MIF_LOOPBACK');
    expect(await failure(ask(bound, 'http://server.test:9999/'))).toMatchObject({
      code: 'ECONNREFUSED',
      mif: { interface: 'b0' },
    });
    await Promise.all([dispatcher.destroy(), bound.destroy()]);
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('dispatcher: when via means another network no connection is used again, and the old ones end', async () => {
    const dispatcher = create({ via: ['wwan0', 'b0'], agent: { connections: 1, keepAliveTimeout: 60_000 } });
    const before = descriptors();
    const first = await ask(dispatcher);
    expect(first.peer).toBe('10.3.0.2');
    expect((await ask(dispatcher)).peerPort).toBe(first.peerPort);
    // An address and a route go with the link, as any network manager has it.
    await lab.ip('host', 'link set wwan0 down');
    await until('the host to know', () =>
      [...host.snapshot().interfaces].some(({ name, adminUp }) => name === 'wwan0' && !adminUp),
    );
    await departures.take();
    const second = await ask(dispatcher);
    expect(second.peer).toBe('10.2.0.100');
    expect((await ask(dispatcher)).peerPort).toBe(second.peerPort);
    expect(Object.keys(await departures.take())).toEqual(['b0']);
    await lab.ipBatch('host', ['link set wwan0 up', 'route add default dev wwan0 metric 700']);
    await until('the first network', async () => (await ask(dispatcher)).peer === '10.3.0.2');
    await departures.take();
    expect((await ask(dispatcher)).peer).toBe('10.3.0.2');
    expect(Object.keys(await departures.take())).toEqual(['wwan0']);
    await dispatcher.destroy();
    await until('descriptors to close', () => descriptors() <= before);
  });

  it('dispatcher: a path that is lost ends what is under way, unless that may drain (F5)', async () => {
    const ended = create({ via: 'b0' });
    const drained = create({ via: 'b0', onPathLost: 'drain' });
    const slow = [failure(ask(ended, plain('/slow'))), ask(drained, plain('/slow'))] as const;
    await until('both', async () => (await ask(ended)) && (await ask(drained)));
    await lab.ip('host', 'addr del 10.2.0.100/24 dev b0');
    expect(await slow[0]).toMatchObject({ code: 'ERR_MIF_PATH_LOST', interface: 'b0' });
    await lab.ipBatch('host', ['addr add 10.2.0.100/24 dev b0', 'route add default via 10.2.0.1 dev b0 metric 200']);
    const helper = create({ via: 'a0' });
    await ask(helper, plain('/release'));
    expect(await slow[1]).toMatchObject({ peer: '10.2.0.100' });
    await Promise.all([ended, drained, helper].map((each) => each.destroy()));
  });

  it('dispatcher: a request that is aborted and a dispatcher that is destroyed leave no descriptor', async () => {
    await lab.exec('inet', 'nft', 'add table inet t');
    await lab.exec('inet', 'nft', 'add chain inet t c { type filter hook input priority 0 ; }');
    await lab.exec('inet', 'nft', 'add rule inet t c tcp dport 8007 drop');
    const pending = async () =>
      (await lab.exec('host', 'ss', '-H', '-t', '-n', 'state', 'syn-sent')).split('\n').filter(Boolean).length;
    const before = descriptors();
    const dispatcher = create({ via: 'b0' });
    const aborter = new AbortController();
    const aborted = failure(ask(dispatcher, 'http://server.test:8007/', aborter.signal));
    await until('the attempt', async () => (await pending()) === 1);
    aborter.abort();
    expect((await aborted).name).toBe('AbortError');
    await dispatcher.destroy();
    await until('no attempt', async () => (await pending()) === 0 && descriptors() <= before);
  });
});
