// SPDX-License-Identifier: MIT
// TLS, HTTP/2 and lookups over a chosen network, on real kernels.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { isIPv6, type LookupFunction } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { type ConnectOptions, connect, createLookup } from '../../lib/mif/mif.ts';
import { Departures } from '../lab/departures.ts';
import { Lab, type WebServer } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';

const descriptors = () => readdirSync('/proc/self/fd').length;

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
)('tls', () => {
  let lab: Lab;
  let host: Host;
  let web: WebServer;
  let departures: Departures;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    web = await lab.webServer('inet');
    // Sources that are opened when domains are first looked at would count as left behind.
    host = await openHost({ netns: lab.netns('host'), sources: 'kernel' });
    departures = await Departures.of(lab, 'host', ['a0', 'b0', 'wwan0']);
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const secure = (options: ConnectOptions['tls'] & object, more: ConnectOptions = {}, address = server4) =>
    connect(
      { address, port: web.https },
      { host, via: 'b0', ...more, tls: { ca: web.certificate, ...options } },
    ) as Promise<TLSSocket>;
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.unreachable('connected'),
      // biome-ignore lint/suspicious/noExplicitAny: whatever an error carries.
      (error: any) => error,
    );

  it('tls: connect with tls proves the peer and keeps to the path (F1)', async () => {
    await departures.take();
    for (const [address, source] of [
      [server4, '10.2.0.100'],
      [server6, '2001:db8:b:1::100'],
    ] as const) {
      const socket = await secure({}, {}, address);
      expect(socket).toMatchObject({ encrypted: true, authorized: true, localAddress: source });
      socket.write('GET /peer HTTP/1.0\r\n\r\n');
      let text = '';
      for await (const chunk of socket.setEncoding('utf8')) text += chunk;
      expect(text).toContain(`"peer":"${source}"`);
    }
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('tls: the name in the certificate is servername, or else the address', async () => {
    const socket = await secure({ servername: 'server.test', ALPNProtocols: ['h2'] });
    expect([socket.authorized, socket.alpnProtocol]).toEqual([true, 'h2']);
    socket.destroy();
    const before = descriptors();
    expect((await failure(secure({ servername: 'wrong.test' }))).code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect((await failure(secure({ ca: [] }))).code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect((await failure(secure({ ca: [] }, { via: 'nosuch0' }))).code).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    const wrong = { host, via: 'b0', tls: 'yes' } as unknown as ConnectOptions;
    expect((await failure(connect(`${server4}:1`, wrong))).code).toBe('ERR_MIF_INVALID_ARG');
    await until('descriptors to close', () => descriptors() <= before);
  });

  it('tls: a peer that says nothing is given up in time, and one that hangs up is an error', async () => {
    const silent = await lab.daemon('inet', process.execPath, ['-e', silentServer], /listening on port \d+ and \d+/);
    const [, mute, rude] = await silent.says(/listening on port (\d+) and (\d+)/);
    const before = descriptors();
    const to = (port: string | undefined, more: ConnectOptions) =>
      failure(connect({ address: server4, port: Number(port) }, { host, via: 'b0', tls: true, ...more }));
    expect(await to(mute, { timeout: 80 })).toMatchObject({ code: 'ETIMEDOUT', address: server4 });
    const aborter = new AbortController();
    const pending = to(mute, { signal: aborter.signal });
    setTimeout(() => aborter.abort(new Error('no longer wanted')), 50);
    expect((await pending).message).toBe('no longer wanted');
    expect((await to(rude, {})).code).toBe('ECONNRESET');
    await until('descriptors to close', () => descriptors() <= before);
  });

  it('tls: http2 over a connection that was made by connect', async () => {
    await departures.take();
    const socket = await secure({ servername: 'server.test', ALPNProtocols: ['h2'] });
    const session = connectHttp2(`https://server.test:${web.https}`, { createConnection: () => socket });
    const stream = session.request({ ':path': '/peer' });
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) text += chunk;
    expect(JSON.parse(text)).toMatchObject({ peer: '10.2.0.100', version: '2.0' });
    session.close();
    await once(session, 'close');
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('lookup: what via reaches best comes first, and dns.lookup is the form', async () => {
    const ask: LookupFunction = (hostname, { family }, callback) => {
      if (hostname === 'nowhere.test') return callback(null, []);
      const all = [server6, server4].map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
      callback(
        null,
        all.filter((each) => !family || each.family === family),
      );
    };
    const answer = (lookup: LookupFunction, name: string, options: object) =>
      new Promise((resolve, reject) => {
        lookup(name, options, (error, address, family) => (error ? reject(error) : resolve([address, family])));
      });
    const both = createLookup({ host, via: 'b0', lookup: ask });
    expect(await answer(both, 'server.test', {})).toEqual([server6, 6]);
    expect(await answer(both, 'server.test', { family: 4 })).toEqual([server4, 4]);
    const one = createLookup({ host, via: 'wwan0', lookup: ask });
    // Over wwan0 there is no IPv6, so that address is last.
    expect(await answer(one, 'server.test', { all: true })).toEqual([
      [
        { address: server4, family: 4 },
        { address: server6, family: 6 },
      ],
      undefined,
    ]);
    expect(await answer(one, server6, {})).toEqual([server6, 6]);
    await expect(answer(one, 'nowhere.test', {})).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(answer(createLookup({ host, via: 'no0', lookup: ask }), 'server.test', {})).rejects.toMatchObject({
      code: 'ERR_MIF_INTERFACE_NOT_FOUND',
    });
    // The system itself, whose file of hosts has this name.
    expect(await answer(createLookup({ host }), 'localhost', { family: 4 })).toEqual(['127.0.0.1', 4]);
  });
});

const silentServer = `
  const { createServer } = require('node:net');
  const mute = createServer(() => {}).listen(0, () => {
    const rude = createServer((socket) => socket.end()).listen(0, () =>
      console.log('listening on port ' + mute.address().port + ' and ' + rude.address().port));
  });`;
