// SPDX-License-Identifier: MIT
// UDP over one path: which way datagrams leave, where they arrived, and what ends them.

import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMifError } from '../../lib/binding/mif-error.ts';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { createUdpSocket, type UdpSocketOptions } from '../../lib/mif/mif.ts';
import type { UdpMessageInfo, UdpSocket } from '../../lib/socket/udp-socket.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';
const descriptors = () => readdirSync('/proc/self/fd').length;

requires(
  'root',
  'ip',
  'nsenter',
)('udp socket', () => {
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

  const withInfo = (options: Partial<UdpSocketOptions> = {}) =>
    createUdpSocket({ host, type: 'udp4', ...options, packetInfo: true });
  const plain = (options: Partial<UdpSocketOptions> = {}) =>
    createUdpSocket({ host, type: 'udp4', ...options, packetInfo: false });
  /** On the far side, bound to the address of the servers. */
  const server = (type: 'udp4' | 'udp6' = 'udp4') =>
    createUdpSocket({ host: far, type, packetInfo: true, source: type === 'udp4' ? server4 : server6 });
  const at = (socket: UdpSocket) => {
    const { address, port } = socket.address();
    return { address, port };
  };
  /** The next message that a socket gets. */
  async function next(socket: UdpSocket): Promise<{ text: string; info: UdpMessageInfo }> {
    const [data, info] = await once(socket, 'message');
    return { text: String(data), info };
  }
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.unreachable('it did not fail'),
      // biome-ignore lint/suspicious/noExplicitAny: whatever an error carries.
      (error: any) => error,
    );
  /** Local addresses of the host's UDP sockets, with the device that each is held to, as another program sees them. */
  const held = async () =>
    (await lab.exec('host', 'ss', '-H', '-u', '-a', '-n')).split('\n').flatMap((line) => line.split(/\s+/)[3] ?? []);

  describe('of Node', () => {
    it.each([
      ['the preferred uplink', 'udp4', 'a0', '10.1.0.100'],
      ['the other uplink (F1, F2)', 'udp4', 'b0', '10.2.0.100'],
      ['a domain', 'udp4', 'b0/fe80::b:1', '10.2.0.100'],
      ['the other uplink, IPv6', 'udp6', 'b0', '2001:db8:b:1::100'],
    ] as const)('udp socket: leaves by %s', async (_, type, via, source) => {
      await using there = await server(type);
      const socket = await plain({ type, via });
      const { port } = socket.address();
      expect(port).toBeGreaterThan(0);
      const arrived = next(there);
      socket.send('ping', there.address().port, there.address().address);
      expect(await arrived).toMatchObject({ text: 'ping', info: { address: source, port } });
      const answer = once(socket, 'message');
      await there.send('pong', { address: source, port });
      expect(String((await answer)[0])).toBe('pong');
      socket.close();
    });

    it('udp socket: is never disconnected: the kernel would take it off its device (F13)', async () => {
      await using there = await server();
      const socket = await plain({ via: 'b0' });
      socket.connect(there.address().port, server4);
      await once(socket, 'connect');
      expect(() => socket.disconnect()).toThrow(expect.objectContaining({ code: 'ERR_MIF_UNSUPPORTED' }));
      const arrived = next(there);
      socket.send('still there');
      expect((await arrived).info.address).toBe('10.2.0.100');
      socket.close();
    });

    it('udp socket: without via as the system chooses', async () => {
      await using there = await server();
      const socket = await plain();
      const arrived = next(there);
      socket.send('ping', there.address().port, server4);
      expect((await arrived).info.address).toBe('10.1.0.100');
      socket.disconnect = expect.unreachable;
      socket.close();
    });
  });

  describe('with packet info', () => {
    it.each([
      ['udp4', '10.1.0.100', '10.2.0.100', server4],
      ['udp6', '2001:db8:a:1::100', '2001:db8:b:1::100', server6],
    ] as const)(
      'udp socket: %s tells where each datagram arrived, and answers from there by there',
      async (type, ofA, ofB, remote) => {
        await using there = await server(type);
        await using here = await withInfo({ type });
        const { port } = here.address();
        for (const [address, name, index] of [
          [ofA, 'a0', 11],
          [ofB, 'b0', 12],
        ] as const) {
          const arrived = next(here);
          await there.send('ping', { address, port });
          const { info } = await arrived;
          expect(info).toEqual({
            family: type === 'udp4' ? 4 : 6,
            address: remote,
            port: there.address().port,
            size: 4,
            truncated: false,
            interface: name,
            index,
            destination: address,
          });
          const answered = next(there);
          await here.send('pong', { ...info, source: info.destination });
          expect((await answered).info.address).toBe(address);
        }
      },
    );

    it('udp socket: leaves from the source and by the interface that are named, or not at all (F7)', async () => {
      await using there = await server();
      await using here = await withInfo();
      const to = at(there);
      const arrived = next(there);
      await here.send('x', { ...to, interface: 'b0' });
      expect((await arrived).info.address).toBe('10.2.0.100');
      const again = next(there);
      await here.send('x', { ...to, source: '10.1.0.100', interface: 11 });
      expect((await again).info.address).toBe('10.1.0.100');
      expect(await failure(here.send('x', { ...to, source: '10.9.9.9' }))).toMatchObject({
        code: 'ERR_MIF_NO_ADDRESS',
      });
      // The kernel would take the pair.
      const pair = { ...to, source: '10.1.0.100', interface: 'b0' };
      expect((await failure(here.send('x', pair))).code).toBe('ERR_MIF_NO_ADDRESS');
      await using heldToB = await withInfo({ via: 'b0' });
      expect((await failure(heldToB.send('x', { ...to, source: '10.1.0.100' }))).code).toBe('ERR_MIF_NO_ADDRESS');
      expect((await failure(here.send('x', { ...to, interface: 'wlan9' }))).code).toBe('ERR_MIF_INTERFACE_NOT_FOUND');
    });

    it('udp socket: of a path, its source is the only one', async () => {
      await using there = await server();
      await lab.ip('host', 'addr add 10.2.0.101/24 dev b0');
      await until('the address', () => [...host.snapshot().addresses].some(({ address }) => address === '10.2.0.101'));
      await using here = await withInfo({ via: host.select(server4, { via: 'b0' }) });
      expect(here.address().address).toBe('10.2.0.100');
      const arrived = next(there);
      await here.send('x', { ...at(there), source: '10.2.0.100' });
      expect((await arrived).info.address).toBe('10.2.0.100');
      expect((await failure(here.send('x', { ...at(there), source: '10.2.0.101' }))).code).toBe('ERR_MIF_NO_ADDRESS');
      await lab.ip('host', 'addr del 10.2.0.101/24 dev b0');
    });

    it('udp socket: what it is held to cannot be left (F6, F7)', async () => {
      await using there = await server();
      await using here = await withInfo({ via: 'b0' });
      expect(here).toMatchObject({ interface: 'b0', pvd: undefined, family: 4 });
      const arrived = next(there);
      await here.send('x', at(there));
      expect((await arrived).info.address).toBe('10.2.0.100');
      expect((await failure(here.send('x', { ...at(there), interface: 'a0' }))).code).toBe('ERR_MIF_INVALID_ARG');
      const loopback = { address: '127.0.0.1', port: 9 };
      expect((await failure(here.send('x', loopback))).code).toBe('ERR_MIF_LOOPBACK');
      expect(() => here.connect(loopback)).toThrow(expect.objectContaining({ code: 'ERR_MIF_LOOPBACK' }));
    });

    it('udp socket: a link-local address is sought on the link that it is held to, or in its zone (F8, SAS-39)', async () => {
      await using rb = await openHost({ netns: lab.netns('rb') });
      await using there = await createUdpSocket({ host: rb, type: 'udp6', packetInfo: true });
      const { port } = there.address();
      await using here = await withInfo({ type: 'udp6', via: 'b0' });
      await using free = await withInfo({ type: 'udp6' });
      for (const [socket, address] of [
        [here, 'fe80::b:1'],
        [here, 'fe80::b:1%b0'],
        [free, 'fe80::b:1%b0'],
        [free, 'fe80::b:1%12'],
      ] as const) {
        const arrived = next(there);
        await socket.send('x', { address, port });
        expect((await arrived).info).toMatchObject({ interface: 'lan', destination: 'fe80::b:1' });
      }
      expect((await failure(here.send('x', { address: 'fe80::b:1%a0', port }))).code).toBe('ERR_MIF_INVALID_ARG');
      for (const address of ['fe80::b:1', 'ff02::1']) {
        expect((await failure(free.send('x', { address, port }))).code).toBe('ERR_MIF_SCOPE_REQUIRED');
      }
      expect(() => free.connect({ address: 'fe80::b:1', port })).toThrow(
        expect.objectContaining({ code: 'ERR_MIF_SCOPE_REQUIRED' }),
      );
    });

    it('udp socket: what is cut says so, and how long it was', async () => {
      await using there = await server();
      await using here = await withInfo({ maxMessageSize: 10, via: 'a0' });
      const arrived = next(here);
      await there.send('0123456789abcdef', { address: '10.1.0.100', port: here.address().port });
      expect(await arrived).toMatchObject({ text: '0123456789', info: { size: 16, truncated: true } });
      const empty = next(here);
      await there.send('', { address: '10.1.0.100', port: here.address().port });
      expect(await empty).toMatchObject({ text: '', info: { size: 0, truncated: false } });
    });

    it('udp socket: connects, hears nobody else, disconnects, and stays where it is held (F13)', async () => {
      await using there = await server();
      await using other = await server();
      await using here = await withInfo({ via: 'b0' });
      const { port } = here.address();
      here.connect(at(there));
      expect(() => here.connect(at(there))).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
      const arrived = next(there);
      await here.send('no address');
      expect((await arrived).info).toMatchObject({ address: '10.2.0.100', port });
      const heard: string[] = [];
      here.on('message', (data) => heard.push(String(data)));
      await other.send('foreign', { address: '10.2.0.100', port });
      await there.send('own', { address: '10.2.0.100', port });
      await until('the own one', () => heard.includes('own'));
      expect(heard).toEqual(['own']);
      here.disconnect();
      expect(here.address().port).toBe(port);
      expect(await held()).toContain(`0.0.0.0%b0:${port}`);
      await other.send('another', { address: '10.2.0.100', port });
      await until('the other one', () => heard.includes('another'));
      const by = next(other);
      await here.send('x', at(other));
      expect((await by).info.address).toBe('10.2.0.100');
      expect((await failure(here.send('x'))).code).toBe('ERR_MIF_INVALID_ARG');
    });

    it('udp socket: one with a port and a source of its own keeps both when it disconnects (F13)', async () => {
      await using there = await server();
      await using here = await withInfo({ via: 'b0/fe80::b:1', port: 4740 });
      here.connect(at(there));
      here.disconnect();
      expect(await held()).toContain('10.2.0.100%b0:4740');
    });

    it('udp socket: a refusal of the peer is an error with its own code, and not the end', async () => {
      await using there = await server();
      await using here = await withInfo({ via: 'b0' });
      here.connect({ address: server4, port: 9 });
      const errors: unknown[] = [];
      here.on('error', (error) => errors.push(error));
      await here.send('x');
      await until('the refusal', () => errors.length > 0);
      expect(errors[0]).toMatchObject({
        code: 'ECONNREFUSED',
        errno: -111,
        syscall: 'recvmsg',
        mif: { interface: 'b0' },
      });
      expect(isMifError((errors[0] as { mif: unknown }).mif, 'ERR_MIF_KERNEL')).toBe(true);
      here.disconnect();
      const arrived = next(there);
      await here.send('on', at(there));
      expect((await arrived).text).toBe('on');
    });

    it('udp socket: an interface that is down is told, and works again later (F9)', async () => {
      await using there = await server();
      await using here = await withInfo({ via: 'wwan0' });
      await lab.ip('host', 'link set wwan0 down');
      expect(await failure(here.send('x', at(there)))).toMatchObject({
        code: 'ENETUNREACH',
        mif: { interface: 'wwan0' },
      });
      await lab.ipBatch('host', ['link set wwan0 up', 'route add default dev wwan0 metric 700']);
      await until('an answer', async () => {
        const arrived = next(there);
        await here.send('up', at(there));
        return (await Promise.race([arrived, new Promise((resolve) => setTimeout(resolve, 200))])) !== undefined;
      });
      expect(here.closed).toBe(false);
    });

    it('udp socket: many datagrams arrive in order', async () => {
      await using there = await server();
      await using here = await withInfo({ via: 'a0' });
      const heard: number[] = [];
      here.on('message', (data) => heard.push(Number(data)));
      const to = { address: '10.1.0.100', port: here.address().port };
      const rounds = 20;
      const each = 50;
      for (let round = 0; round < rounds; round++) {
        await Promise.all(Array.from({ length: each }, (_, n) => there.send(String(round * each + n), to)));
        await until('a round', () => heard.length === (round + 1) * each);
      }
      expect(heard).toEqual(Array.from({ length: rounds * each }, (_, n) => n));
    });

    describe('without room', () => {
      // Nobody has this address: what is sent there waits for an answer of ARP, for three seconds.
      const nobody = { address: '10.1.0.77', port: 9 };
      beforeAll(() => lab.exec('host', 'sh', '-c', 'echo 100000000 >/proc/sys/net/ipv4/neigh/a0/unres_qlen_bytes'));

      it('udp socket: what the kernel has no room for waits its turn, and goes', async () => {
        await using here = await withInfo({ via: 'a0' });
        const data = Buffer.alloc(1000);
        const sent: number[] = [];
        const all: Promise<unknown>[] = [];
        while (here.sendQueueLength < 100) {
          const n = all.length;
          all.push(here.send(data, nobody).then(() => sent.push(n)));
        }
        expect(all.length).toBeGreaterThan(100);
        await Promise.all(all);
        expect(here.sendQueueLength).toBe(0);
        expect(sent).toEqual(Array.from(all.keys()));
      });

      it('udp socket: more than the queue has room for is refused, and closing fails what waits', async () => {
        const here = await withInfo({ via: 'a0', sendQueue: 3 });
        const data = Buffer.alloc(1000);
        const outcomes: Promise<unknown>[] = [];
        while (here.sendQueueLength < 3) outcomes.push(here.send(data, nobody).catch((error) => error));
        expect((await failure(here.send(data, nobody))).code).toBe('ERR_MIF_QUEUE_FULL');
        await here.close();
        const failed = (await Promise.all(outcomes)).filter((outcome) => outcome !== undefined);
        expect(failed).toEqual([1, 2, 3].map(() => expect.objectContaining({ code: 'ERR_MIF_CLOSED' })));
        expect((await failure(here.send(data, nobody))).code).toBe('ERR_MIF_CLOSED');
      });
    });
  });

  describe('groups', () => {
    const group4 = '239.1.2.3';
    const group6 = 'ff02::4711';
    const addLink = () =>
      lab.ipBatch('host', [
        `link add g0 index 80 type veth peer name g1 index 81 netns ${lab.netns('rc')}`,
        'addr add 192.0.2.1/24 dev g0',
        'link set g0 up',
      ]);
    const isMember = async (group: string) =>
      (await lab.exec('host', 'ip', 'maddr', 'show', 'dev', 'g0')).includes(group);
    const isThere = () => [...host.snapshot().interfaces].some(({ name, running }) => name === 'g0' && running);
    let router: Host;
    const prepare = async () => {
      await addLink();
      await lab.ipBatch('rc', ['addr add 192.0.2.9/24 dev g1', 'link set g1 up']);
      await until('g0', isThere);
    };

    beforeAll(async () => {
      router = await openHost({ netns: lab.netns('rc') });
    });
    afterAll(() => router?.close());

    it.each([
      ['udp4', group4],
      ['udp6', group6],
    ] as const)('udp socket: %s joins a group again when its interface returns', async (type, group) => {
      await prepare();
      const here = await withInfo({ type, port: 4750 });
      await using there = await createUdpSocket({ host: router, type, packetInfo: true });
      here.addMembership(group, { via: ['g0', 'b0'] });
      const heard = async () => {
        const arrived = next(here);
        await there.send('hello', { address: group, port: 4750, interface: 'g1' });
        return (await arrived).info;
      };
      // A link-local address of IPv6 is not there at once.
      await until('a source', () =>
        [...router.snapshot().addresses].some(
          (own) =>
            own.interface === 'g1' && own.family === (type === 'udp4' ? 4 : 6) && !own.flags.includes('tentative'),
        ),
      );
      expect(await heard()).toMatchObject({ destination: group, interface: 'g0', index: 80 });
      expect(await isMember(group)).toBe(true);
      await lab.ip('host', 'link del g0');
      await until('the end', () => !isThere());
      // With the same index, and anew: the kernel knows nothing of the group.
      await prepare();
      await until('the membership', () => isMember(group));
      await until('a source', () =>
        [...router.snapshot().addresses].some(
          (own) =>
            own.interface === 'g1' && own.family === (type === 'udp4' ? 4 : 6) && !own.flags.includes('tentative'),
        ),
      );
      expect(await heard()).toMatchObject({ destination: group, interface: 'g0' });
      here.dropMembership(group);
      await until('no membership', async () => !(await isMember(group)));
      here.addMembership(group, { via: 'g0' });
      expect(await isMember(group)).toBe(true);
      await here.close();
      await until('no membership', async () => !(await isMember(group)));
      await lab.ip('host', 'link del g0');
    });

    it('udp socket: hears no group that only others have joined', async () => {
      await using one = await withInfo({ port: 4751, reuseAddress: true });
      await using other = await withInfo({ port: 4751, reuseAddress: true });
      one.addMembership(group4, { via: 'b0' });
      const heard: string[] = [];
      one.on('message', () => heard.push('one'));
      other.on('message', () => heard.push('other'));
      await using rb = await openHost({ netns: lab.netns('rb') });
      await using near = await createUdpSocket({ host: rb, type: 'udp4', packetInfo: true });
      for (let n = 0; n < 5; n++) await near.send('x', { address: group4, port: 4751, interface: 'lan' });
      await until('all', () => heard.length >= 5);
      expect(heard).toEqual(Array(5).fill('one'));
    });

    it('udp socket: what is no group, or names no interface, is refused', async () => {
      await using here = await withInfo();
      const join = (group: string, options?: object) => () => here.addMembership(group, options);
      expect(join('10.1.0.1', { via: 'a0' })).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
      expect(join(group6, { via: 'a0' })).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
      expect(join(group4)).toThrow(expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }));
      expect(join(group4, { via: 'g9' })).toThrow(expect.objectContaining({ code: 'ERR_MIF_INTERFACE_NOT_FOUND' }));
      await using onB = await withInfo({ via: 'b0' });
      expect(() => onB.addMembership(group4, { via: 'a0' })).toThrow(
        expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }),
      );
      onB.addMembership(group4);
      expect(await lab.exec('host', 'ip', 'maddr', 'show', 'dev', 'b0')).toContain(group4);
    });
  });

  describe('its end', () => {
    const addLink = async () => {
      await lab.ipBatch('host', [
        'link add e0 type veth peer name e1',
        'link set e1 up',
        'link set e0 up',
        'addr add 192.0.2.65/28 dev e0',
      ]);
      await until('e0', () => [...host.snapshot().interfaces].some(({ name, running }) => name === 'e0' && running));
    };
    const lost = expect.objectContaining({ code: 'ERR_MIF_PATH_LOST', interface: 'e0' });

    it('udp socket: both kinds end with their interface, and those of others do not (F5)', async () => {
      await addLink();
      const before = descriptors();
      const sockets: (Socket | UdpSocket)[] = [await plain({ via: 'e0' }), await withInfo({ via: 'e0' })];
      // Closing already, and nobody has been told.
      (await plain({ via: 'e0' })).close();
      const other = await withInfo({ via: 'b0' });
      const ends = sockets.map(async (socket) => {
        const told: unknown[] = [];
        socket.on('error', (error: Error) => told.push(error));
        // Not by once(), which an error ends.
        await new Promise<void>((resolve) => void socket.on('close', resolve));
        return told;
      });
      await lab.ip('host', 'link del e0');
      for (const told of await Promise.all(ends)) expect(told).toEqual([lost]);
      expect(other.closed).toBe(false);
      expect(await failure((sockets[1] as UdpSocket).send('x', { address: '192.0.2.66', port: 9 }))).toEqual(lost);
      await other.close();
      await until('descriptors to close', () => descriptors() === before);
    });

    it('udp socket: aborts before and after it is made, and leaves no descriptor', async () => {
      const before = descriptors();
      const reason = new Error('no longer wanted');
      expect(await failure(withInfo({ signal: AbortSignal.abort(reason) }))).toBe(reason);
      expect(await failure(plain({ signal: AbortSignal.abort(reason) }))).toBe(reason);
      const aborter = new AbortController();
      const sockets = [await plain({ signal: aborter.signal }), await withInfo({ signal: aborter.signal })];
      const closed = Promise.all(sockets.map((socket) => once(socket as UdpSocket, 'close')));
      sockets[0]!.close();
      aborter.abort(reason);
      await closed;
      await until('descriptors to close', () => descriptors() === before);
    });

    it('udp socket: a thousand of each kind leave no descriptor', async () => {
      const before = descriptors();
      const sockets: (Socket | UdpSocket)[] = [];
      for (let n = 0; n < 1000; n++) sockets.push(await plain({ via: 'a0' }), await withInfo({ via: 'b0' }));
      expect(descriptors()).toBe(before + 2000);
      for (const socket of sockets) socket.close();
      await until('descriptors to close', () => descriptors() === before);
    });

    it.each([
      ['vai', { vai: 'b0' }],
      ['type', { type: 'udp' }],
      ['packetInfo', { packetInfo: 1 }],
      ['maxMessageSize', { maxMessageSize: 0 }],
      ['sendQueue', { sendQueue: 1.5 }],
      ['port', { port: 65_536 }],
    ])('udp socket: a wrong %s is refused, and nothing stays open', async (_, options) => {
      const before = descriptors();
      const error = await failure(createUdpSocket({ host, type: 'udp4', packetInfo: true, ...options } as never));
      expect(isMifError(error, 'ERR_MIF_INVALID_ARG')).toBe(true);
      expect(descriptors()).toBe(before);
    });
  });
});
