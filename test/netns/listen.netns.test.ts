// SPDX-License-Identifier: MIT
// Servers that are held to a path: who reaches them, who does not, and what ends them.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect as connectPlainly, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isMifError } from '../../lib/binding/mif-error.ts';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { connect, type ListenOptions, listen } from '../../lib/mif/mif.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const fanOut = fileURLToPath(new URL('program/fan-out.mjs', import.meta.url));
const descriptors = () => readdirSync('/proc/self/fd').length;
const ofA = '10.1.0.100';
const ofB = '10.2.0.100';
const ofA6 = '2001:db8:a:1::100';
const ofB6 = '2001:db8:b:1::100';

requires(
  'root',
  'ip',
  'nsenter',
)('listen', () => {
  let lab: Lab;
  let host: Host;
  let far: Host;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    host = await openHost({ netns: lab.netns('host'), sources: 'kernel' });
    far = await openHost({ netns: lab.netns('inet') });
  });
  afterAll(async () => {
    await host?.close();
    await far?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  /** A server that says from where and to where each connection is. */
  async function serve(options: Partial<ListenOptions> = {}): Promise<Server & { port: number; served: Socket[] }> {
    const server = await listen({ host, port: 0, ...options });
    const served: Socket[] = [];
    server.on('connection', (socket) => {
      served.push(socket);
      socket.on('error', () => {});
      socket.end(`${socket.localAddress} ${socket.remoteAddress}`);
    });
    const { port } = server.address() as { port: number };
    return Object.assign(server, { port, served });
  }

  /** What is said to a connection from the far side; the code of the error when it fails. */
  async function said(address: string, port: number, options: { via?: string } = {}): Promise<string> {
    try {
      const socket = await connect({ address, port }, { host: far, timeout: 1000, ...options });
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      await once(socket, 'close');
      return text === '' ? 'nothing' : text;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code!;
    }
  }

  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.unreachable('it listens'),
      // biome-ignore lint/suspicious/noExplicitAny: whatever an error carries.
      (error: any) => error,
    );

  it('listen: of an interface, all its addresses of both families reach it, and no others (F1)', async () => {
    const server = await serve({ via: 'b0' });
    expect(await said(ofB, server.port)).toMatch(new RegExp(`^::ffff:${ofB} `));
    expect(await said(ofB6, server.port)).toMatch(new RegExp(`^${ofB6} `));
    for (const address of [ofA, ofA6]) expect(await said(address, server.port)).toBe('ECONNREFUSED');
    const listening = await lab.exec('host', 'ss', '-H', '-t', '-l', '-n');
    expect(listening).toContain(`*%b0:${server.port}`);
    // Its connections are held to the interface too.
    server.removeAllListeners('connection');
    const accepted = once(server, 'connection');
    const client = await connect({ address: ofB, port: server.port }, { host: far });
    const [socket] = await accepted;
    expect(await lab.exec('host', 'ss', '-H', '-t', '-n', 'state', 'established')).toMatch(
      new RegExp(`%b0:${server.port}\\b`),
    );
    socket.destroy();
    client.destroy();
    server.close();
    await once(server, 'close');
  });

  it('listen: follows addresses that come and go', async () => {
    const server = await serve({ via: 'b0' });
    await lab.ip('inet', 'route add 10.2.8.0/24 via 100.64.2.2');
    await lab.ip('rb', 'addr add 10.2.8.1/24 dev lan');
    await lab.ip('host', 'addr add 10.2.8.100/24 dev b0');
    expect(await said('10.2.8.100', server.port)).toMatch(/^::ffff:10\.2\.8\.100 /);
    await lab.ip('host', 'addr del 10.2.8.100/24 dev b0');
    expect(await said('10.2.8.100', server.port)).not.toMatch(/10\.2\.8\.100/);
    await lab.ip('rb', 'addr del 10.2.8.1/24 dev lan');
    server.close();
  });

  it('listen: of a domain, the addresses that it has at the time reach it, others of the interface do not (PVD-37)', async () => {
    await lab.ip('inet', 'route add 10.2.9.0/24 via 100.64.2.2');
    // Its gateway never answers, or its neighbour entry would tell that both are one router.
    await lab.ip('rb', 'route add 10.2.9.0/24 dev lan');
    await lab.ipBatch('host', ['addr add 10.2.9.100/24 dev b0', 'route add default via 10.2.9.1 dev b0 metric 900']);
    const hasOther = () => host.snapshot().pvds.some(({ id }) => id === 'b0/10.2.9.1');
    await until('the other domain', hasOther);
    const server = await serve({ via: 'b0/fe80::b:1' });
    const other = await serve({ via: 'b0/10.2.9.1' });
    expect(await said(ofB, server.port)).toContain(ofB);
    expect(await said(ofB6, server.port)).toContain(ofB6);
    // Reset before anybody is told.
    expect(await said('10.2.9.100', server.port)).toMatch(/^(ECONNRESET|nothing)$/);
    expect(server.served).toHaveLength(2);
    expect(await said('10.2.9.100', other.port)).toContain('10.2.9.100');
    // Which are its addresses is asked for each connection.
    await lab.ip('host', 'addr add 10.2.9.101/24 dev b0');
    await until('the address', () =>
      host
        .snapshot()
        .pvds.some(
          ({ id, addresses }) => id === 'b0/10.2.9.1' && addresses.some(({ address }) => address === '10.2.9.101'),
        ),
    );
    expect(await said('10.2.9.101', other.port)).toContain('10.2.9.101');
    expect(await said('10.2.9.101', server.port)).toMatch(/^(ECONNRESET|nothing)$/);
    await lab.ip('host', 'addr del 10.2.9.101/24 dev b0');
    await lab.ipBatch('host', ['route del default via 10.2.9.1 dev b0', 'addr del 10.2.9.100/24 dev b0']);
    await until('the domain to go', () => !hasOther());
    server.close();
    other.close();
  });

  it('listen: of a path, the source that it has reaches it, and no other address of its network', async () => {
    const path = host.select('198.51.100.80', { via: 'b0' });
    expect(path.source).toBe(ofB);
    const server = await serve({ via: path });
    expect(await said(ofB, server.port)).toContain(ofB);
    expect(await said(ofB6, server.port)).toMatch(/^(ECONNRESET|nothing)$/);
    expect(server.served).toHaveLength(1);
    server.close();
  });

  it.each([
    ['one address', { via: 'b0', address: ofB }, [ofB], [ofB6]],
    ['one family', { via: 'b0', ipv6Only: true }, [ofB6], [ofB]],
    ['the other family', { via: 'b0', address: '0.0.0.0' }, [ofB], [ofB6]],
    ['everything', {}, [ofA, ofB, ofA6, ofB6], []],
  ] as [string, Partial<ListenOptions>, string[], string[]][])(
    'listen: on %s',
    async (_, options, reached, refused) => {
      const server = await serve(options);
      for (const address of reached) expect(await said(address, server.port)).toContain(address);
      for (const address of refused) expect(await said(address, server.port)).toBe('ECONNREFUSED');
      server.close();
    },
  );

  it('listen: a port serves one server of each interface', async () => {
    const onA = await serve({ via: 'a0', port: 4760 });
    const onB = await serve({ via: 'b0', port: 4760 });
    expect(await failure(listen({ host, via: 'b0', port: 4760 }))).toMatchObject({
      code: 'ERR_MIF_BIND_FAILED',
      errno: 98,
    });
    expect(await said(ofA, 4760)).toContain(ofA);
    expect(await said(ofB, 4760)).toContain(ofB);
    expect([onA.served.length, onB.served.length]).toEqual([1, 1]);
    onA.close();
    onB.close();
  });

  it('listen: with reusePort several share the port and its connections', async () => {
    const servers = await Promise.all([0, 1, 2].map(() => serve({ via: 'b0', port: 4761, reusePort: true })));
    for (let n = 0; n < 60; n++) await said(ofB, 4761);
    const counts = servers.map(({ served }) => served.length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(60);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(1);
    for (const server of servers) server.close();
  });

  it.each(['cluster', 'threads'])(
    'listen: with reusePort the %s of a program share a port, each with a socket of its own (H4, trap 6)',
    async (mode) => {
      const program = await lab.daemon('host', process.execPath, [fanOut, mode, '3', '4762'], /all listen/);
      const servers = new Set<string>();
      for (let n = 0; n < 60; n++) servers.add(await said(ofB, 4762));
      expect([...servers].filter((name) => !/^server [012]$/.test(name))).toEqual([]);
      expect(servers.size).toBeGreaterThan(1);
      expect(await said(ofA, 4762)).toBe('ECONNREFUSED');
      await program.stop();
    },
  );

  it('listen: ends with its interface, and its connections with it (F5)', async () => {
    const before = descriptors();
    await lab.ipBatch('host', [
      `link add l0 type veth peer name l1 netns ${lab.netns('rc')}`,
      'addr add 192.0.2.1/24 dev l0',
      'link set l0 up',
    ]);
    await lab.ipBatch('rc', ['addr add 192.0.2.9/24 dev l1', 'link set l1 up']);
    await until('l0', () => [...host.snapshot().interfaces].some(({ name, running }) => name === 'l0' && running));
    const near = await openHost({ netns: lab.netns('rc') });
    const server = await listen({ host, via: 'l0', port: 0 });
    const { port } = server.address() as { port: number };
    const accepted = once(server, 'connection');
    const client = await connect({ address: '192.0.2.1', port }, { host: near });
    client.on('error', () => {});
    const [socket] = (await accepted) as [Socket];
    const lost = expect.objectContaining({ code: 'ERR_MIF_PATH_LOST', interface: 'l0' });
    const told = Promise.all([once(server, 'error'), once(socket, 'error')]);
    const closed = new Promise((resolve) => server.on('close', resolve));
    await lab.ip('host', 'link del l0');
    expect(await told).toEqual([[lost], [lost]]);
    await closed;
    expect(server.listening).toBe(false);
    client.destroy();
    await near.close();
    await until('descriptors to close', () => descriptors() <= before);
  });

  it('listen: the loopback interface serves this host, held or not (F6)', async () => {
    const own = await openHost();
    const server = await listen({ host: own, via: 'lo', port: 0 });
    const { port } = server.address() as { port: number };
    const accepted = once(server, 'connection');
    const client = connectPlainly({ host: '127.0.0.1', port });
    const [socket] = await accepted;
    socket.destroy();
    client.destroy();
    server.close();
    await own.close();
  });

  it('listen: aborts before and after, leaves no descriptor', async () => {
    const before = descriptors();
    const reason = new Error('no longer wanted');
    expect(await failure(listen({ host, port: 0, signal: AbortSignal.abort(reason) }))).toBe(reason);
    const early = new AbortController();
    const pending = failure(listen({ host, via: 'b0', port: 0, signal: early.signal }));
    early.abort(reason);
    expect(await pending).toBe(reason);
    const late = new AbortController();
    const server = await listen({ host, via: 'b0', port: 0, signal: late.signal });
    const closed = once(server, 'close');
    late.abort(reason);
    await closed;
    await until('descriptors to close', () => descriptors() === before);
  });

  it.each([
    ['port', { port: 65_536 }, 'ERR_MIF_INVALID_ARG'],
    ['port', { port: '80' }, 'ERR_MIF_INVALID_ARG'],
    ['backlog', { backlog: 0 }, 'ERR_MIF_INVALID_ARG'],
    ['vai', { vai: 'b0' }, 'ERR_MIF_INVALID_ARG'],
    ['via', { via: 'wlan9' }, 'ERR_MIF_INTERFACE_NOT_FOUND'],
    ['address', { address: 'localhost' }, 'ERR_MIF_UNSUPPORTED'],
    ['address', { address: 'fe80::1%b0' }, 'ERR_MIF_INVALID_ARG'],
    ['address of another interface (F7)', { via: 'b0', address: ofA }, 'ERR_MIF_NO_ADDRESS'],
  ])('listen: a wrong %s is refused, and nothing stays open: %j', async (_, options, code) => {
    const before = descriptors();
    const error = await failure(listen({ host, port: 0, ...options } as ListenOptions));
    expect(isMifError(error) && error.code).toBe(code);
    expect(descriptors()).toBe(before);
  });
});
