// SPDX-License-Identifier: MIT
// Connecting over one path on real kernels: that it goes there and nowhere else, and what it says when it cannot.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMifError } from '../../lib/binding/mif-error.ts';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import type { ConnectOptions } from '../../lib/mif/mif.ts';
import { connect, createBoundSocket } from '../../lib/mif/mif.ts';
import type { ConnectTarget } from '../../lib/socket/endpoint.ts';
import { pathOf } from '../../lib/socket/socket-path.ts';
import { type EchoServer, Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
  'python3',
)('connect', () => {
  let lab: Lab;
  let host: Host;
  let server: EchoServer;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    server = await lab.echoServer('inet');
    host = await openHost({ netns: lab.netns('host') });
    // Where nothing answers, and where something refuses in silence.
    await lab.exec('inet', 'nft', 'add table inet t');
    await lab.exec('inet', 'nft', 'add chain inet t c { type filter hook input priority 0 ; }');
    await lab.exec('inet', 'nft', 'add rule inet t c tcp dport 7 drop');
  });
  afterAll(async () => {
    host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const to = (address: string, port = server.port): ConnectTarget => ({ address, port });
  const reach = (target: ConnectTarget, options: ConnectOptions = {}) => connect(target, { host, ...options });

  /** What the server saw of a socket, and that it carries bytes both ways. */
  async function converse(socket: Socket): Promise<{ peer: string; local: string }> {
    socket.setEncoding('utf8');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write('ping');
    await until('the echo', () => text.endsWith('}\nping'));
    socket.destroy();
    await once(socket, 'close');
    return JSON.parse(text.split('\n')[0]!);
  }

  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.unreachable('connected'),
      // biome-ignore lint/suspicious/noExplicitAny: whatever an error carries.
      (error: any) => error,
    );

  const refusal = async (target: ConnectTarget, options: ConnectOptions, code: string) => {
    const started = performance.now();
    const error = await failure(reach(target, options));
    expect(error.code, error.message).toBe(code);
    expect(isMifError(error)).toBe(true);
    // Known before a packet leaves: nobody waits for the kernel to give up.
    expect(performance.now() - started).toBeLessThan(1_000);
    return error;
  };

  describe('the path', () => {
    const rows: [title: string, via: string, address: string, source: string][] = [
      ['the first uplink by name', 'a0', server4, '10.1.0.100'],
      ['the second uplink by name, though its route is worse (F1)', 'b0', server4, '10.2.0.100'],
      ['a point-to-point uplink by name', 'wwan0', server4, '10.3.0.2'],
      ['the second uplink with IPv6', 'b0', server6, '2001:db8:b:1::100'],
      ['a domain by id', 'b0/fe80::b:1', server4, '10.2.0.100'],
      ['a domain by the name of another of its routers', 'b0/10.2.0.1', server6, '2001:db8:b:1::100'],
      ['a domain without router', 'wwan0/static', server4, '10.3.0.2'],
    ];
    it.each(rows)('connect: over %s', async (_, via, address, source) => {
      const socket = await reach(to(address), { via });
      expect([socket.connecting, socket.localAddress, socket.remoteAddress]).toEqual([false, source, address]);
      expect(await converse(socket)).toMatchObject({ peer: source, local: address });
    });

    it('connect: over an interface by index and by id, over a domain by handle (PVD-28)', async () => {
      const { handle } = host.snapshot().pvds.find(({ id }) => id === 'b0/fe80::b:1')!;
      for (const via of [12, 'if:12.1', handle]) {
        expect(await converse(await reach(to(server4), { via }))).toMatchObject({ peer: '10.2.0.100' });
      }
    });

    it('connect: without via as the system chooses, also in another namespace', async () => {
      expect(await converse(await reach(`${server4}:${server.port}`))).toMatchObject({ peer: '10.1.0.100' });
      expect(await converse(await reach(`[${server6}]:${server.port}`))).toMatchObject({ peer: '2001:db8:a:1::100' });
    });

    it('connect: of a list the first that can', async () => {
      const via = ['nosuch0', 'a0/fe80::9', 'b0', 'a0'];
      expect(await converse(await reach(to(server4), { via }))).toMatchObject({ peer: '10.2.0.100' });
      const error = await refusal(to(server4), { via: via.slice(0, 2) }, 'ERR_MIF_NO_PATH');
      expect(error.message).toMatch(/nosuch0.*a0\/fe80::9/s);
    });

    it('connect: packets leave by its interface and no other (M10)', async () => {
      const sent = async (device: string) =>
        (await lab.json('host', `-s link show dev ${device}`))[0]!['stats64'].tx.bytes;
      const before = [await sent('a0'), await sent('b0')];
      const socket = await reach(to(server4), { via: 'b0' });
      socket.resume();
      await new Promise<void>((resolve) => socket.write(Buffer.alloc(100_000), () => resolve()));
      await until('the bytes to leave', async () => (await sent('b0')) - before[1]! > 100_000);
      expect((await sent('a0')) - before[0]!).toBeLessThan(5_000);
      socket.destroy();
    });

    it('connect: over a domain from an address of its own, whatever the kernel would choose (PVD-37, F7)', async () => {
      await lab.ipBatch('inet', ['route add 10.2.9.0/24 via 100.64.2.2']);
      await lab.ipBatch('rb', ['addr add 10.2.9.1/24 dev lan']);
      await lab.ipBatch('host', ['addr add 10.2.9.100/24 dev b0', 'route add default via 10.2.9.1 dev b0 metric 900']);
      await until('the domain', () => host.snapshot().pvds.some(({ id }) => id === 'b0/10.2.9.1'));
      expect(await converse(await reach(to(server4), { via: 'b0/10.2.9.1' }))).toMatchObject({ peer: '10.2.9.100' });
      expect(await converse(await reach(to(server4), { via: 'b0/fe80::b:1' }))).toMatchObject({ peer: '10.2.0.100' });
      await lab.ipBatch('host', ['route del default via 10.2.9.1 dev b0', 'addr del 10.2.9.100/24 dev b0']);
      await until('the domain to go', () => !host.snapshot().pvds.some(({ id }) => id === 'b0/10.2.9.1'));
    });

    it('connect: to a link-local address over the interface of its zone, or over via (F8, SAS-39)', async () => {
      const router = await lab.echoServer('rb');
      for (const [target, via] of [
        [`[fe80::b:1%b0]:${router.port}`, undefined],
        [`[fe80::b:1%12]:${router.port}`, undefined],
        [`[fe80::b:1]:${router.port}`, 'b0'],
        [`[fe80::b:1]:${router.port}`, 'b0/link-local'],
      ] as const) {
        expect((await converse(await reach(target, { via }))).peer).toMatch(/^fe80::/);
      }
      await refusal(`[fe80::b:1]:${router.port}`, {}, 'ERR_MIF_SCOPE_REQUIRED');
      await refusal(`[fe80::b:1%a0]:${router.port}`, { via: 'b0' }, 'ERR_MIF_INVALID_ARG');
    });

    it('connect: to a link-local address without zone where only one link can be meant (SAS-39)', async () => {
      await using one = await Lab.up('single');
      const router = await one.echoServer('ra');
      await using only = await openHost({ netns: one.netns('host') });
      const socket = await connect(`[fe80::a:1]:${router.port}`, { host: only });
      expect((await converse(socket)).peer).toMatch(/^fe80::/);
    });

    it('connect: to an address of the very interface', async () => {
      const own = await lab.echoServer('host');
      expect(await converse(await reach(to('10.2.0.100', own.port), { via: 'b0' }))).toMatchObject({
        peer: '10.2.0.100',
      });
    });

    it('connect: to an address that two interfaces have, over the one whose local route the kernel finds first', async () => {
      const own = await lab.echoServer('host');
      await lab.ipBatch('host', ['addr add 10.99.0.1/32 dev a0', 'addr add 10.99.0.1/32 dev b0']);
      const count = () => [...host.snapshot().addresses].filter(({ address }) => address === '10.99.0.1').length;
      await until('both', () => count() === 2);
      expect(host.select('10.99.0.1', { via: 'a0' })).toMatchObject({ interface: 'lo', type: 'local' });
      expect((await converse(await reach(to('10.99.0.1', own.port), { via: 'a0' }))).local).toBe('10.99.0.1');
      // The kernel would send, and deliver the answer to sockets of a0.
      for (const via of ['b0', 'wwan0']) await refusal(to('10.99.0.1', own.port), { via }, 'ERR_MIF_LOOPBACK');
      await lab.ipBatch('host', ['addr del 10.99.0.1/32 dev a0', 'addr del 10.99.0.1/32 dev b0']);
    });
  });

  describe('what is known to fail', () => {
    it('connect: an interface or domain that does not exist, with those that do', async () => {
      expect((await refusal(to(server4), { via: 'wlan9' }, 'ERR_MIF_INTERFACE_NOT_FOUND')).message).toMatch(
        /"wlan9".*a0, b0, wwan0/,
      );
      await refusal(to(server4), { via: 99 }, 'ERR_MIF_INTERFACE_NOT_FOUND');
      await refusal(to(server4), { via: 'if:12.2' }, 'ERR_MIF_INTERFACE_NOT_FOUND');
      expect((await refusal(to(server4), { via: 'b0/10.9.9.9' }, 'ERR_MIF_UNKNOWN_ID')).message).toContain(
        'b0/fe80::b:1',
      );
      await refusal(to(server4), { via: 'pvd:999999' }, 'ERR_MIF_UNKNOWN_ID');
    });

    it('connect: a destination on loopback, or the own address of another interface (F6)', async () => {
      await refusal(to('127.0.0.1'), { via: 'b0' }, 'ERR_MIF_LOOPBACK');
      await refusal(to('::1'), { via: 'b0' }, 'ERR_MIF_LOOPBACK');
      await refusal(to('10.1.0.100'), { via: 'b0' }, 'ERR_MIF_LOOPBACK');
    });

    it('connect: an interface without a route there, before the first packet (F3, X8)', async () => {
      await lab.ipBatch('host', [
        'link add x0 type veth peer name x1',
        'link set x0 up',
        'link set x1 up',
        'addr add 192.0.2.1/24 dev x0',
      ]);
      await until('x0', () => host.snapshot().pvds.some(({ id }) => id === 'x0/static'));
      const error = await refusal(to(server4), { via: 'x0' }, 'ERR_MIF_NO_ROUTE');
      expect(error).toMatchObject({ interface: 'x0', destination: server4 });
      await refusal(to(server6), { via: 'x0' }, 'ERR_MIF_NO_ADDRESS');
      await refusal(to(server6), { via: 'x0/static' }, 'ERR_MIF_NO_ADDRESS');
      await lab.ip('host', 'route add 198.51.100.0/24 via 192.0.2.9 table 77');
      await until('the route', () => host.snapshot().routes.where({ table: 77 }).length > 0);
      // Now there is one, and only the kernel can find out that nobody is there.
      expect((await failure(reach(to(server4), { via: 'x0', timeout: 50 }))).code).toBe('ETIMEDOUT');
      await lab.ip('host', 'link set x1 down');
      await until('no carrier', () =>
        [...host.snapshot().interfaces].some(({ name, running }) => name === 'x0' && !running),
      );
      await refusal(to(server4), { via: 'x0' }, 'ERR_MIF_NO_CARRIER');
      await lab.ip('host', 'link set x0 down');
      await until('down', () => [...host.snapshot().interfaces].some(({ name, adminUp }) => name === 'x0' && !adminUp));
      await refusal(to(server4), { via: 'x0' }, 'ERR_MIF_INTERFACE_DOWN');
      await lab.ip('host', 'link del x0');
    });

    it('connect: what is not an address and a port, a name that nobody can be asked for, wrong options', async () => {
      await refusal('example.com:80', { via: 'a0' }, 'ERR_MIF_DNS_NO_SERVERS');
      await refusal('198.51.100.80', { via: 'a0' }, 'ERR_MIF_INVALID_ARG');
      await refusal(to(server4), { multipath: 'yes' } as unknown as ConnectOptions, 'ERR_MIF_INVALID_ARG');
      await refusal(to(server4), { strict: 1 } as unknown as ConnectOptions, 'ERR_MIF_INVALID_ARG');
      await refusal(to(server4), { timeout: -1 }, 'ERR_MIF_INVALID_ARG');
      await refusal(to(server4), { via: { interfaces: 'a0' } as unknown as string }, 'ERR_MIF_INVALID_ARG');
      await refusal(to(server4), { via: [] }, 'ERR_MIF_INVALID_ARG');
    });
  });

  describe('what is asked beside the path', () => {
    it('connect: pathOf tells interface, domain and source of its socket, and nothing of another (PVD-39)', async () => {
      const socket = await reach(to(server4), { via: 'b0/fe80::b:1' });
      const path = { interface: 'b0', index: 12, pvd: 'b0/fe80::b:1', source: '10.2.0.100', strict: true };
      expect(pathOf(socket)).toEqual(path);
      await converse(socket);
      expect(pathOf(socket)).toEqual({ ...path, source: null });
      expect(pathOf(new Socket())).toBeUndefined();
    });

    it.each([
      ['no such interface', 'nosuch0', server4],
      ['no route there', 'wwan0', server6],
      ['none of a list', ['nosuch0', 'a0/fe80::9'], server4],
    ])(
      'connect: strict: false leaves the way to the system where via has none, and says so: %s',
      async (_, via, address) => {
        const target = to(address);
        const error = await failure(reach(target, { via }));
        expect(isMifError(error), String(error)).toBe(true);
        const socket = await reach(target, { via, strict: false });
        expect(pathOf(socket)).toMatchObject({ interface: undefined, strict: false });
        expect(['10.1.0.100', '2001:db8:a:1::100']).toContain((await converse(socket)).peer);
      },
    );

    it('connect: strict: false keeps to via where it can, and a refusal of the peer is final', async () => {
      const socket = await reach(to(server4), { via: 'b0', strict: false });
      expect(pathOf(socket)).toMatchObject({ interface: 'b0', strict: true });
      expect((await converse(socket)).peer).toBe('10.2.0.100');
      const error = await failure(reach({ address: server4, port: 1 }, { via: 'b0', strict: false }));
      expect(error).toMatchObject({ code: 'ECONNREFUSED', mif: { interface: 'b0' } });
    });

    it('connect: a mark is on every packet, also with several sources', async () => {
      // Not late acknowledgements of connections before, which are the kernel's own (trap F15).
      const ours = 'tcp flags & (syn | psh | fin) != 0';
      const rules = [
        'add table inet marks',
        'add chain inet marks out { type filter hook output priority 0 ; }',
        `add rule inet marks out ip daddr ${server4} ${ours} meta mark 7 counter`,
        `add rule inet marks out ip daddr ${server4} ${ours} meta mark != 7 counter`,
      ];
      await lab.exec('host', 'nft', '-f', lab.write('marks.nft', `${rules.join('\n')}\n`));
      expect((await converse(await reach(to(server4), { via: { interface: 'b0', mark: 7 } }))).peer).toBe('10.2.0.100');
      const { nftables } = JSON.parse(await lab.exec('host', 'nft', '-j', 'list', 'table', 'inet', 'marks'));
      type Rule = { rule?: { expr: { counter?: { packets: number } }[] } };
      const packets = (nftables as Rule[])
        .flatMap(({ rule }) => rule?.expr ?? [])
        .flatMap(({ counter }) => (counter === undefined ? [] : [counter.packets]));
      await lab.exec('host', 'nft', 'delete', 'table', 'inet', 'marks');
      expect(packets[0]).toBeGreaterThanOrEqual(3);
      expect(packets[1]).toBe(0);
    });

    it('connect: multipath speaks MPTCP with a peer that does, over its interface (RFC 8684)', async () => {
      const program = fileURLToPath(new URL('../lab/mptcp-server.py', import.meta.url));
      const { output } = await lab.daemon('inet', 'python3', [program], /listening on port \d+/);
      const port = Number(/port (\d+)/.exec(output)![1]);
      const socket = await reach({ address: server4, port }, { via: 'b0', multipath: true });
      const [told] = await once(socket, 'data');
      expect(String(told)).toBe('MPTCP from 10.2.0.100');
      socket.destroy();
      // With one that does not, it is TCP.
      expect((await converse(await reach(to(server4), { via: 'b0', multipath: true }))).peer).toBe('10.2.0.100');
    });
  });

  describe('what the network says', () => {
    it('connect: a refusal keeps its own code and form, and tells the path', async () => {
      const error = await failure(reach(to(server4, 9), { via: 'b0/fe80::b:1' }));
      expect(error).toMatchObject({
        code: 'ECONNREFUSED',
        errno: -111,
        syscall: 'connect',
        address: server4,
        port: 9,
        message: `connect ECONNREFUSED ${server4}:9`,
        mif: {
          code: 'ERR_MIF_CONNECT_FAILED',
          interface: 'b0',
          pvd: 'b0/fe80::b:1',
          destination: `${server4}:9`,
        },
      });
      expect(isMifError(error)).toBe(false);
      expect(isMifError(error.mif)).toBe(true);
    });

    it('connect: silence ends with the time or the signal, and leaves no socket', async () => {
      const sockets = async () =>
        (await lab.exec('host', 'ss', '-H', '-t', '-n', 'state', 'syn-sent')).split('\n').filter(Boolean).length;
      const error = await failure(reach(to(server4, 7), { via: 'a0', timeout: 60 }));
      expect(error).toMatchObject({ code: 'ETIMEDOUT', syscall: 'connect', mif: { interface: 'a0' } });
      const aborter = new AbortController();
      const pending = failure(reach(to(server4, 7), { via: 'a0', signal: aborter.signal }));
      await until('the attempt', async () => (await sockets()) === 1);
      const reason = new Error('no longer wanted');
      aborter.abort(reason);
      expect(await pending).toBe(reason);
      await until('no socket', async () => (await sockets()) === 0);
      await expect(reach(to(server4), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('connect: an interface that vanishes meanwhile ends the attempt (F5)', async () => {
      await lab.ipBatch('host', [
        'link add y0 type veth peer name y1',
        'link set y0 up',
        'link set y1 up',
        'addr add 192.0.2.1/24 dev y0',
      ]);
      await until('y0', () => host.snapshot().pvds.some(({ id }) => id === 'y0/static'));
      const pending = failure(reach(to('192.0.2.9', 80), { via: 'y0' }));
      await until(
        'the attempt',
        async () => (await lab.exec('host', 'ss', '-H', '-t', '-n', 'state', 'syn-sent')) !== '',
      );
      await lab.ip('host', 'link del y0');
      expect((await pending).code).toMatch(/^ERR_MIF_(INTERFACE_NOT_FOUND|PATH_LOST)$/);
    });

    it('connect: closing the host ends what is under way', async () => {
      await using brief = await openHost({ netns: lab.netns('host') });
      const pending = failure(connect(to(server4, 7), { host: brief, via: 'a0' }));
      await brief.close();
      expect((await pending).code).toBe('ERR_MIF_CLOSED');
    });
  });

  it('connect: a hundred at once over two uplinks, and no descriptor left', async () => {
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    const vias = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? 'a0' : 'b0'));
    const peers = await Promise.all(
      vias.map(async (via, n) => (await converse(await reach(to(n % 4 < 2 ? server4 : server6), { via }))).peer),
    );
    for (const [n, peer] of peers.entries()) {
      expect(peer).toMatch(vias[n] === 'a0' ? /^(10\.1\.|2001:db8:a:)/ : /^(10\.2\.|2001:db8:b:)/);
    }
    await until('descriptors to close', () => descriptors() <= before);
  });

  describe('bound sockets', () => {
    it('bound socket: is held to its interface and to the address of its domain', async () => {
      using bound = createBoundSocket({ host, family: 4, type: 'stream', via: 'b0/fe80::b:1' });
      expect(bound).toMatchObject({ interface: 'b0', index: 12, source: '10.2.0.100', pvd: 'b0/fe80::b:1', family: 4 });
      expect(bound.fd).toBeGreaterThan(2);
      const byName = createBoundSocket({ host, family: 6, type: 'datagram', via: 'a0', source: '2001:db8:a:1::100' });
      expect(byName).toMatchObject({ interface: 'a0', source: '2001:db8:a:1::100', pvd: undefined });
      byName.close();
      byName.close();
      expect(byName.fd).toBe(-1);
    });

    it('bound socket: has one owner', () => {
      const bound = createBoundSocket({ host, family: 4, type: 'stream', via: 'a0' });
      const fd = bound.adopt();
      expect([fd > 2, bound.fd]).toEqual([true, -1]);
      expect(() => bound.adopt()).toThrow(expect.objectContaining({ code: 'ERR_MIF_CLOSED' }));
      bound.close();
      expect(readdirSync('/proc/self/fd')).toContain(String(fd));
      // As its owner does.
      const again = createBoundSocket({ host, family: 4, type: 'stream', via: 'a0' });
      again.close();
    });

    it('bound socket: refuses a source that its domain does not have, and one that nobody has (F7)', () => {
      const make = (options: object) => () =>
        createBoundSocket({ host, family: 4, type: 'stream', via: 'b0/fe80::b:1', ...options });
      expect(make({ source: '10.1.0.100' })).toThrow(expect.objectContaining({ code: 'ERR_MIF_NO_ADDRESS' }));
      expect(make({ source: 'b0' })).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
      expect(make({ via: 'b0', source: '203.0.113.77' })).toThrow(
        expect.objectContaining({ code: 'ERR_MIF_NO_ADDRESS' }),
      );
      expect(make({ family: 6, via: 'wwan0/static' })).toThrow(expect.objectContaining({ code: 'ERR_MIF_NO_ADDRESS' }));
    });
  });
});
