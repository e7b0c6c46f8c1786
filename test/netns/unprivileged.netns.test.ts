// SPDX-License-Identifier: MIT
// Everything but another namespace is for everybody: the package used by nobody, with no capability at all, inside a
// namespace (node-integration.md, Permissions).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHost } from '../../lib/host/open-host.ts';
import { connect, createUdpSocket } from '../../lib/mif/mif.ts';
import { outcomeOf } from '../lab/command.ts';
import { differences } from '../lab/comparison.ts';
import { type EchoServer, Lab } from '../lab/lab.ts';
import { Ledger, type Told } from '../lab/ledger.ts';
import { type Launcher, type Line, MifProcess, mif, mifJson } from '../lab/mif-command.ts';
import { ReadableCopy } from '../lab/nobody.ts';
import { askKernel, comparable, nouns } from '../lab/oracle.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const server4 = '198.51.100.80';

requires(
  'root',
  'ip',
  'nsenter',
  'setpriv',
)('unprivileged', () => {
  let lab: Lab;
  let server: EchoServer;
  let copy: ReadableCopy;
  /** `mif` as nobody in the node `host`. */
  let launcher: Launcher;

  beforeAll(async () => {
    copy = await ReadableCopy.make(['test/netns/program/sockets.mjs']);
    lab = await Lab.up('dual-isp');
    server = await lab.echoServer('inet');
    launcher = copy.launcher(lab, 'host', 'dist/cli/main.js');
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
    copy?.remove();
  });

  it('unprivileged: the launcher leaves no privilege', async () => {
    const [command, ...args] = launcher.slice(0, -2);
    const { stdout } = await outcomeOf(command!, [...args, 'cat', '/proc/self/status']);
    expect(stdout).toMatch(/^Uid:\s65534\s65534\s65534\s65534$/m);
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      expect(stdout).toMatch(new RegExp(`^${set}:\\s0{16}$`, 'm'));
  });

  it.each(nouns.filter((noun) => noun !== 'nexthops'))(
    'unprivileged: `mif ls %s` says the same as `ip`',
    async (noun) => {
      const listing = await mifJson(['ls', noun], launcher);
      expect(differences((await askKernel(lab, 'host'))[noun], comparable(noun, listing[noun]))).toEqual([]);
    },
  );

  it('unprivileged: `mif watch` tells a change', async () => {
    const watch = new MifProcess(['watch', '--json', 'addresses'], launcher);
    await watch.next('the snapshot', (line) => 'snapshot' in line);
    await lab.ip('host', 'addr add 10.1.0.200/24 dev a0');
    const change = await watch.next('the change', (line) => (line['added']?.addresses ?? []).length > 0);
    expect(change['added'].addresses).toMatchObject([
      { interface: 'a0', address: '10.1.0.200', flags: expect.arrayContaining(['secondary']) },
    ]);
    expect(await watch.end('SIGTERM')).toBe(0);
    await lab.ip('host', 'addr del 10.1.0.200/24 dev a0');
  });

  it('unprivileged: a `mif watch` that overslept finds out what it missed (A1, A2, MIF-84)', async () => {
    const watch = new MifProcess(['watch', '--json', 'routes'], launcher);
    const { snapshot } = await watch.next('the snapshot', (line) => 'snapshot' in line);
    const ledger = new Ledger(snapshot);
    const routes = Array.from({ length: 1000 }, (_, n) => `10.90.${n >> 8}.${n & 255}/32`);
    await lab.ipBatch(
      'host',
      routes.slice(0, 10).map((route) => `route add ${route} dev a0`),
    );
    await watch.next('the first routes', (line) => line['added']?.routes?.length > 0);
    // Nobody gets twice `rmem_max` at most (trap A3), and a notification takes more than 256 bytes of it.
    const enough = (2 * Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'))) / 256;
    const comeAndGo = ['route add 10.91.0.1/32 dev a0', 'route del 10.91.0.1/32 dev a0'];
    watch.child.kill('SIGSTOP');
    await lab.ipBatch(
      'host',
      Array(Math.ceil(enough / 2))
        .fill(comeAndGo)
        .flat(),
    );
    await lab.ipBatch('host', [
      ...routes.slice(10).map((route) => `route add ${route} dev a0`),
      ...routes.slice(0, 5).map((route) => `route del ${route} dev a0`),
      ...routes.slice(5, 10).map((route) => `route change ${route} dev a0 mtu 1400`),
    ]);
    watch.child.kill('SIGCONT');
    let applied = 1;
    await until('the missed routes', async () => {
      while (applied < watch.lines.length) ledger.apply(watch.lines[applied++] as Told);
      return ledger.entries('routes').some(({ destination }) => destination === routes.at(-1));
    });
    expect(watch.lines.slice(1).map(({ cause }) => cause)).toContain('resync');
    expect(ledger.contradictions).toEqual([]);
    expect(differences((await askKernel(lab, 'host')).routes, comparable('routes', ledger.entries('routes')))).toEqual(
      [],
    );
    // What was there before and after is never told as gone and come (MIF-84).
    const removed = watch.lines.slice(1).flatMap((line) => line['removed']?.routes ?? []);
    expect(removed.map(({ destination }) => destination).toSorted()).toEqual(routes.slice(0, 5).toSorted());
    expect(await watch.end('SIGTERM')).toBe(0);
    await lab.ipBatch(
      'host',
      routes.slice(5).map((route) => `route del ${route} dev a0`),
    );
  });

  it('unprivileged: `mif session` announces, and connects through each domain (F4)', async () => {
    const session = new MifProcess(['session'], launcher);
    await session.enumerate({ type: 'announce-interfaces' });
    const lines = await session.enumerate({ type: 'announce-provisioning-domain', interface: '*' });
    const domains = lines.filter(
      (line) => ['a0', 'b0'].includes(line['interface']?.name) && line['origin'] !== 'link-local',
    );
    expect(domains).toHaveLength(2);
    for (const { pvd, interface: on } of domains) {
      session.post({
        type: 'connect-to-address',
        address: server4,
        port: server.port,
        pvd: pvd.handle,
        connectionId: on.name,
      });
      const outcome = await session.next(on.name, (line: Line) => line['connectionId'] === on.name);
      expect(outcome).toMatchObject({
        type: 'connected',
        interface: on,
        source: on.name === 'a0' ? '10.1.0.100' : '10.2.0.100',
      });
    }
    expect(await session.end()).toBe(0);
  });

  it.each([
    ['a0', server4, '10.1.0.100'],
    ['b0', server4, '10.2.0.100'],
    ['b0', '[2001:db8:ffff::80]', '2001:db8:b:1::100'],
  ])('unprivileged: `mif connect --via %s` to %s leaves by it', async (device, address, source) => {
    const text = 'to be sent back\n';
    const { code, stdout, stderr } = await mif(
      ['connect', `${address}:${server.port}`, '--via', device],
      launcher,
      text,
    );
    const [greeting, ...echo] = stdout.split('\n');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(greeting!)).toMatchObject({ peer: source });
    expect(echo.join('\n')).toBe(text);
  });

  it('unprivileged: every kind of socket, held to an interface; marks say what they need (F4, F10)', async () => {
    await using far = await openHost({ netns: lab.netns('inet') });
    await using echo = await createUdpSocket({ host: far, type: 'udp4', packetInfo: true, source: server4 });
    echo.on('message', (data, { address, port }) => void echo.send(`${data} from ${address}`, { address, port }));
    const [command, ...args] = copy.launcher(lab, 'host', 'test/netns/program/sockets.mjs');
    const child = spawn(command!, [...args, 'b0', server4, String(echo.address().port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { port } = JSON.parse((await lines.next()).value);
    const client = await connect({ address: '10.2.0.100', port }, { host: far });
    client.on('error', () => {});
    const told = JSON.parse((await lines.next()).value);
    client.destroy();
    expect(told).toEqual({
      mark: {
        code: 'ERR_MIF_PERMISSION',
        message: expect.stringMatching(/option mark to 7: .*CAP_NET_ADMIN/),
        hint: expect.any(String),
      },
      plain: 'plain from 10.2.0.100',
      udp: 'info from 10.2.0.100',
      info: expect.objectContaining({ interface: 'b0', index: 12, destination: '10.2.0.100', address: server4 }),
      server: '::ffff:10.2.0.100',
    });
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
  });

  it('unprivileged: `mif select --oracle` asks the kernel, for any mark and any user (E3)', async () => {
    const add = ['rule add pref 100 fwmark 0x10/0xff lookup 100', 'rule add pref 101 uidrange 4711-4711 lookup 100'];
    await lab.ipBatch('host', [...add, 'route add default via 10.2.0.1 dev b0 table 100']);
    const asked = (...words: string[]) => mifJson(['select', server4, '--oracle', ...words], launcher);
    const why = expect.stringContaining('the kernel says so');
    expect(await asked()).toMatchObject({ interface: 'a0', why });
    expect(await asked('--mark', '0x10')).toMatchObject({ interface: 'b0', table: 100, why });
    expect(await asked('--uid', '4711')).toMatchObject({ interface: 'b0', table: 100, why });
    expect(await asked('--via', 'b0')).toMatchObject({ interface: 'b0', source: '10.2.0.100', why });
    await lab.ipBatch('host', ['rule del pref 100', 'rule del pref 101', 'route flush table 100']);
  });

  it('unprivileged: another namespace is refused with exit 4, and the capability is named', async () => {
    const { code, stdout, stderr } = await mif(['ls', '--json', '--netns', lab.netns('ra')], launcher);
    const { error } = JSON.parse(stdout);
    expect({ code, error }).toMatchObject({ code: 4, error: { code: 'ERR_MIF_PERMISSION' } });
    expect(`${error.message} ${error.hint}`).toContain('CAP_SYS_ADMIN');
    expect(stderr).toContain('CAP_SYS_ADMIN');
  });

  it('unprivileged: a namespace that is not there is refused as such, not as a lack of privilege', async () => {
    const { code, stdout } = await mif(['ls', '--json', '--netns', 'no-such-namespace'], launcher);
    expect({ code, error: JSON.parse(stdout).error }).toMatchObject({
      code: 1,
      error: { code: 'ERR_MIF_NAMESPACE_NOT_FOUND' },
    });
  });
});
