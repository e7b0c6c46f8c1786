// SPDX-License-Identifier: MIT
// host.select() against what the kernel does with a socket that asks the same: the source that it is given, the interface
// that its datagram leaves by.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import type { SelectOptions } from '../../lib/host/select-question.ts';
import type { Path } from '../../lib/selection/path.ts';
import { Conversation } from '../lab/conversation.ts';
import { entriesOf, type IpEntry, Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';
const links = ['lo', 'a0', 'b0', 'wwan0'];
const discard = 9;
const probe = fileURLToPath(new URL('udp-probe.py', import.meta.url));

/** A blackhole of a table that nobody asks: once it is seen, so is everything that was done before it. */
const markTable = 9999;

requires(
  'root',
  'ip',
  'nsenter',
  'nft',
  'python3',
)('select', () => {
  let lab: Lab;
  let host: Host;
  let sockets: Conversation;
  let marks = 0;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    host = await openHost({ netns: lab.netns('host') });
    sockets = new Conversation(['nsenter', `--net=${lab.path('host')}`, '--', 'python3', probe]);
    await lab.exec('host', 'nft', 'add table inet t');
    await lab.exec('host', 'nft', 'add chain inet t out { type filter hook postrouting priority 0 ; }');
    for (const name of links) {
      await lab.exec('host', 'nft', `add counter inet t c-${name}`);
      await lab.exec('host', 'nft', `add rule inet t out oifname ${name} udp dport ${discard} counter name c-${name}`);
    }
  });
  afterAll(async () => {
    await sockets?.end();
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  /** Changes the host, and waits until the mirror has it. */
  async function apply(lines4: readonly string[], lines6: readonly string[] = []): Promise<void> {
    await lab.ipBatch('host', lines4);
    await lab.ipBatch('host', lines6, 6);
    const destination = `192.0.2.${++marks}/32`;
    await lab.ip('host', `route add blackhole ${destination} table ${markTable}`);
    await until('the mirror', () =>
      [...host.snapshot().routes.where({ table: markTable })].some((route) => route.destination === destination),
    );
  }

  /** Changes the host for as long as `body` runs. */
  async function during(
    change: { add: readonly string[]; remove: readonly string[]; family?: 4 | 6 },
    body: () => void | Promise<void>,
  ): Promise<void> {
    const change6 = change.family === 6;
    await apply(change6 ? [] : change.add, change6 ? change.add : []);
    try {
      await body();
    } finally {
      await apply(change6 ? [] : change.remove, change6 ? change.remove : []);
    }
  }

  interface Question {
    zone?: string;
    device?: string;
    source?: string;
    sourcePort?: number;
    mark?: number;
    uid?: number;
    tos?: number;
  }

  /** What a socket gets that asks for the same, and by which interface its datagram leaves. */
  async function ask(
    destination: string,
    question: Question = {},
  ): Promise<{ source: string; interface: string } | string> {
    await lab.exec('host', 'nft', 'reset counters table inet t');
    const { source, error } = await sockets.ask({ destination, port: discard, ...question });
    if (error !== undefined) return error;
    const { nftables } = JSON.parse(await lab.exec('host', 'nft', '-j', 'list counters table inet t'));
    const left = nftables.flatMap(({ counter }: { counter?: { name: string; packets: number } }) =>
      counter !== undefined && counter.packets > 0 ? [counter.name.slice(2)] : [],
    );
    return { source, interface: left.join(' and ') };
  }

  /** What the kernel answers when it is asked for a route. */
  async function routeGet(destination: string): Promise<IpEntry> {
    const [answer] = entriesOf(await lab.exec('host', 'ip', '-json', 'route', 'get', destination));
    return answer!;
  }

  /** That a socket does what was selected. */
  async function agree(path: Path, question?: Question): Promise<void> {
    const { destination, source, interface: name } = path;
    expect(await ask(destination, question), path.why).toEqual({ source, interface: name });
  }

  const refusal = (code: string, message: RegExp = /./) =>
    expect.objectContaining({ code, message: expect.stringMatching(message) });
  const linkOf = (link: string) => [...host.snapshot().interfaces].find(({ name }) => name === link)!;
  const select = (destination: string, options?: SelectOptions) => host.select(destination, options);

  describe('without via', () => {
    it.each([
      ['a server', server4],
      ['a server', server6],
      ['a router', '10.1.0.1'],
      ['a router', '10.2.0.1'],
      ['a neighbour', '2001:db8:b:1::7'],
      ['a far end', '10.64.64.64'],
      ['an own address', '10.1.0.100'],
      ['an own address', '2001:db8:b:1::100'],
      ['loopback', '127.0.0.1'],
      ['loopback', '127.9.9.9'],
      ['loopback', '::1'],
      ['nobody', '0.0.0.0'],
      ['a broadcast', '10.1.0.255'],
      ['a group', '224.0.0.9'],
      ['a group', '239.1.2.3'],
      ['a group', 'ff0e::9'],
    ])('select: to %s, %s, as `ip route get` and a connected socket do', async (_what, destination) => {
      const path = select(destination);
      const kernel = await routeGet(destination);
      expect(path).toMatchObject({
        destination,
        interface: kernel['dev'],
        gateway: kernel['gateway'] ?? null,
        source: kernel['prefsrc'],
        type: kernel['type'] ?? 'unicast',
        doubts: [],
      });
      await agree(path);
    });

    it('select: what it answers, all of it', () => {
      expect({ ...select(server4) }).toEqual({
        destination: server4,
        interface: 'a0',
        index: 11,
        source: '10.1.0.100',
        gateway: '10.1.0.1',
        table: 254,
        type: 'unicast',
        mtu: 1500,
        metric: 100,
        ways: 1,
        doubts: [],
        why: 'the default route of table main, metric 100, by 10.1.0.1',
      });
      expect({ ...select('10.2.0.100') }).toMatchObject({ interface: 'lo', index: 1, type: 'local', gateway: null });
    });

    it('select: with a source of another uplink the routes still decide (F1)', async () => {
      const path = select(server4, { source: '10.2.0.100' });
      expect(path).toMatchObject({ interface: 'a0', source: '10.2.0.100', gateway: '10.1.0.1' });
      await agree(path, { source: '10.2.0.100' });
    });

    it('select: to the unspecified IPv6 address is to this host, for a socket', async () => {
      const path = select('::');
      expect(path).toMatchObject({ destination: '::', interface: 'lo', source: '::1', type: 'local' });
      await agree(path);
    });

    it.each([
      [server4, '192.0.2.77'],
      [server6, '2001:db8:dead::1'],
      [server6, 'fe80::dead'],
    ])('select: to %s from %s, which is not here, there is no way', async (destination, source) => {
      expect(() => select(destination, { source })).toThrow(refusal('ERR_MIF_NO_ADDRESS'));
      expect(await ask(destination, { source })).toMatch(/^E(ADDRNOTAVAIL|INVAL)$/);
    });

    it('select: a rule for the source moves who has it, and who is given it (F1, F11)', async () => {
      const add = ['rule add pref 100 from 10.2.0.100 lookup 100', 'route add default via 10.2.0.1 dev b0 table 100'];
      const remove = ['rule del pref 100', 'route flush table 100'];
      await during({ add, remove }, async () => {
        const path = select(server4, { source: '10.2.0.100' });
        expect(path).toMatchObject({ interface: 'b0', table: 100, gateway: '10.2.0.1' });
        await agree(path, { source: '10.2.0.100' });
        await agree(select(server4));
      });
      // Asked once, without source, the kernel names the one way; a socket, which is asked again with it, takes the other.
      const swap = ['rule add pref 100 from 10.1.0.100 lookup 100', 'route add default via 10.2.0.1 dev b0 table 100'];
      await during({ add: swap, remove }, async () => {
        const path = select(server4);
        expect(path).toMatchObject({ interface: 'b0', source: '10.1.0.100', table: 100 });
        const once = await routeGet(server4);
        expect(once['dev']).toBe('a0');
        await agree(path);
      });
    });

    it('select: rules by mark, user, ports, protocol and code point decide as for a socket (E3)', async () => {
      const table = 'lookup 100';
      const add = [
        `rule add pref 101 fwmark 0x10/0xff ${table}`,
        `rule add pref 102 uidrange 4711-4711 ${table}`,
        `rule add pref 103 ipproto udp sport 5353 dport ${discard} ${table}`,
        `rule add pref 104 tos 0x10 ${table}`,
        'route add default via 10.2.0.1 dev b0 table 100',
      ];
      const remove = [...[101, 102, 103, 104].map((pref) => `rule del pref ${pref}`), 'route flush table 100'];
      const udp = { protocol: 'udp', destinationPort: discard };
      const rows: [options: SelectOptions, question: Question, uplink: string][] = [
        [{}, {}, 'a0'],
        [{ mark: 0x10 }, { mark: 0x10 }, 'b0'],
        [{ mark: 0xff10 }, { mark: 0xff10 }, 'b0'],
        [{ mark: 0x11 }, { mark: 0x11 }, 'a0'],
        [{ uid: 4711 }, { uid: 4711 }, 'b0'],
        [{ uid: 4712 }, { uid: 4712 }, 'a0'],
        [{ ...udp, sourcePort: 5353 }, { sourcePort: 5353 }, 'b0'],
        [{ ...udp, sourcePort: 5354 }, { sourcePort: 5354 }, 'a0'],
        [{ dscp: 4 }, { tos: 0x10 }, 'b0'],
        [{ dscp: 2 }, { tos: 0x08 }, 'a0'],
      ];
      await during({ add, remove }, async () => {
        for (const [options, question, uplink] of rows) {
          const path = select(server4, options);
          expect([options, path.interface]).toEqual([options, uplink]);
          await agree(path, question);
        }
      });
    });

    it.each([
      ['unreachable', 'EHOSTUNREACH', 'ENETUNREACH', /unreachable/],
      ['prohibit', 'EACCES', 'EACCES', /prohibits/],
      ['blackhole', 'EINVAL', 'EINVAL', /blackhole/],
    ])('select: a route or rule that says %s is an answer (D17)', async (type, byRoute, byRule, why) => {
      const destination = '203.0.113.9';
      const add = [`route add ${type} 203.0.113.0/24`];
      await during({ add, remove: [`route del ${type} 203.0.113.0/24`] }, async () => {
        expect(() => select(destination)).toThrow(refusal('ERR_MIF_NO_ROUTE', why));
        expect(await ask(destination)).toBe(byRoute);
      });
      const rule = [`rule add pref 100 to 203.0.113.0/24 type ${type}`];
      await during({ add: rule, remove: ['rule del pref 100'] }, async () => {
        expect(() => select(destination)).toThrow(refusal('ERR_MIF_NO_ROUTE', why));
        expect(await ask(destination)).toBe(byRule);
      });
      await agree(select(destination));
    });

    it('select: of throw, and of no route at all, the next rule is asked, and then there is none (D17)', async () => {
      const add = ['route add throw 203.0.113.0/24 table 100', 'rule add pref 100 lookup 100'];
      await during({ add, remove: ['rule del pref 100', 'route flush table 100'] }, () => agree(select('203.0.113.9')));
      const gone = ['rule add pref 50 to 203.0.113.0/24 goto 40000', 'rule add pref 40000 nop'];
      await during({ add: gone, remove: ['rule del pref 50', 'rule del pref 40000'] }, async () => {
        expect(() => select('203.0.113.9')).toThrow(refusal('ERR_MIF_NO_ROUTE', /no way to 203\.0\.113\.9: no route/));
        expect(await ask('203.0.113.9')).toBe('ENETUNREACH');
      });
    });

    it('select: a link without carrier, or none at all, as the kernel has it', async () => {
      const asKernel = async (destination: string) => {
        const { dev, prefsrc } = await routeGet(destination);
        const told = () => {
          const { interface: name, source } = select(destination);
          return { dev: name, prefsrc: source };
        };
        await until(
          () => `${JSON.stringify(told())} to be ${dev} from ${prefsrc}`,
          () => told().dev === dev && told().prefsrc === prefsrc,
        );
        return dev;
      };
      try {
        // Its routes stay, unless the system is told to leave them out.
        await lab.ip('ra', 'link set lan down');
        await until('no carrier', () => !linkOf('a0').running);
        expect([await asKernel(server4), await asKernel(server6)]).toEqual(['a0', 'a0']);
        // The kernel tells settings of an interface with its next message.
        await lab.exec('host', 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/conf/a0/ignore_routes_with_linkdown');
        await lab.ip('host', 'link set a0 alias told');
        expect(await asKernel(server4)).toBe('b0');
      } finally {
        await lab.exec('host', 'sh', '-c', 'echo 0 >/proc/sys/net/ipv4/conf/a0/ignore_routes_with_linkdown');
        await lab.exec('host', 'ip', 'link', 'set', 'a0', 'alias', '');
        await lab.ip('ra', 'link set lan up');
        await until('carrier', () => linkOf('a0').running);
      }
      try {
        await lab.ip('host', 'link set a0 down');
        expect([await asKernel(server4), await asKernel(server6)]).toEqual(['b0', 'b0']);
      } finally {
        await apply(
          ['link set a0 up', 'route add default via 10.1.0.1 dev a0 metric 100'],
          ['addr add 2001:db8:a:1::100/64 dev a0', 'route add default via fe80::a:1 dev a0 metric 100'],
        );
        await until('carrier', () => linkOf('a0').running);
      }
      expect([await asKernel(server4), await asKernel(server6)]).toEqual(['a0', 'a0']);
    });

    it('select: an anycast address of a router is this host', async () => {
      await lab.exec('host', 'sh', '-c', 'echo 1 >/proc/sys/net/ipv6/conf/a0/forwarding');
      try {
        const path = await until('the anycast route', () => {
          const path = select('2001:db8:a:1::');
          return path.type === 'anycast' && path;
        });
        expect(path).toMatchObject({ interface: 'lo', gateway: null });
        const kernel = await routeGet('2001:db8:a:1::');
        expect([kernel['type'], kernel['prefsrc']]).toEqual(['anycast', path.source]);
      } finally {
        await lab.exec('host', 'sh', '-c', 'echo 0 >/proc/sys/net/ipv6/conf/a0/forwarding');
      }
    });
  });

  describe('link-local destinations', () => {
    it('select: with a zone over that interface, by name and by index (F8)', async () => {
      const path = select('fe80::b:1%b0');
      expect(path).toMatchObject({ destination: 'fe80::b:1', interface: 'b0', gateway: null });
      expect(path.source).toMatch(/^fe80::/);
      await agree(path, { zone: 'b0' });
      expect({ ...select('fe80::b:1%12') }).toEqual({ ...path });
      expect({ ...select('fe80::b:1', { via: 'b0' }) }).toEqual({ ...path });
      await agree(path, { device: 'b0' });
    });

    it('select: without a zone, when it may be on several interfaces, none is guessed (SAS-39, F8)', () => {
      expect(() => select('fe80::b:1')).toThrow(refusal('ERR_MIF_SCOPE_REQUIRED', /a0, b0, wwan0/));
      expect(() => select('ff02::1')).toThrow(refusal('ERR_MIF_SCOPE_REQUIRED'));
    });

    it('select: without a zone, where only one interface can be meant, that one (SAS-39)', async () => {
      await using alone = await Lab.up('single');
      await using host = await openHost({ netns: alone.netns('host') });
      const path = host.select('fe80::a:1');
      expect(path).toMatchObject({ interface: 'eth0', gateway: null, type: 'unicast' });
      expect(path.source).toMatch(/^fe80::/);
      await alone.ip('host', 'addr flush dev eth0');
      await until('no address', () => {
        try {
          host.select('fe80::a:1');
          return false;
        } catch (error) {
          return (error as { code?: string }).code === 'ERR_MIF_SCOPE_REQUIRED';
        }
      });
    });

    it('select: a zone of another interface, or of none, is a wrong argument (F8)', () => {
      expect(() => select('fe80::b:1%b0', { via: 'a0' })).toThrow(refusal('ERR_MIF_INVALID_ARG', /zone b0/));
      expect(() => select('fe80::b:1%nosuch0')).toThrow(refusal('ERR_MIF_INVALID_ARG', /^destination: zone nosuch0/));
      expect(() => select('fe80::b:1%99')).toThrow(refusal('ERR_MIF_INVALID_ARG', /^destination: zone 99/));
    });

    it('select: of a zone by an alternative name that nobody announced (B8)', async () => {
      await lab.ip('host', 'link property add dev b0 altname uplink-two');
      expect(select('fe80::b:1%uplink-two').interface).toBe('b0');
      expect(select(server4, { via: 'uplink-two' }).interface).toBe('b0');
      await lab.ip('host', 'link property del dev b0 altname uplink-two');
    });
  });

  describe('via', () => {
    it.each([
      ['a0', server4, '10.1.0.100', '10.1.0.1'],
      ['b0', server4, '10.2.0.100', '10.2.0.1'],
      ['wwan0', server4, '10.3.0.2', null],
      ['b0', server6, '2001:db8:b:1::100', 'fe80::b:1'],
      ['b0', '10.2.0.1', '10.2.0.100', null],
      ['b0', '10.2.0.100', '10.2.0.100', null],
      ['b0', '224.0.0.9', '10.2.0.100', null],
      ['b0', '239.1.2.3', '10.2.0.100', null],
      ['b0', 'ff0e::9', '2001:db8:b:1::100', null],
      ['b0', '255.255.255.255', '10.2.0.100', null],
      ['b0', '10.2.0.255', '10.2.0.100', null],
      ['lo', '127.0.0.1', '127.0.0.1', null],
    ])('select: via %s to %s from %s, as a socket that is held to it', async (via, destination, source, gateway) => {
      const path = select(destination, { via });
      expect(path).toMatchObject({ source, gateway });
      await agree(path, { device: via, source });
    });

    it('select: via an interface from which nothing leads there, though the kernel would try (F3)', async () => {
      await during(
        { add: ['route del default dev wwan0'], remove: ['route add default dev wwan0 metric 700'] },
        async () => {
          expect(() => select(server4, { via: 'wwan0' })).toThrow(refusal('ERR_MIF_NO_ROUTE', /over wwan0/));
          expect(await ask(server4, { device: 'wwan0' })).toEqual({ source: '10.3.0.2', interface: 'wwan0' });
        },
      );
      expect(() => select(server6, { via: 'wwan0' })).toThrow(refusal('ERR_MIF_NO_ROUTE'));
    });

    it.each([
      ['loopback', '127.0.0.1'],
      ['loopback', '::1'],
      ['an address of another interface', '10.2.0.100'],
      ['an address of another interface', '2001:db8:b:1::100'],
    ])('select: via an interface to %s, %s, is refused: no such socket reaches it (F6)', (_what, destination) => {
      expect(() => select(destination, { via: 'a0' })).toThrow(refusal('ERR_MIF_LOOPBACK'));
    });

    it('select: via an interface from an address of another is refused, though the kernel sends it (F7)', async () => {
      const source = '10.2.0.100';
      expect(() => select(server4, { via: 'a0', source })).toThrow(refusal('ERR_MIF_NO_ADDRESS', /over a0/));
      expect(await ask(server4, { device: 'a0', source })).toEqual({ source, interface: 'a0' });
    });

    it('select: via a domain only from its addresses, whatever else the interface has (PVD-37)', async () => {
      const add = ['addr add 172.16.5.5/24 dev a0', 'addr add 172.16.6.6/24 dev a0'];
      const remove = ['addr del 172.16.5.5/24 dev a0', 'addr del 172.16.6.6/24 dev a0'];
      await during({ add, remove }, () => {
        const { addresses } = host.snapshot().pvds.find(({ id }) => id === 'b0/fe80::b:1')!;
        expect(addresses.map(({ address }) => address)).not.toContain('172.16.5.5');
        expect(select('172.16.5.1', { via: 'a0' }).source).toBe('172.16.5.5');
        for (const via of ['b0/fe80::b:1', 'b0/10.2.0.1']) {
          expect(select(server4, { via })).toMatchObject({
            source: '10.2.0.100',
            pvd: 'b0/fe80::b:1',
            interface: 'b0',
          });
        }
        expect(() => select(server4, { via: 'a0/link-local' })).toThrow(
          refusal('ERR_MIF_NO_ADDRESS', /a0\/link-local/),
        );
        const source = '10.1.0.100';
        expect(select(server4, { via: 'a0/fe80::a:1', source }).source).toBe(source);
        expect(() => select(server6, { via: 'a0/link-local', source: '2001:db8:a:1::100' })).toThrow(
          refusal('ERR_MIF_NO_ADDRESS'),
        );
      });
    });

    it('select: via an interface with several addresses from the one that its route prefers (SAS-17)', async () => {
      const add = [
        'addr add 10.1.0.101/24 dev a0',
        'addr add 172.16.5.5/24 dev a0',
        'route add 203.0.113.0/24 via 10.1.0.1 dev a0 src 10.1.0.101',
        'route add 203.0.114.0/24 via 10.1.0.1 dev a0 src 172.16.5.5',
      ];
      const remove = [
        'route del 203.0.113.0/24',
        'route del 203.0.114.0/24',
        'addr del 172.16.5.5/24 dev a0',
        'addr del 10.1.0.101/24 dev a0',
      ];
      await during({ add, remove }, async () => {
        const rows: [destination: string, source: string][] = [
          [server4, '10.1.0.100'],
          ['203.0.113.9', '10.1.0.101'],
          ['203.0.114.9', '172.16.5.5'],
          ['172.16.5.9', '172.16.5.5'],
          ['10.1.0.9', '10.1.0.100'],
        ];
        for (const [destination, source] of rows) {
          const path = select(destination, { via: 'a0' });
          expect([destination, path.source]).toEqual([destination, source]);
          await agree(path, { device: 'a0' });
        }
      });
    });

    it('select: via a domain only by routes of its interface (PVD-38)', () => {
      expect(select(server6, { via: 'b0/fe80::b:1' })).toMatchObject({ gateway: 'fe80::b:1', firstHop: 'enforced' });
      expect(select('10.1.0.1', { via: 'b0/fe80::b:1' })).toMatchObject({ interface: 'b0', gateway: '10.2.0.1' });
    });

    it('select: of a list the first that will do; of none, why not of each (M01b)', () => {
      expect(select(server4, { via: ['nosuch0', 'a0/nobody', 'b0', 'a0'] }).interface).toBe('b0');
      expect(select(server6, { via: ['wwan0', 'a0'] }).interface).toBe('a0');
      expect(() => select(server6, { via: ['nosuch0', 'wwan0', 'lo'] })).toThrow(
        refusal('ERR_MIF_NO_PATH', /nosuch0.*over wwan0: no route.*over lo/),
      );
      expect(() => select(server4, { via: 'nosuch0' })).toThrow(refusal('ERR_MIF_INTERFACE_NOT_FOUND'));
      expect(() => select(server4, { via: 'pvd:99' })).toThrow(refusal('ERR_MIF_UNKNOWN_ID'));
    });

    it('select: via an interface that is down, and one without carrier', async () => {
      try {
        await lab.ip('host', 'link set wwan0 down');
        await until('the interface to be down', () => !linkOf('wwan0').adminUp);
        expect(() => select(server4, { via: 'wwan0' })).toThrow(refusal('ERR_MIF_INTERFACE_DOWN'));
        await lab.ip('rb', 'link set lan down');
        await until('no carrier', () => !linkOf('b0').running);
        expect(() => select(server4, { via: 'b0' })).toThrow(refusal('ERR_MIF_NO_CARRIER'));
        expect(select(server4, { via: ['b0', 'wwan0', 'a0'] }).interface).toBe('a0');
      } finally {
        await lab.ip('rb', 'link set lan up');
        await apply(['link set wwan0 up', 'route add default dev wwan0 metric 700']);
        await until('carrier', () => linkOf('b0').running);
      }
    });
  });

  it('select: what a change says, the next answer knows', async () => {
    const changed = new Promise<Path>((resolve) => {
      host.on('change', function told({ added }) {
        if (!added.routes?.some(({ destination }) => destination === '198.51.100.0/24')) return;
        host.off('change', told);
        resolve(host.select(server4));
      });
    });
    expect(select(server4).interface).toBe('a0');
    await lab.ip('host', 'route add 198.51.100.0/24 via 10.2.0.1 dev b0');
    expect(await changed).toMatchObject({ interface: 'b0', why: expect.stringContaining('first 24 bits') });
    await apply(['route del 198.51.100.0/24']);
    expect(select(server4).interface).toBe('a0');
  });

  it.each<[string, unknown, RegExp]>([
    [server4, { vai: 'a0' }, /^option vai: /],
    [server4, { mark: Number.NaN }, /^option mark: NaN/],
    [server4, { source: '2001:db8::1' }, /^option source: /],
    [server4, { via: '' }, /^option via: /],
    [server4, { via: [] }, /^option via: /],
    [server4, null, /^options: /],
    [server4, 'a0', /^options: /],
    ['2001:db8::/129', {}, /^destination: /],
    ['2001:db8:0:1:2:3:4:5:6', {}, /^destination: /],
  ])('select: %s with %j is a wrong argument, by its name', (destination, options, message) => {
    expect(() => select(destination, options as SelectOptions)).toThrow(refusal('ERR_MIF_INVALID_ARG', message));
  });

  it('select: a host that mirrors only some routes, or none that is open, says so', async () => {
    for (const options of [{ routes: 'unicast' }, { tables: [254] }] as const) {
      await using part = await openHost({ netns: lab.netns('host'), ...options });
      expect(() => part.select(server4)).toThrow(refusal('ERR_MIF_UNSUPPORTED', /only some routes/));
    }
    const closed = await openHost({ netns: lab.netns('host') });
    await closed.close();
    expect(() => closed.select(server4)).toThrow(refusal('ERR_MIF_CLOSED'));
  });
});

requires(
  'root',
  'ip',
  'nsenter',
)('select: two routers on one link', () => {
  let lab: Lab;
  let host: Host;
  const a = { via: 'eth0/fe80::a:1' };
  const b = { via: 'eth0/fe80::b:1' };

  beforeAll(async () => {
    lab = await Lab.up('two-providers-one-link');
    await lab.ipBatch(
      'host',
      [
        'addr add 2001:db8:a:1::100/64 dev eth0',
        'addr add 2001:db8:b:1::100/64 dev eth0',
        'route add default via fe80::a:1 dev eth0 metric 100',
        'route add default via fe80::b:1 dev eth0 metric 200',
      ],
      6,
    );
    host = await openHost({ netns: lab.netns('host') });
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  it('select: without routes for a source the metric decides, for each of them (ROUTE-16, SAS-28)', () => {
    expect(host.select(server6, a)).toMatchObject({ gateway: 'fe80::a:1', firstHop: 'accidental' });
    expect(host.select(server6, b)).toMatchObject({ gateway: 'fe80::a:1', firstHop: 'wrong' });
    expect(host.select(server6, { via: 'eth0' }).firstHop).toBeUndefined();
    expect(host.select('2001:db8:a:1::9', a)).toMatchObject({ gateway: null });
    expect(host.select('2001:db8:a:1::9', a).firstHop).toBeUndefined();
  });

  it('select: with a route for its source, traffic goes to the router that gave it (ROUTE-16, SAS-28)', async () => {
    const route = (letter: string) =>
      `route add default from 2001:db8:${letter}:1::/64 via fe80::${letter}:1 dev eth0 metric 512`;
    await lab.ipBatch('host', [route('a'), route('b')], 6);
    const told = () => ['a', 'b'].map((letter) => host.select(server6, { via: `eth0/fe80::${letter}:1` }));
    await until('the domains to be told apart', () => told().every(({ firstHop }) => firstHop === 'enforced'));
    expect(told()).toMatchObject([
      { source: '2001:db8:a:1::100', gateway: 'fe80::a:1' },
      { source: '2001:db8:b:1::100', gateway: 'fe80::b:1' },
    ]);
    for (const { source, gateway } of told()) {
      const [kernel] = await lab.json('host', `route get ${server6} from ${source}`);
      expect(kernel!['gateway']).toBe(gateway);
    }
    const remove = ['a', 'b'].map((letter) => `route del default from 2001:db8:${letter}:1::/64`);
    await lab.ipBatch('host', remove, 6);
    await until('the metric to decide again', () => host.select(server6, a).firstHop === 'accidental');
  });

  it('select: a rule for the source enforces as well (ROUTE-16)', async () => {
    await lab.ipBatch(
      'host',
      ['route add default via fe80::b:1 dev eth0 table 200', 'rule add pref 100 from 2001:db8:b:1::/64 lookup 200'],
      6,
    );
    const options = { ...b, source: '2001:db8:b:1::100' };
    await until('the rule', () => host.select(server6, options).table === 200);
    expect(host.select(server6, options)).toMatchObject({ gateway: 'fe80::b:1', firstHop: 'enforced' });
    expect(host.select(server6, { ...a, source: '2001:db8:a:1::100' })).toMatchObject({ firstHop: 'accidental' });
  });

  it('select: via an interface from the source of the router that will carry it (SAS-13 rule 5.5, SAS-16, SAS-22)', async () => {
    await lab.ipBatch('host', ['rule del pref 100'], 6);
    const near = (letter: string) => `2001:db8:${letter}:ffff::1`;
    const routes = (first: string, second: string, tail: (letter: string) => string) =>
      [first, second].map(
        (letter, at) => `route add default via fe80::${letter}:1 dev eth0 metric ${100 * (at + 1)}${tail(letter)}`,
      );
    const asked = [near('a'), near('b')];
    const sources = () => ({
      alone: asked.map((destination) => host.select(destination, { via: 'eth0' }).source),
      many: Array.from(host.selectMany(asked, { via: 'eth0' }), (path) => (path as Path).source),
      sorted: asked.map((destination) => host.sortDestinations([destination], { via: 'eth0' })[0]!.source),
    });
    const each = (expected: string[]) => ({ alone: expected, many: expected, sorted: expected });
    // Nobody has said which router advertised which prefix: the longest match decides, rule 8.
    expect(sources()).toEqual(each(['2001:db8:a:1::100', '2001:db8:b:1::100']));
    for (const [first, second] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      await lab.ipBatch(
        'host',
        ['route flush default', ...routes(first, second, (at) => ` src 2001:db8:${at}:1::100`)],
        6,
      );
      const source = `2001:db8:${first}:1::100`;
      await until('the routers to be known', () => sources().alone.every((each) => each === source));
      expect(sources()).toEqual(each([source, source]));
      expect(host.select(near(second), { via: 'eth0' }).gateway).toBe(`fe80::${first}:1`);
      // A source that was asked for is no matter of rules.
      const given = `2001:db8:${second}:1::100`;
      expect(host.select(near(second), { via: 'eth0', source: given }).source).toBe(given);
    }
  });
});
