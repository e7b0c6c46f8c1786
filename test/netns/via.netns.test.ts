// SPDX-License-Identifier: MIT
// Selectors, paths and functions as `via`, on a host with three uplinks: every call that takes a `via` takes them all, and each use
// means the network of that moment.

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMifError, type MifError } from '../../lib/binding/mif-error.ts';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { connect, createBoundSocket } from '../../lib/mif/mif.ts';
import type { Via } from '../../lib/via/carrier.ts';
import type { LocalPath } from '../../lib/via/local-path.ts';
import { type EchoServer, Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';

requires(
  'root',
  'ip',
  'nsenter',
)('via', () => {
  let lab: Lab;
  let host: Host;
  let server: EchoServer;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    server = await lab.echoServer('inet');
    // An uplink of another kind, from which nothing leads anywhere.
    await lab.ipBatch('host', [
      'link add br0 type bridge',
      'link set br0 up',
      'addr add 192.0.2.1/24 dev br0',
      // And one without any address of its own.
      'link add x0 type veth peer name x1',
      'link set x0 up',
      'link set x1 up',
      'rule add pref 100 fwmark 0x10 lookup 100',
      'route add 198.51.100.0/24 via 10.2.0.254 dev b0 table 100',
    ]);
    host = await openHost({ netns: lab.netns('host') });
    await until('both families of b0 in one domain', () =>
      host.snapshot().pvds.some(({ id, providers }) => id === 'b0/fe80::b:1' && providers.includes('10.2.0.1')),
    );
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const linkOf = (name: string) => [...host.snapshot().interfaces].find((each) => each.name === name);
  const byInterface =
    (...names: string[]) =>
    (paths: readonly LocalPath[]) =>
      names.flatMap((name) => paths.filter((path) => path.interface === name));

  function errorOf(call: () => unknown): MifError {
    try {
      call();
    } catch (error) {
      if (isMifError(error)) return error;
      throw error;
    }
    return expect.unreachable('nothing was thrown');
  }

  function leadsThere(destination: string, via: Via): boolean {
    try {
      return host.select(destination, { via }).table > 0;
    } catch (error) {
      if (isMifError(error)) return false;
      throw error;
    }
  }

  /** Takes a0 away for as long as `body` runs. */
  async function withoutA0(body: () => void | Promise<void>): Promise<void> {
    await lab.ip('host', 'link set a0 down');
    await until('a0 to go', () => linkOf('a0')?.adminUp === false);
    try {
      await body();
    } finally {
      await lab.ipBatch('host', [
        'link set a0 up',
        'addr add 2001:db8:a:1::100/64 dev a0',
        'route add default via 10.1.0.1 dev a0 metric 100',
        'route add default via fe80::a:1 dev a0 metric 100',
      ]);
      await until('a0 to be back', () => [server4, server6].every((each) => leadsThere(each, 'a0')));
    }
  }

  describe('select', () => {
    it.each<[via: Via, destination: string, link: string, source: string]>([
      [{}, server4, 'a0', '10.1.0.100'],
      [{ kind: 'veth' }, server4, 'a0', '10.1.0.100'],
      [{ interface: 'b0' }, server4, 'b0', '10.2.0.100'],
      [{ interface: 12 }, server6, 'b0', '2001:db8:b:1::100'],
      [{ pvd: 'b0/10.2.0.1' }, server6, 'b0', '2001:db8:b:1::100'],
      [{ require: { interface: ['b0', 'wwan0'] } }, server4, 'b0', '10.2.0.100'],
      [{ prefer: { interface: 'wwan0' } }, server4, 'wwan0', '10.3.0.2'],
      // What is preferred cannot do it, so the next one does.
      [{ prefer: { interface: 'wwan0' } }, server6, 'a0', '2001:db8:a:1::100'],
      [{ prefer: { kind: 'bridge' } }, server4, 'a0', '10.1.0.100'],
      [{ avoid: { interface: 'a0' } }, server4, 'b0', '10.2.0.100'],
      [{ prohibit: { interface: ['a0', 'b0'] } }, server4, 'wwan0', '10.3.0.2'],
      [{ source: '10.2.0.0/24' }, server4, 'b0', '10.2.0.100'],
      [{ source: '2001:db8:b:1::100' }, server6, 'b0', '2001:db8:b:1::100'],
      [{ family: 6, vpn: false }, server6, 'a0', '2001:db8:a:1::100'],
      [[{ kind: 'wireguard' }, { interface: 'b0' }, 'a0'], server4, 'b0', '10.2.0.100'],
    ])('via: %j to %s leaves by %s from %s (APP-08, HE-29, PVD-46)', (via, destination, name, source) => {
      expect(host.select(destination, { via })).toMatchObject({
        interface: name,
        source,
        pvd: expect.stringContaining(name),
      });
    });

    it('via: a function chooses, and its order counts', () => {
      expect(host.select(server4, { via: byInterface('b0') }).interface).toBe('b0');
      expect(host.select(server4, { via: byInterface('br0', 'wwan0', 'a0') }).interface).toBe('wwan0');
      expect(host.select(server6, { via: byInterface('wwan0', 'b0') }).interface).toBe('b0');
      const promised = async (paths: readonly LocalPath[]) => paths;
      expect(errorOf(() => host.select(server4, { via: promised as never })).code).toBe('ERR_MIF_INVALID_ARG');
    });

    it('via: a path that was selected is held to its interface, domain and source', () => {
      const first = host.select(server4, { via: 'b0/fe80::b:1' });
      expect(host.select(server4, { via: first })).toEqual(first);
      const unbound = host.select('10.2.0.9');
      expect(host.select(server4, { via: unbound })).toMatchObject({ interface: 'b0', source: '10.2.0.100' });
      // Its source is of one family.
      expect(errorOf(() => host.select(server6, { via: first })).code).toBe('ERR_MIF_NO_ADDRESS');
    });

    it('via: a zone leaves only the candidates of its interface (F8)', () => {
      expect(host.select('fe80::b:1%b0', { via: { kind: 'veth' } })).toMatchObject({
        interface: 'b0',
        pvd: 'b0/fe80::b:1',
      });
    });

    it('via: nothing that fits is an error that tells of every network (APP-06)', () => {
      const error = errorOf(() => host.select(server6, { via: { interface: ['wwan0', 'br0'] } }));
      expect(error.code).toBe('ERR_MIF_NO_PATH');
      expect(error.message).toMatch(/interface is a0, not wwan0 or br0/);
      expect(error.message).toMatch(/no way to 2001:db8:ffff::80 over wwan0\/static/);
      const told = error.attempts?.map(({ interface: name, outcome }) => `${name} ${outcome}`);
      for (const name of ['a0', 'b0', 'wwan0', 'br0']) expect(told).toContain(`${name} refused`);
    });

    it('via: what the host cannot know is required in vain, and told so (SEC-32)', () => {
      for (const via of [
        { metered: false },
        { validated: true },
        { category: 'voice' },
        { prohibit: { metered: true } },
      ]) {
        expect(errorOf(() => host.select(server4, { via })).message).toMatch(
          /(metered|validated|category) is not known/,
        );
      }
      expect(host.select(server4, { via: { avoid: { metered: true } } }).interface).toBe('a0');
    });

    it('via: a mark is that of the socket, and decides with it which rules hold', () => {
      expect(host.select(server4, { via: { interface: 'b0', mark: 0x10 } })).toMatchObject({
        table: 100,
        gateway: '10.2.0.254',
      });
      expect(host.select(server4, { via: { interface: 'b0' } })).toMatchObject({ table: 254, gateway: '10.2.0.1' });
      expect(host.select(server4, { via: { interface: 'b0', mark: 0x10 }, mark: 0x10 }).table).toBe(100);
      expect(errorOf(() => host.select(server4, { via: { mark: 0x10 }, mark: 0x20 })).message).toMatch(
        /^option mark: /,
      );
    });

    it('via: a namespace is this host’s, however it is called, or an error', () => {
      for (const netns of [lab.netns('host'), lab.path('host'), `/run/netns/../netns/${lab.netns('host')}`]) {
        expect(host.select(server4, { via: { netns } }).interface).toBe('a0');
      }
      for (const netns of [lab.netns('ra'), 'nosuch', process.pid]) {
        expect(errorOf(() => host.select(server4, { via: { netns } })).message).toMatch(
          /^option via\.netns: .* is not the namespace/,
        );
      }
    });

    it('via: an alternative name that no message has told is known to a selector too (B8)', async () => {
      await lab.ip('host', 'link property add dev b0 altname second-uplink');
      expect(host.select(server4, { via: { prefer: { interface: 'second-uplink' } } }).interface).toBe('b0');
      await lab.ip('host', 'link property del dev b0 altname second-uplink');
    });

    it('via: each use means the network of that moment', async () => {
      const selector = { prefer: { interface: 'a0' }, kind: 'veth' };
      const path = host.select(server4, { via: 'a0/fe80::a:1' });
      expect(host.select(server4, { via: selector }).interface).toBe('a0');
      await withoutA0(() => {
        expect(host.select(server4, { via: selector }).interface).toBe('b0');
        expect(host.select(server4, { via: (paths) => paths }).interface).toBe('b0');
        expect(errorOf(() => host.select(server4, { via: path })).code).toBe('ERR_MIF_UNKNOWN_ID');
      });
      expect(host.select(server4, { via: selector }).interface).toBe('a0');
    });
  });

  it('via: selectMany finds one carrier for all, of the family that is asked about', () => {
    const ways = (via: Via, ...destinations: string[]) => host.selectMany(destinations, { via });
    expect(ways({ prefer: { interface: 'wwan0' } }, server4).at(0).interface).toBe('wwan0');
    expect(ways({ prefer: { interface: 'wwan0' } }, server6).at(0).interface).toBe('a0');
    expect(ways({ source: '10.2.0.0/24' }, server4, '198.51.100.53').at(1)).toMatchObject({
      interface: 'b0',
      source: '10.2.0.100',
    });
    expect(ways(byInterface('b0'), server6).at(0).pvd).toBe('b0/fe80::b:1');
    expect(ways(host.select(server4, { via: 'b0' }), server4).at(0).source).toBe('10.2.0.100');
    expect(ways({ interface: 'b0', mark: 0x10 }, server4).at(0).table).toBe(100);
    expect(errorOf(() => ways({ kind: 'wireguard' }, server4)).code).toBe('ERR_MIF_NO_PATH');
  });

  it('via: sortDestinations takes for each the first network that reaches it', () => {
    const sorted = (via: Via, mark?: number) =>
      host
        .sortDestinations([server4, server6], { via, mark })
        .map(({ address, interface: name }) => `${address} ${name}`);
    expect(sorted({ prefer: { interface: 'wwan0' } }).sort()).toEqual([`${server4} wwan0`, `${server6} a0`]);
    expect(sorted({ interface: 'b0', family: 4 })).toEqual([`${server4} b0`, `${server6} null`]);
    expect(sorted(byInterface('b0')).sort()).toEqual([`${server4} b0`, `${server6} b0`]);
    expect(sorted([host.select(server4, { via: 'b0' }), 'a0']).sort()).toEqual([`${server4} b0`, `${server6} a0`]);
    expect(errorOf(() => sorted([{ interface: 'b0', mark: 1 }, 'a0'])).code).toBe('ERR_MIF_UNSUPPORTED');
    expect(errorOf(() => sorted({ kind: 'wireguard' })).code).toBe('ERR_MIF_NO_PATH');
  });

  describe('sockets', () => {
    /** The address that the server sees. */
    async function peerOver(via: Via, address: string): Promise<string> {
      const socket: Socket = await connect({ address, port: server.port }, { host, via });
      socket.setEncoding('utf8');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      await until('the greeting', () => text.includes('\n'));
      socket.destroy();
      await once(socket, 'close');
      return JSON.parse(text.split('\n')[0]!).peer;
    }

    it.each<[via: Via, address: string, peer: string]>([
      [{ interface: 'b0' }, server4, '10.2.0.100'],
      [{ interface: 'b0', family: 6 }, server6, '2001:db8:b:1::100'],
      [{ prefer: { kind: 'bridge' }, avoid: { interface: 'a0' } }, server4, '10.2.0.100'],
      [{ source: '10.3.0.2' }, server4, '10.3.0.2'],
      [[{ kind: 'wireguard' }, { prohibit: { interface: ['a0', 'wwan0'] } }], server6, '2001:db8:b:1::100'],
    ])('via: connect over %j to %s comes from %s (F1)', async (via, address, peer) => {
      expect(await peerOver(via, address)).toBe(peer);
    });

    it('via: connect over what a function chose, and over a path', async () => {
      expect(await peerOver(byInterface('br0', 'b0'), server4)).toBe('10.2.0.100');
      expect(await peerOver(host.select(server4, { via: 'b0' }), server4)).toBe('10.2.0.100');
      expect(await peerOver(host.select(server6, { via: 'b0/fe80::b:1' }), server6)).toBe('2001:db8:b:1::100');
    });

    it('via: connect keeps to the one source that via leaves', async () => {
      await lab.ip('host', 'addr add 10.2.0.101/24 dev b0');
      await until('the address', () => [...host.snapshot().addresses].some(({ address }) => address === '10.2.0.101'));
      expect(await peerOver({ source: '10.2.0.101' }, server4)).toBe('10.2.0.101');
      expect(await peerOver({ interface: 'b0', prohibit: { source: '10.2.0.100' } }, server4)).toBe('10.2.0.101');
      const path = { ...host.select(server4, { via: 'b0' }), source: '10.2.0.101' };
      expect(await peerOver(path, server4)).toBe('10.2.0.101');
      await lab.ip('host', 'addr del 10.2.0.101/24 dev b0');
      await until('it is gone', () => ![...host.snapshot().addresses].some(({ address }) => address === '10.2.0.101'));
      await expect(peerOver(path, server4)).rejects.toMatchObject({ code: 'ERR_MIF_NO_ADDRESS' });
      await expect(peerOver({ source: '10.2.0.101' }, server4)).rejects.toMatchObject({ code: 'ERR_MIF_NO_PATH' });
    });

    it('via: a bound socket is held to what a selector, a function or a path means', () => {
      const bound = (via: Via, family: 4 | 6 = 4, source?: string) => {
        using socket = createBoundSocket({
          host,
          family,
          type: 'datagram',
          via,
          ...(source === undefined ? {} : { source }),
        });
        return `${socket.interface} ${socket.source}`;
      };
      expect(bound({ interface: 'b0' })).toBe('b0 10.2.0.100');
      expect(bound({ interface: 'b0' }, 6)).toBe('b0 2001:db8:b:1::100');
      // The first has no address of the family.
      expect(bound({ prefer: { interface: 'wwan0' } }, 6)).toBe('a0 2001:db8:a:1::100');
      expect(bound(byInterface('wwan0', 'b0'), 6)).toBe('b0 2001:db8:b:1::100');
      expect(bound(host.select(server4, { via: 'b0' }))).toBe('b0 10.2.0.100');
      expect(bound({ source: '10.2.0.0/24' }, 4, '10.2.0.100')).toBe('b0 10.2.0.100');
      expect(errorOf(() => bound(host.select(server4, { via: 'b0' }), 6)).code).toBe('ERR_MIF_NO_ADDRESS');
      expect(errorOf(() => bound({ source: '10.1.0.0/24' }, 4, '10.2.0.100')).code).toBe('ERR_MIF_NO_PATH');
      // It has none but the link-local one.
      expect(bound({ interface: 'x0' }, 6)).toMatch(/^x0 fe80::/);
      expect(errorOf(() => bound({ interface: 'x0' })).code).toBe('ERR_MIF_NO_PATH');
    });
  });
});
