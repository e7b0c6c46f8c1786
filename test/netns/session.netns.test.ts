// SPDX-License-Identifier: MIT
// `mif session` as a program in any language meets it, in the lab with two providers: what it announces, that each
// connection leaves by the uplink of its domain, what it says when an uplink goes, and that nothing is left of it.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../lab/command.ts';
import { type EchoServer, Lab } from '../lab/lab.ts';
import { type Line, MifProcess } from '../lab/mif-command.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';
const server6 = '2001:db8:ffff::80';

/** Packets that a node has sent through an interface. */
async function sent(lab: Lab, node: string, device: string): Promise<number> {
  const [link] = await lab.json(node, `-s link show dev ${device}`);
  return link!['stats64'].tx.packets;
}

/** Established TCP connections of a node, one line each. */
async function connections(lab: Lab, node: string): Promise<string[]> {
  const text = await lab.exec(node, 'ss', '-H', '-t', '-n', 'state', 'established');
  return text.split('\n').filter((line) => line !== '');
}

const typeIs = (type: string) => (line: Line) => line['type'] === type;
const outcomeOf = (id: string | number) => (line: Line) =>
  ['connected', 'not-connected'].includes(line['type']) && line['connectionId'] === id;

requires(
  'root',
  'ip',
  'nsenter',
)('mif session', () => {
  let lab: Lab;
  let server: EchoServer;
  let session: MifProcess;

  beforeEach(async () => {
    lab = await Lab.up('dual-isp');
    server = await lab.echoServer('inet');
    session = new MifProcess(['session', '--netns', lab.netns('host')]);
  });
  afterEach(async () => {
    await session?.end('SIGKILL');
    await lab?.[Symbol.asyncDispose]();
  });

  /** Announces all interfaces and domains; the domains by the name of their interface, `link-local` ones left out. */
  async function domains(): Promise<Map<string, Line>> {
    await session.enumerate({ type: 'announce-interfaces' });
    const lines = await session.enumerate({ type: 'announce-provisioning-domain', interface: '*' });
    const uplinks = lines
      .filter(typeIs('provisioning-domain-announcement'))
      .filter(({ origin }) => origin !== 'link-local');
    return new Map(uplinks.map((line) => [line['interface'].name, line]));
  }

  it('mif session: announces interfaces, domains and addresses, and ends each list with enumeration-done (MIF-13, MIF-17, MIF-21, MIF-38)', async () => {
    const interfaces = await session.enumerate({ type: 'announce-interfaces' });
    expect(interfaces.at(-1)).toMatchObject({ type: 'enumeration-done', extension: true });
    expect(interfaces.slice(0, -1).map(({ type, interface: on }) => [type, on.name, on.index])).toEqual([
      ['interface-announcement', 'lo', 1],
      ['interface-announcement', 'a0', 11],
      ['interface-announcement', 'b0', 12],
      ['interface-announcement', 'wwan0', 13],
    ]);

    // One router of each family on an interface is one dual-stack domain (PVD-12).
    const known = await domains();
    expect([...known].map(([name, { pvd, families }]) => [name, pvd.id, families])).toEqual([
      ['a0', 'a0/fe80::a:1', [4, 6]],
      ['b0', 'b0/fe80::b:1', [4, 6]],
      ['wwan0', expect.stringMatching(/^wwan0\//), [4]],
    ]);
    expect(known.get('a0')!['providers'].toSorted()).toEqual(['10.1.0.1', 'fe80::a:1']);

    const { pvd } = known.get('a0')!;
    const addresses = await session.enumerate({ type: 'announce-address', pvd: pvd.handle });
    expect(addresses.at(-1)).toMatchObject({ type: 'enumeration-done', pvd });
    const told = addresses
      .slice(0, -1)
      .map(({ address, prefixLength, state }) => `${address}/${prefixLength} ${state}`);
    expect(told.toSorted()).toEqual(['10.1.0.100/24 preferred', '2001:db8:a:1::100/64 preferred']);
  });

  it('mif session: tells elements, data and a link that is set down, one line each (MIF-31, MIF-45, MIF-72, MIF-77)', async () => {
    const { pvd } = (await domains()).get('a0')!;
    const elements = await session.enumerate({ type: 'announce-configuration-element', pvd: pvd.handle });
    expect(elements.at(-1)).toMatchObject({ type: 'enumeration-done', pvd });
    expect(elements.slice(0, -1)).toContainEqual({
      type: 'configuration-element-announcement',
      pvd,
      element: 'static',
      version: expect.any(Number),
    });

    const keys = { pvd: pvd.handle, element: 'any', requestId: 7 };
    session.post({ type: 'get-configuration-data', ...keys, information: 'default-routers' });
    session.post({ type: 'get-configuration-data', ...keys, information: 'x-example' });
    const data = await session.readUntil('both answers', typeIs('no-configuration-data'));
    expect(data.at(-1)).toMatchObject({ requestId: 7, reason: 'unknown-identifier' });
    expect(data.find(typeIs('configuration-data'))).toMatchObject({
      pvd,
      requestId: 7,
      value: expect.arrayContaining([
        expect.objectContaining({ router: '10.1.0.1', interface: 'a0', element: 'static' }),
      ]),
    });

    // Hints are answered by nothing.
    session.post({ type: 'wants-to-connect' });
    session.post({ type: 'connection-is-idle' });
    await lab.exec('host', 'ip', 'link', 'set', 'a0', 'down');
    const lines = await session.readUntil('the end of the domain', typeIs('no-provisioning-domain-announcement'));
    const at = (type: string) => lines.findIndex(typeIs(type));
    expect(lines[0]).toMatchObject({ type: 'interface-is-going-away', reason: 'admin', confidence: 'inferred' });
    expect(at('no-configuration-element-announcement')).toBeGreaterThan(0);
    expect(lines.filter(typeIs('request-failed'))).toEqual([]);
  });

  it('mif session: connects to one server through each domain, and each connection keeps to its own uplink (MIF-56, MIF-63)', async () => {
    const known = await domains();
    const each = 20;
    const routes: [device: string, other: string, address: string, source: string][] = [
      ['a0', 'b0', server4, '10.1.0.100'],
      ['b0', 'a0', server4, '10.2.0.100'],
      ['a0', 'b0', server6, '2001:db8:a:1::100'],
      ['b0', 'a0', server6, '2001:db8:b:1::100'],
      ['wwan0', 'a0', server4, '10.3.0.2'],
    ];
    for (const [device, other, address, source] of routes) {
      const [own, foreign] = [await sent(lab, 'host', device), await sent(lab, 'host', other)];
      const { pvd } = known.get(device)!;
      const ids = Array.from({ length: each }, (_, n) => `${device} ${address} ${n}`);
      for (const connectionId of ids) {
        session.post({ type: 'connect-to-address', address, port: server.port, pvd: pvd.id, connectionId });
      }
      for (const connectionId of ids) {
        const outcome = await session.next(connectionId, (line) => line['connectionId'] === connectionId);
        expect(outcome).toMatchObject({
          type: 'connected',
          source,
          address,
          pvd,
          enforcement: 'strict',
          interface: { name: device },
        });
      }
      // A connection is at least SYN and ACK; what else passes is one neighbour solicited, or routers.
      expect((await sent(lab, 'host', device)) - own, `${device} to ${address}`).toBeGreaterThanOrEqual(2 * each);
      expect((await sent(lab, 'host', other)) - foreign, `${other} meanwhile`).toBeLessThan(each);
    }
    // The server's own picture: who it sees.
    const seen = await connections(lab, 'inet');
    for (const [, , , source] of routes)
      expect(seen.filter((line) => line.includes(`${source}]:`) || line.includes(`${source}:`)).length, source).toBe(
        each,
      );
  });

  it('mif session: connects from the address it is told to, or not at all (MIF-57)', async () => {
    const { pvd } = (await domains()).get('b0')!;
    const request = { type: 'connect-to-address-from-address', address: server4, port: server.port, pvd: pvd.handle };
    session.post({ ...request, source: '10.2.0.100', connectionId: 'its own' });
    expect(await session.next('an outcome', outcomeOf('its own'))).toMatchObject({
      type: 'connected',
      source: '10.2.0.100',
    });
    session.post({ ...request, source: '10.1.0.100', connectionId: 'of another' });
    expect(await session.next('an outcome', outcomeOf('of another'))).toMatchObject({
      type: 'not-connected',
      reason: 'source-not-in-pvd',
    });
  });

  it('mif session: when a link is removed its addresses go first, then its domains, then the interface (MIF-23, MIF-77)', async () => {
    const { pvd } = (await domains()).get('a0')!;
    await session.enumerate({ type: 'announce-address', pvd: pvd.handle });
    await lab.ip('host', 'link del a0');
    const gone = (line: Line) => line['type'] === 'no-interface-announcement' && line['interface'].name === 'a0';
    const story = (await session.readUntil('the end of a0', gone)).filter(({ type }) => type.startsWith('no-'));

    const steps = story.filter((line) => line['pvd']?.handle === pvd.handle || gone(line)).map(({ type }) => type);
    expect(steps).toEqual([
      'no-address-announcement',
      'no-address-announcement',
      'no-provisioning-domain-announcement',
      'no-interface-announcement',
    ]);
    const ended = story.find(
      (line) => line['type'] === 'no-provisioning-domain-announcement' && line['pvd'].handle === pvd.handle,
    );
    expect(['interface-gone', 'interface-down']).toContain(ended!['reason']);
    // Nobody else lost anything.
    expect(story.filter((line) => line['interface']?.name !== 'a0')).toEqual([]);
  });

  it('mif session: a connection survives the loss of another uplink, and is told of its own by no-announcements (MIF-64)', async () => {
    const known = await domains();
    for (const device of ['a0', 'b0']) {
      const { pvd } = known.get(device)!;
      session.post({
        type: 'connect-to-address',
        address: server4,
        port: server.port,
        pvd: pvd.handle,
        connectionId: device,
      });
      expect((await session.next(device, outcomeOf(device)))['type']).toBe('connected');
    }
    await lab.ip('host', 'link del a0');
    await session.next('the end of a0', typeIs('no-interface-announcement'));
    expect((await connections(lab, 'host')).filter((line) => line.includes('10.2.0.100'))).toHaveLength(1);
    const { pvd } = known.get('b0')!;
    session.post({
      type: 'connect-to-address',
      address: server4,
      port: server.port,
      pvd: pvd.handle,
      connectionId: 'after',
    });
    expect((await session.next('after', outcomeOf('after')))['type']).toBe('connected');
  });

  it('mif session: a link taken down withdraws its domains and stays announced; up again it has new ones (MIF-15, MIF-27, PVD-18, PVD-27)', async () => {
    const { pvd } = (await domains()).get('b0')!;
    await lab.ip('host', 'link set b0 down');
    const end = (line: Line) =>
      line['type'] === 'no-provisioning-domain-announcement' && line['pvd'].handle === pvd.handle;
    expect(await session.next('the end of the domain', end)).toMatchObject({
      reason: 'interface-down',
      interface: { name: 'b0' },
    });
    await lab.ipBatch('host', [
      'link set b0 up',
      'addr replace 2001:db8:b:1::100/64 dev b0',
      'route replace default via 10.2.0.1 dev b0 metric 200',
    ]);
    const back = (line: Line) =>
      line['type'] === 'provisioning-domain-announcement' &&
      line['interface'].name === 'b0' &&
      line['origin'] !== 'link-local';
    expect((await session.next('a new domain', back))['pvd'].handle).not.toBe(pvd.handle);
    expect(session.lines.filter(typeIs('no-interface-announcement'))).toEqual([]);
  });

  it('mif session: killed, it leaves no connection and no process behind (MIF-12)', async () => {
    const { pvd } = (await domains()).get('a0')!;
    session.post({ type: 'connect-to-address', address: server4, port: server.port, pvd: pvd.handle, connectionId: 1 });
    await session.next('an outcome', outcomeOf(1));
    expect(await connections(lab, 'inet')).toHaveLength(1);
    expect(await session.end('SIGKILL')).toBe('SIGKILL');
    await until('the server to be alone', async () => (await connections(lab, 'inet')).length === 0);
    expect(await connections(lab, 'host')).toEqual([]);
    expect(await run('ip', ['netns', 'pids', lab.netns('host')])).toBe('');
  });

  it.each(['end of input', 'SIGTERM', 'SIGINT'])(
    'mif session: ends with exit 0 and whole lines on %s',
    async (reason) => {
      await session.enumerate({ type: 'announce-interfaces' });
      const signal = reason === 'end of input' ? undefined : (reason as NodeJS.Signals);
      expect(await session.end(signal)).toBe(0);
      expect(session.stderr).toBe('');
    },
  );

  it('mif session: what was posted before the end of input is answered', async () => {
    session.post({ type: 'announce-interfaces' });
    expect(await session.end()).toBe(0);
    expect(session.lines.map(({ type }) => type)).toEqual([
      ...Array(4).fill('interface-announcement'),
      'enumeration-done',
    ]);
  });
});
