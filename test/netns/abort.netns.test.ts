// SPDX-License-Identifier: MIT
// Giving up, at every stage that a connection or a request goes through, by every call that takes a signal: it ends with the
// signal's reason, or as its library tells it, and leaves no descriptor behind.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { get, type RequestOptions } from 'node:http';
import { get as getSecurely } from 'node:https';
import type { AddressInfo, LookupFunction, Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { connect, createAgent, createDispatcher, createUdpSocket, listen, openSession } from '../../lib/mif/mif.ts';
import { Lab, type WebServer } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const times = 20;
const via = 'b0';

const descriptors = () => readdirSync('/proc/self/fd').length;

/** Where each stage is entered and not left. */
interface Stage {
  /** The name is asked of a resolver that never answers. */
  readonly lookup: { readonly host: string; readonly port: number; readonly lookup: LookupFunction };
  /** No packet comes back. */
  readonly silence: { readonly host: string; readonly port: number };
  /** Somebody accepts and says nothing, a TLS server least of all. */
  readonly mute: { readonly host: string; readonly port: number };
}

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
)('abort', () => {
  let lab: Lab;
  let host: Host;
  let far: Host;
  let web: WebServer;
  let stages: Stage;
  const asked: unknown[] = [];
  const servers: Server[] = [];

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    web = await lab.webServer('inet');
    // Sources that are opened when domains are first looked at would count as left behind.
    host = await openHost({ netns: lab.netns('host'), sources: 'kernel' });
    far = await openHost({ netns: lab.netns('inet') });
    await lab.exec('inet', 'nft', 'add table inet t');
    await lab.exec('inet', 'nft', 'add chain inet t c { type filter hook input priority 0 ; }');
    await lab.exec('inet', 'nft', 'add rule inet t c tcp dport 7 drop');
    const mute = await listen({ host: far, port: 0 });
    mute.on('connection', (socket) => socket.on('error', () => {}).resume());
    servers.push(mute);
    // Keeps what it is to call, as every resolver does: else nothing keeps a fetch, and Node collects it with its signal.
    const lookup: LookupFunction = (...question) => void asked.push(question);
    stages = {
      lookup: { host: 'never.test', port: web.http, lookup },
      silence: { host: server4, port: 7 },
      mute: { host: server4, port: (mute.address() as AddressInfo).port },
    };
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await host?.close();
    await far?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  type Attempt = (signal: AbortSignal) => Promise<unknown>;

  /** Through an agent, as Node's client tells it. */
  const request =
    (target: RequestOptions & { path?: string }, secure = false): Attempt =>
    async (signal) => {
      const agents = createAgent({ host, via });
      const agent = secure ? agents.https : agents.http;
      try {
        const [response] = await once((secure ? getSecurely : get)({ ...target, agent, signal }), 'response');
        for await (const _ of response);
      } finally {
        agents.http.destroy();
        agents.https.destroy();
      }
    };
  const fetching =
    (url: () => string, options: Partial<Parameters<typeof createDispatcher>[0]> = {}): Attempt =>
    async (signal) => {
      const dispatcher = createDispatcher({ host, via, ...options });
      try {
        const response = await fetch(url(), { signal, dispatcher } as RequestInit);
        await response.text();
      } finally {
        await dispatcher.destroy();
      }
    };

  const rows: [call: string, stage: string, attempt: () => Attempt][] = [
    ['connect', 'connecting', () => (signal) => connect(stages.silence, { host, via, signal })],
    ['connect, without via', 'connecting', () => (signal) => connect(stages.silence, { host, signal })],
    ['connect, tls', 'connecting', () => (signal) => connect(stages.silence, { host, via, signal, tls: true })],
    ['connect, tls', 'the handshake', () => (signal) => connect(stages.mute, { host, via, signal, tls: true })],
    ['an agent', 'the lookup', () => request(stages.lookup)],
    ['an agent', 'connecting', () => request(stages.silence)],
    ['an agent, https', 'the handshake', () => request(stages.mute, true)],
    ['an agent', 'the answer', () => request({ host: server4, port: web.http, path: '/slow' })],
    ['fetch', 'the lookup', () => fetching(() => `http://never.test:${web.http}/`, { lookup: stages.lookup.lookup })],
    ['fetch', 'connecting', () => fetching(() => `http://${server4}:7777/`)],
    ['fetch, https', 'the handshake', () => fetching(() => `https://${server4}:${stages.mute.port}/`)],
    ['fetch', 'the answer', () => fetching(() => `http://${server4}:${web.http}/slow`)],
  ];
  it.each(rows)('abort: %s, during %s, many at once, and no descriptor is left', async (_, stage, attempt) => {
    if (stage === 'connecting') await lab.exec('inet', 'nft', 'add rule inet t c tcp dport 7777 drop');
    const before = descriptors();
    const { length } = asked;
    const aborter = new AbortController();
    const attempts = Array.from({ length: times }, () => attempt()(aborter.signal).then(() => 'done', String));
    if (stage === 'the lookup') await until('the questions', () => asked.length === length + times);
    else await until('their sockets', () => descriptors() >= before + times);
    // Long enough to be in the stage, not before it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    aborter.abort();
    const ends = await Promise.all(attempts);
    expect(new Set(ends.map((end) => /Abort/.test(end)))).toEqual(new Set([true]));
    await until('descriptors to close', () => descriptors() <= before);
  });

  it('abort: a signal that is aborted already makes nothing, and its reason is told', async () => {
    const before = descriptors();
    const reason = new Error('not wanted');
    const signal = AbortSignal.abort(reason);
    for (const call of [
      () => connect(stages.mute, { host, via, signal }),
      () => connect(stages.mute, { host, via, signal, tls: true }),
      () => createUdpSocket({ host, type: 'udp4', via, signal }),
      () => createUdpSocket({ host, type: 'udp4', via, signal, packetInfo: true }),
      () => listen({ host, port: 0, via, signal }),
      () => openHost({ netns: lab.netns('host'), signal }),
      () => host.when('b0', { signal }),
    ] as (() => Promise<unknown>)[]) {
      await expect(call()).rejects.toBe(reason);
    }
    expect(descriptors()).toBe(before);
  });

  it('abort: afterwards it is of no use to a connection, and it closes a server or UDP socket that was made with it', async () => {
    const before = descriptors();
    const aborter = new AbortController();
    const { signal } = aborter;
    const socket = await connect(stages.mute, { host, via, signal });
    const server = await listen({ host, port: 0, via, signal });
    const datagrams = await createUdpSocket({ host, type: 'udp4', via, signal, packetInfo: true });
    aborter.abort();
    await until('the ends', () => !server.listening && datagrams.closed);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
    await until('descriptors to close', () => descriptors() <= before);
  });

  it('abort: a session that is closed gives up what connects, and closes what nobody took (MIF-12)', async () => {
    const before = descriptors();
    const session = await openSession({ host });
    const pvd = host
      .snapshot()
      .pvds.find(({ interfaces, providers }) => interfaces[0] === via && providers[0] !== 'link-local')!;
    for (let n = 0; n < times; n++) {
      const port = n % 2 === 0 ? 7 : stages.mute.port;
      session.post({ type: 'connect-to-address', address: server4, port, pvd: pvd.handle, connectionId: `c${n}` });
    }
    await until('half of them', () => descriptors() >= before + times);
    await session.close();
    await until('descriptors to close', () => descriptors() <= before);
  });
});
