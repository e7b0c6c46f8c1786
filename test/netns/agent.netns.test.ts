// SPDX-License-Identifier: MIT
// createAgent on real kernels: HTTP and HTTPS keep to their path, whatever Node's pools, names and retries would like.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type Agent, type ClientRequest, get, type RequestOptions } from 'node:http';
import { get as getSecure } from 'node:https';
import type { LookupFunction } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { AgentOptions } from '../../lib/adapter/agent.ts';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { createAgent } from '../../lib/mif/mif.ts';
import { Departures } from '../lab/departures.ts';
import { Lab, type WebServer } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';
/** An address of the lab that nobody has. */
const nobody4 = '198.51.100.99';

const names: Record<string, readonly string[]> = {
  'server.test': [server4],
  'wrong.test': [server4],
  'two.test': [nobody4, server4],
  'local.test': ['127.0.0.1', server4],
  'six.test': [server6, server4],
};

/** A resolver of fixed names, in their order. */
const lookup: LookupFunction = (hostname, _, callback) => {
  const addresses = names[hostname];
  if (addresses === undefined) callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '');
  else
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
};

interface Told {
  peer: string;
  peerPort: number;
  version: string;
  resumed: boolean;
}

/** What the server says, once it is all read. */
async function answerTo(request: ClientRequest): Promise<Told> {
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return JSON.parse(text);
}

// biome-ignore lint/suspicious/noExplicitAny: whatever an error carries.
const failure = (promise: Promise<unknown>): Promise<any> =>
  promise.then(
    () => expect.unreachable('it succeeded'),
    (error) => error,
  );

const descriptors = () => readdirSync('/proc/self/fd').length;

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
)('agent', () => {
  let lab: Lab;
  let host: Host;
  let web: WebServer;
  let departures: Departures;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    web = await lab.webServer('inet');
    await lab.ip('inet', 'route add blackhole 198.51.100.99/32');
    host = await openHost({ netns: lab.netns('host'), sources: 'kernel' });
    departures = await Departures.of(lab, 'host', ['a0', 'b0', 'wwan0']);
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const agents = (options: AgentOptions) => createAgent({ host, lookup, ...options });
  const url = (path = '/peer', name = 'server.test') => `http://${name}:${web.http}${path}`;
  const ask = (agent: Agent, options: RequestOptions & { url?: string } = {}) =>
    answerTo(get(options.url ?? url(), { agent, ...options }));
  const askSecure = (agent: Agent, options: RequestOptions & { name?: string } = {}) =>
    answerTo(
      getSecure(`https://${options.name ?? 'server.test'}:${web.https}/peer`, {
        agent,
        ca: web.certificate,
        ...options,
      }),
    );

  it('agent: HTTP over the second uplink, and not one packet by another (F1, M10)', async () => {
    await departures.take();
    const { http } = agents({ via: 'b0' });
    expect(await ask(http)).toMatchObject({ peer: '10.2.0.100' });
    expect(await ask(http, { url: `http://[${server6}]:${web.http}/peer` })).toMatchObject({
      peer: '2001:db8:b:1::100',
    });
    http.destroy();
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('agent: HTTPS checks the name, resumes its sessions, and speaks HTTP/1.1', async () => {
    await departures.take();
    const { https } = agents({ via: 'b0/fe80::b:1', maxCachedSessions: 10, keepAlive: false });
    expect(await askSecure(https)).toEqual({
      peer: '10.2.0.100',
      peerPort: expect.any(Number),
      version: '1.1',
      resumed: false,
    });
    await until('a session to be resumed', async () => (await askSecure(https)).resumed);
    expect((await failure(askSecure(https, { name: 'wrong.test' }))).code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect((await failure(askSecure(https, { ca: [] } as object))).code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    https.destroy();
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('agent: a name with two addresses is tried in turn, each over the path (H3)', async () => {
    await departures.take();
    const { http } = agents({ via: 'b0' });
    expect(await ask(http, { url: url('/peer', 'local.test') })).toMatchObject({ peer: '10.2.0.100' });
    expect(await ask(http, { url: url('/peer', 'two.test') })).toMatchObject({ peer: '10.2.0.100' });
    expect(await ask(http, { url: url('/peer', 'six.test') })).toMatchObject({ peer: '2001:db8:b:1::100' });
    const { http: third } = agents({ via: 'wwan0' });
    // No IPv6 there: known before trying.
    expect(await ask(third, { url: url('/peer', 'six.test') })).toMatchObject({ peer: '10.3.0.2' });
    http.destroy();
    third.destroy();
    expect(Object.keys(await departures.take()).sort()).toEqual(['b0', 'wwan0']);
  });

  it('agent: when every address fails the error is of the network, with each attempt', async () => {
    await departures.take();
    const { http } = agents({ via: 'b0' });
    const error = await failure(ask(http, { url: `http://six.test:9/` }));
    expect(error).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect', mif: { code: 'ERR_MIF_CONNECT_FAILED' } });
    expect(error.mif.attempts).toMatchObject([
      { address: server6, interface: 'b0', outcome: 'failed' },
      { address: server4, interface: 'b0', outcome: 'failed' },
    ]);
    expect((await failure(ask(http, { url: url('/peer', 'nowhere.test') }))).code).toBe('ENOTFOUND');
    expect((await failure(ask(http, { url: `http://127.0.0.1:${web.http}/` }))).code).toBe('ERR_MIF_LOOPBACK');
    expect((await failure(ask(http, { socketPath: '/run/mif.sock' }))).code).toBe('ERR_MIF_INVALID_ARG');
    expect((await failure(ask(agents({ via: 'nosuch0' }).http))).code).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    expect(() => agents({ via: undefined as unknown as string })).toThrow(/option via/);
    http.destroy();
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('agent: keeps connections, and has no more of them than it may', async () => {
    const { http } = agents({ via: 'b0', maxSockets: 2 });
    const told = await Promise.all(Array.from({ length: 9 }, () => ask(http)));
    expect(new Set(told.map(({ peerPort }) => peerPort)).size).toBe(2);
    const [first] = told;
    expect(told.map(({ peerPort }) => peerPort)).toContain((await ask(http)).peerPort);
    expect(first!.peer).toBe('10.2.0.100');
    http.destroy();
  });

  it('agent: those who wait for a place get it, also after one that failed', async () => {
    const { http } = agents({ via: 'b0', maxSockets: 1 });
    const refused = Array.from({ length: 3 }, () => failure(ask(http, { url: 'http://server.test:9/' })));
    expect((await Promise.all(refused)).map(({ code }) => code)).toEqual(Array(3).fill('ECONNREFUSED'));
    const { http: total } = agents({ via: 'b0', maxTotalSockets: 1 });
    const answers = await Promise.allSettled([ask(total, { url: 'http://server.test:9/' }), ask(total), ask(total)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    http.destroy();
    total.destroy();
  });

  it('agent: a request that is given up ends its attempt, and no descriptor is left', async () => {
    await lab.exec('inet', 'nft', 'add table inet t');
    await lab.exec('inet', 'nft', 'add chain inet t c { type filter hook input priority 0 ; }');
    await lab.exec('inet', 'nft', 'add rule inet t c tcp dport 7 drop');
    const { http } = agents({ via: 'b0' });
    await ask(http);
    http.destroy();
    const pending = async () =>
      (await lab.exec('host', 'ss', '-H', '-t', '-n', 'state', 'syn-sent')).split('\n').filter(Boolean).length;
    const before = descriptors();
    const requests = Array.from({ length: 5 }, () => get('http://server.test:7/', { agent: http }));
    const errors = requests.map((request) => once(request, 'error'));
    await until('the attempts', async () => (await pending()) === 5);
    for (const request of requests.slice(0, 3)) request.destroy();
    await until('three to end', async () => (await pending()) === 2);
    for (const [error] of await Promise.all(errors.slice(0, 3))) expect(error.code).toBe('ECONNRESET');
    const aborter = new AbortController();
    const aborted = failure(ask(http, { url: 'http://server.test:7/', signal: aborter.signal }));
    await until('another', async () => (await pending()) === 3);
    aborter.abort();
    expect((await aborted).name).toBe('AbortError');
    http.destroy();
    await Promise.all(errors);
    await until('all to end', async () => (await pending()) === 0 && descriptors() <= before);
    expect((await failure(ask(http, { url: 'http://server.test:7/', timeout: 60 }))).code).toBe('ETIMEDOUT');
  });

  describe('when a path dies', () => {
    /** An interface that can be taken away, with a server of its own behind it. */
    async function spare(name: string): Promise<{ target: string; remove(): Promise<string> }> {
      await lab.ipBatch('host', [
        `link add ${name} type veth peer name ${name}p netns ${lab.netns('inet')}`,
        `addr add 192.0.2.2/24 dev ${name}`,
        `link set ${name} up`,
        `route add 198.51.100.80/32 via 192.0.2.1 dev ${name} metric 5000`,
      ]);
      await lab.ipBatch('inet', [`addr add 192.0.2.1/24 dev ${name}p`, `link set ${name}p up`]);
      await until(name, () => [...host.snapshot().interfaces].some((link) => link.name === name && link.running));
      await until('its route', () =>
        [...host.snapshot().routes].some((route) => route.interface === name && route.gateway !== undefined),
      );
      return { target: url(), remove: () => lab.ip('host', `link del ${name}`) };
    }
    const idle = (agent: Agent) => Object.values(agent.freeSockets).flat().length;

    it('agent: its kept connections end, those of other agents stay (F5)', async () => {
      const { remove } = await spare('s0');
      const { http: dying } = agents({ via: 's0' });
      const { http: other } = agents({ via: 'b0' });
      expect((await ask(dying)).peer).toBe('192.0.2.2');
      const { peerPort } = await ask(other);
      expect(idle(dying)).toBe(1);
      const slow = failure(ask(dying, { url: url('/slow') }));
      await until('the request', () => Object.values(dying.sockets).flat().length === 1);
      await departures.take();
      await remove();
      const error = await slow;
      expect(error).toMatchObject({ code: 'ERR_MIF_PATH_LOST', interface: 's0' });
      expect(idle(dying)).toBe(0);
      expect((await failure(ask(dying))).code).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
      expect(await departures.take()).toEqual({});
      expect((await ask(other)).peerPort).toBe(peerPort);
      // The next incarnation is another interface, with other connections.
      const again = await spare('s0');
      expect((await ask(dying)).peer).toBe('192.0.2.2');
      await again.remove();
      dying.destroy();
      other.destroy();
    });

    it('agent: of a list the next one that is up, over a connection of its own', async () => {
      const { remove } = await spare('s1');
      const { http } = agents({ via: ['s1', 'b0'] });
      const first = await ask(http);
      expect(first.peer).toBe('192.0.2.2');
      await departures.take();
      await remove();
      const second = await until('the other network', () => ask(http).catch(() => undefined));
      expect(second.peer).toBe('10.2.0.100');
      expect((await ask(http)).peerPort).toBe(second.peerPort);
      expect(Object.keys(await departures.take())).toEqual(['b0']);
      http.destroy();
    });

    it("agent: with 'drain' what is under way ends as it will, and is not kept", async () => {
      const { http } = agents({ via: 'b0', onPathLost: 'drain' });
      await ask(http);
      const slow = ask(http, { url: url('/slow') });
      await until('the request', () => Object.values(http.sockets).flat().length === 1);
      const second = await Promise.all([ask(http), ask(http)]);
      expect(second.map(({ peer }) => peer)).toEqual(['10.2.0.100', '10.2.0.100']);
      expect(idle(http)).toBe(2);
      // The address goes and comes, faster than the connection notices.
      await lab.ip('host', 'addr del 10.2.0.100/24 dev b0');
      await until('the idle ones to end', () => idle(http) === 0);
      await lab.ipBatch('host', ['addr add 10.2.0.100/24 dev b0', 'route add default via 10.2.0.1 dev b0 metric 200']);
      const { http: helper } = agents({ via: 'a0' });
      await ask(helper, { url: url('/release') });
      expect(await slow).toMatchObject({ peer: '10.2.0.100' });
      expect(idle(http)).toBe(0);
      await until('the route', () =>
        ask(http).then(
          () => true,
          () => false,
        ),
      );
      http.destroy();
      helper.destroy();
    });

    it('agent: a request that waited for a place goes where the path is now', async () => {
      const { remove } = await spare('s2');
      const { http } = agents({ via: ['s2', 'b0'], maxSockets: 1 });
      const first = failure(ask(http, { url: url('/slow') }));
      await until('the request', () => Object.values(http.sockets).flat().length === 1);
      const waiting = ask(http);
      await remove();
      expect((await first).code).toBe('ERR_MIF_PATH_LOST');
      expect((await waiting).peer).toBe('10.2.0.100');
      http.destroy();
    });
  });

  it('agent: via as a path, a selector, a function, with a mark', async () => {
    await departures.take();
    const path = host.select(server4, { via: 'b0' });
    for (const via of [path, { interface: 'b0' }, () => []] as AgentOptions['via'][]) {
      const { http } = agents({ via });
      if (typeof via === 'function') expect((await failure(ask(http))).code).toBe('ERR_MIF_NO_PATH');
      else expect((await ask(http)).peer).toBe('10.2.0.100');
      http.destroy();
    }
    const { http: marked } = agents({ via: { interface: 'b0', mark: 7 } });
    expect((await ask(marked)).peer).toBe('10.2.0.100');
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('agent: what is kept over one network is not used for another one, while both are there (F1)', async () => {
    let wanted = 'a0';
    const { http } = agents({ via: (networks) => networks.filter(({ interface: name }) => name === wanted) });
    const first = await ask(http);
    expect(first.peer).toBe('10.1.0.100');
    wanted = 'b0';
    await departures.take();
    const second = await ask(http);
    expect(second.peer).toBe('10.2.0.100');
    expect(Object.keys(await departures.take())).toEqual(['b0']);
    wanted = 'a0';
    // Both are kept, each for its own.
    expect((await ask(http)).peerPort).toBe(first.peerPort);
    http.destroy();
  });

  it('agent: ws takes it, and nothing leaves by another link', async () => {
    const sockets = await lab.daemon(
      'inet',
      process.execPath,
      ['--input-type=module', '-e', webSocketServer],
      /listening on (\d+)/,
    );
    const [, port] = await sockets.says(/listening on (\d+)/);
    await departures.take();
    const { http } = agents({ via: 'b0' });
    const socket = new WebSocket(`ws://server.test:${port}/`, { agent: http });
    const [message] = await once(socket, 'message');
    expect(String(message)).toBe('::ffff:10.2.0.100');
    socket.close();
    await once(socket, 'close');
    http.destroy();
    expect(Object.keys(await departures.take())).toEqual(['b0']);
  });

  it('agent: two hundred requests leave no descriptor behind', async () => {
    const { http, https } = agents({ via: 'b0', keepAlive: false });
    await ask(http);
    await askSecure(https);
    const before = descriptors();
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 4 === 0 ? askSecure(https) : ask(http))));
    }
    await until('descriptors to close', () => descriptors() <= before);
    http.destroy();
    https.destroy();
  });
});

const webSocketServer = `
  import { createRequire } from 'node:module';
  const { WebSocketServer } = createRequire(${JSON.stringify(import.meta.filename)})('ws');
  const server = new WebSocketServer({ port: 0, host: '::' }, () => console.log('listening on ' + server.address().port));
  server.on('connection', (socket, request) => socket.send(request.socket.remoteAddress));`;
