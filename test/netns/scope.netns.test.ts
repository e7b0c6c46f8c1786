// SPDX-License-Identifier: MIT
// scope() on real kernels: libraries that take no agent and no socket keep to the path, and what cannot be held fails.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import * as net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Client as GrpcClient, credentials } from '@grpc/grpc-js';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { connect, createUdpSocket, scope } from '../../lib/mif/mif.ts';
import { pathOf } from '../../lib/socket/socket-path.ts';
import { Departures } from '../lab/departures.ts';
import { Lab, type WebServer } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';
const nobody4 = '198.51.100.99';

const descriptors = () => readdirSync('/proc/self/fd').length;

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
)('scope', () => {
  let lab: Lab;
  let host: Host;
  let web: WebServer;
  let ports: { postgres: number; redis: number; grpc: number; udp: number };
  let departures: Departures;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    web = await lab.webServer('inet');
    ports = await lab.protocolServers('inet', server4);
    host = await openHost({ netns: lab.netns('host'), sources: 'kernel' });
    departures = await Departures.of(lab, 'host', ['a0', 'b0', 'wwan0']);
    await lab.ip('inet', 'route add blackhole 198.51.100.99/32');
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const inside = <T>(run: () => T, via: string | string[] = 'b0'): T => scope({ host, via }, run);
  const lookup: net.LookupFunction = (hostname, options, callback) => {
    const addresses = hostname === 'two.test' ? [nobody4, server4] : ['127.0.0.1', server6, server4];
    const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, all);
    else callback(null, all[0]!.address, all[0]!.family);
  };
  // biome-ignore lint/suspicious/noExplicitAny: whatever an error carries.
  const failure = (promise: Promise<unknown>): Promise<any> =>
    promise.then(
      () => expect.unreachable('it succeeded'),
      (error) => error,
    );
  const answerTo = async (request: http.ClientRequest) => {
    const [response] = await once(request, 'response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return JSON.parse(text) as { peer: string; peerPort: number };
  };

  it('scope: net.connect, sockets made by new, and names with several addresses (F1, H3, M10)', async () => {
    await departures.take();
    const connect = async (start: () => net.Socket) => {
      const socket = inside(start);
      await once(socket, 'connect');
      const { localAddress } = socket;
      socket.destroy();
      await once(socket, 'close');
      return localAddress;
    };
    expect(await connect(() => net.connect(web.http, server4))).toBe('10.2.0.100');
    expect(await connect(() => new net.Socket().connect(web.http, server6))).toBe('2001:db8:b:1::100');
    expect(await connect(() => net.connect({ host: 'many.test', port: web.http, lookup }))).toBe('2001:db8:b:1::100');
    // The second attempt of core, a quarter of a second after the first, is the one that used to leak.
    expect(await connect(() => net.connect({ host: 'two.test', port: web.http, lookup }))).toBe('10.2.0.100');
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('scope: holds what its timers and promises start, and nothing outside', async () => {
    const local = async () => {
      await delay(5);
      const socket = net.connect(web.http, server4);
      await once(socket, 'connect');
      const { localAddress } = socket;
      socket.destroy();
      return localAddress;
    };
    expect(await inside(local)).toBe('10.2.0.100');
    expect(await inside(() => inside(local, 'wwan0'))).toBe('10.3.0.2');
    // Outside it is a socket of this program's own namespace, on which the lab is not.
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    server.close();
  });

  it('scope: TLS, HTTP/2, agents and fetch', async () => {
    await departures.take();
    const told = await inside(async () => {
      const ca = web.certificate;
      const agent = new http.Agent({ keepAlive: true });
      const session = http2.connect(`https://${server4}:${web.https}`, { ca });
      const stream = session.request({ ':path': '/peer' });
      let text = '';
      for await (const chunk of stream.setEncoding('utf8')) text += chunk;
      session.close();
      const all = [
        JSON.parse(text),
        await answerTo(https.get(`https://${server4}:${web.https}/peer`, { ca, agent: new https.Agent() })),
        await answerTo(http.get(`http://${server4}:${web.http}/peer`, { agent })),
        await answerTo(http.get(`http://${server4}:${web.http}/peer`)),
        await (await fetch(`http://${server4}:${web.http}/peer`)).json(),
      ];
      agent.destroy();
      return all.map(({ peer }) => peer);
    });
    expect(told).toEqual(Array(5).fill('10.2.0.100'));
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('scope: connections that an agent or fetch keeps are of one scope only', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const url = `http://${server4}:${web.http}/peer`;
    const get = () => answerTo(http.get(url, { agent }));
    const fetched = async () => (await (await fetch(url)).json()) as { peer: string };
    for (const ask of [get, fetched]) {
      expect((await inside(ask, 'b0')).peer).toBe('10.2.0.100');
      expect((await inside(ask, 'wwan0')).peer).toBe('10.3.0.2');
      expect((await inside(ask, 'b0')).peer).toBe('10.2.0.100');
    }
    // Those who wait are served when a connection of another scope ends, and still go their own way.
    const mixed = new http.Agent({ maxTotalSockets: 1 });
    const waiting = ['b0', 'wwan0', 'a0', 'b0'].map((via) =>
      inside(() => answerTo(http.get(url, { agent: mixed })), via),
    );
    expect((await Promise.all(waiting)).map(({ peer }) => peer)).toEqual([
      '10.2.0.100',
      '10.3.0.2',
      '10.1.0.100',
      '10.2.0.100',
    ]);
    agent.destroy();
    mixed.destroy();
  });

  it('scope: pg, ioredis and grpc-js, none of which takes an interface', async () => {
    await departures.take();
    const viaPostgres = await inside(async () => {
      const client = new pg.Client({ host: server4, port: ports.postgres, user: 'lab', database: 'lab' });
      await client.connect();
      const { rows } = await client.query('select peer');
      await client.end();
      return rows;
    });
    expect(viaPostgres).toEqual([{ peer: '10.2.0.100' }]);
    const viaPool = await inside(async () => {
      const pool = new pg.Pool({ host: server4, port: ports.postgres, user: 'lab', database: 'lab', max: 2 });
      const answers = await Promise.all(Array.from({ length: 6 }, () => pool.query('select peer')));
      await pool.end();
      return answers.map(({ rows }) => rows[0].peer);
    });
    expect(viaPool).toEqual(Array(6).fill('10.2.0.100'));
    const viaRedis = await inside(async () => {
      const redis = new Redis({ host: server4, port: ports.redis, enableReadyCheck: false, lazyConnect: true });
      await redis.connect();
      const peer = await redis.get('peer');
      redis.disconnect();
      return peer;
    });
    expect(viaRedis).toBe('10.2.0.100');
    const viaGrpc = await inside(
      () =>
        new Promise((resolve, reject) => {
          const client = new GrpcClient(`${server4}:${ports.grpc}`, credentials.createInsecure());
          const plain = (bytes: Buffer) => bytes;
          client.makeUnaryRequest('/lab.Peer/Ask', plain, String, Buffer.alloc(0), (error, answer) => {
            client.close();
            if (error) reject(error);
            else resolve(answer);
          });
        }),
    );
    expect(viaGrpc).toMatch(/10\.2\.0\.100/);
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('scope: datagrams, bound by hand, by sending and by connecting', async () => {
    await departures.take();
    const ask = async (prepare: (socket: ReturnType<typeof createSocket>) => void | Promise<void>) => {
      const socket = inside(() => createSocket('udp4'));
      await inside(() => prepare(socket));
      const [answer] = await once(socket, 'message');
      await new Promise<void>((resolve) => socket.close(resolve));
      return String(answer);
    };
    expect(await ask((socket) => socket.send('?', ports.udp, server4))).toBe('10.2.0.100');
    const byHand = await ask(async (socket) => {
      socket.bind();
      await once(socket, 'listening');
      expect(socket.address().port).toBeGreaterThan(0);
      socket.send('?', ports.udp, server4);
    });
    expect(byHand).toBe('10.2.0.100');
    expect(await ask((socket) => socket.connect(ports.udp, server4, () => socket.send('?')))).toBe('10.2.0.100');
    expect(Object.keys(await departures.take())).toEqual(['b0']);
    const socket = inside(() => createSocket('udp4'), 'nosuch0');
    expect(() => scope({ host, via: 'nosuch0' }, () => socket.send('?', ports.udp, server4))).toThrow(/nosuch0/);
    socket.close();
  });

  it('scope: calls of this package keep to the scope where they name no network, and to what they name (PVD-36)', async () => {
    await departures.take();
    const target = { address: server4, port: web.http };
    const within = await inside(async () => {
      const datagrams = await createUdpSocket({ type: 'udp4' });
      // Answers are waited for: to a port that is closed the host sends an ICMP error, by its own choice of way.
      datagrams.send('x', ports.udp, server4);
      await once(datagrams, 'message');
      datagrams.close();
      await using told = await createUdpSocket({ type: 'udp4', packetInfo: true });
      await told.send('x', { address: server4, port: ports.udp });
      await once(told, 'message');
      expect(told.interface).toBe('b0');
      return connect(target);
    });
    expect([within.localAddress, pathOf(within)?.interface]).toEqual(['10.2.0.100', 'b0']);
    within.destroy();
    expect(Object.keys(await departures.take())).toEqual(['b0']);
    const named = await inside(() => connect(target, { host, via: 'a0' }));
    expect([named.localAddress, pathOf(named)?.interface]).toEqual(['10.1.0.100', 'a0']);
    named.destroy();
    expect(Object.keys(await departures.take())).toEqual(['a0']);
  });

  it('scope: what cannot be held fails, and sends nothing', async () => {
    await departures.take();
    const attempt = (options: net.TcpNetConnectOpts, via: string) =>
      failure(inside(() => once(net.connect(options), 'connect'), via));
    expect(await attempt({ host: '127.0.0.1', port: web.http }, 'b0')).toMatchObject({
      code: 'ENETUNREACH',
      mif: { code: 'ERR_MIF_LOOPBACK', interface: 'b0' },
    });
    expect((await attempt({ host: server4, port: web.http }, 'nosuch0')).mif.code).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    expect((await attempt({ host: server6, port: web.http }, 'wwan0')).mif.code).toBe('ERR_MIF_NO_ADDRESS');
    const sourced = await attempt({ host: server4, port: web.http, localAddress: '0.0.0.0' }, 'b0');
    expect(sourced.mif.code).toBe('ERR_MIF_BIND_FAILED');
    const none = await failure(
      inside(() => once(net.connect({ host: 'many.test', port: web.http, lookup }), 'connect'), 'nosuch0'),
    );
    expect(none.mif.code).toBe('ERR_MIF_NO_PATH');
    const fetched = await failure(inside(() => fetch(`http://${server4}:${web.http}/`), 'nosuch0'));
    expect(fetched.cause.code).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    expect(() => scope({ host } as { host: Host; via: string }, () => {})).toThrow(/option via/);
    expect(await departures.take()).toEqual({});
  });

  it('scope: a local socket is on no network, and left alone', async () => {
    const path = `\0mif-scope-${process.pid}`;
    const server = net.createServer((socket) => socket.end('here')).listen(path);
    await once(server, 'listening');
    const [text] = await once(
      inside(() => net.connect(path)),
      'data',
    );
    expect(String(text)).toBe('here');
    server.close();
  });

  it('scope: a path that is lost ends its sockets (F5)', async () => {
    const socket = inside(() => net.connect(web.http, server4), 'wwan0');
    await once(socket, 'connect');
    const ended = once(socket, 'close').catch((error) => error);
    await lab.ip('host', 'link set wwan0 down');
    expect(await ended).toMatchObject({ code: 'ERR_MIF_PATH_LOST', interface: 'wwan0' });
    await lab.ipBatch('host', ['link set wwan0 up', 'route add default dev wwan0 metric 700']);
  });

  it('scope: two hundred sockets leave no descriptor behind, refused ones included', async () => {
    const before = descriptors();
    for (let round = 0; round < 10; round++) {
      const sockets = Array.from({ length: 20 }, (_, n) =>
        inside(() => net.connect({ host: n % 4 === 0 ? '127.0.0.1' : server4, port: n % 4 === 1 ? 9 : web.http })),
      );
      await Promise.all(
        sockets.map((socket) =>
          once(socket, 'connect').then(
            () => socket.destroy(),
            () => {},
          ),
        ),
      );
    }
    await until('descriptors to close', () => descriptors() <= before);
  });
});
