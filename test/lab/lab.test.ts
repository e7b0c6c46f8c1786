// SPDX-License-Identifier: MIT
// The lab itself: what other tests take for granted of it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from './command.ts';
import { Daemon } from './daemon.ts';
import { type IpEntry, Lab } from './lab.ts';
import { requires } from './requirements.ts';
import { until } from './until.ts';
import { watch } from './watchdog.ts';

/** Whether a process runs; one that ended and that nobody asked about yet does not. */
function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function namespaces(): Promise<string> {
  return run('ip', ['netns', 'list']);
}

requires(
  'root',
  'ip',
  'nsenter',
)('lab', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  it('lab: is up within 100 ms of a quiet machine, and within 1 s of a busy one', async () => {
    const before = performance.now();
    await using another = await Lab.up('dual-isp');
    expect(another.nodes).toEqual(['host', 'ra', 'rb', 'rc', 'inet']);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('lab: each uplink leads to the server by itself', async () => {
    const { port } = await lab.echoServer('inet');
    await lab.ipBatch('host', [
      ...rulesBySource(uplinks4),
      ...uplinks4.map(([device, , via], n) => table(n, device, via)),
    ]);
    await lab.ipBatch(
      'host',
      uplinks6.flatMap(([device, , via], n) => [table(n, device, via)]),
    );
    await lab.ipBatch('host', rulesBySource(uplinks6), 6);
    const attempts = [
      ...uplinks4.map(([, source]) => [source, '198.51.100.80']),
      ...uplinks6.map(([, source]) => [source, '2001:db8:ffff::80']),
    ];
    const answers = await lab.exec('host', process.execPath, '-e', client, `${port}`, JSON.stringify(attempts));
    const seen = answers
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(seen.map(({ peer, local }) => [peer, local])).toEqual(attempts);
    for (const device of ['a0', 'b0', 'wwan0']) {
      const [{ stats64 }] = (await lab.json('host', `-s link show ${device}`)) as [IpEntry];
      expect(stats64.tx.packets, device).toBeGreaterThan(3);
    }
  });

  it('lab: gives every interface of a topology another index', async () => {
    const entries = (await Promise.all(lab.nodes.map((node) => lab.json(node, 'link')))).flat();
    const indexes = entries.filter(({ ifname }) => ifname !== 'lo').map(({ ifindex }) => ifindex);
    expect(new Set(indexes).size).toBe(indexes.length);
    expect(indexes.length).toBe(12);
  });

  it('lab: leaves no namespace and no process behind', async () => {
    const passing = await Lab.up('single');
    const parent = await passing.daemon('host', 'sh', ['-c', 'sleep 1000 & echo child $!; wait'], /child/);
    const [, child] = await parent.says(/child (\d+)/);
    // A child that outlives its parent is the lab's, too.
    const orphan = await passing.daemon('host', 'sh', ['-c', 'sleep 1000 >&- 2>&- & echo child $!'], /child/);
    const [, grandchild] = await orphan.says(/child (\d+)/);
    await until('the parent to end', () => orphan.hasEnded);
    expect(isAlive(child!) && isAlive(grandchild!)).toBe(true);
    expect(await namespaces()).toContain(passing.prefix);
    await passing[Symbol.asyncDispose]();
    expect(await namespaces()).not.toContain(passing.prefix);
    await until('both to end', () => !isAlive(child!) && !isAlive(grandchild!));
  });

  it('lab: is gone also when the process that built it is killed', async () => {
    const name = `${lab.prefix}orphan`;
    await run('ip', ['netns', 'add', name]);
    const stray = new Daemon(`/run/netns/${name}`, 'sleep', ['1000']);
    const holder = spawn(process.execPath, ['-e', holdsWatchdog, JSON.stringify(watch('/nonexistent', [name]))]);
    await once(holder.stdout, 'data');
    expect(await namespaces()).toContain(name);
    holder.kill('SIGKILL');
    await until('the namespace to go', async () => !(await namespaces()).includes(name));
    await until('the process in it to go', () => stray.hasEnded);
    expect(stray.child.signalCode).toBe('SIGKILL');
  });

  it('lab: names the command and the reason when a node refuses it', async () => {
    await expect(lab.ip('host', 'link set nothing up')).rejects.toThrow(/link set nothing up.*Cannot find device/s);
    expect(() => lab.netns('nowhere')).toThrow(/no node nowhere; it has host, ra/);
  });
});

requires(
  'root',
  'ip',
  'nsenter',
  'radvd',
  'dnsmasq',
)('lab daemons', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.up('single');
    await lab.ip('host', 'addr add 10.1.0.100/24 dev eth0');
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  it('lab: what radvd advertises becomes an address and a route of the host', async () => {
    const prefix = 'prefix 2001:db8:a:1::/64 { AdvOnLink on; AdvAutonomous on; };';
    const radvd = await lab.radvd('ra', `interface lan { AdvSendAdvert on; ${prefix} };`);
    await until('an address', async () => (await lab.ip('host', 'addr show dev eth0')).includes('2001:db8:a:1:'));
    expect(await lab.ip('host', '-6 route show default')).toContain('via fe80::a:1 dev eth0 proto ra');
    await radvd.stop();
    expect(radvd.hasEnded).toBe(true);
  });

  it('lab: dnsmasq answers in the lab', async () => {
    await lab.dnsmasq('ra', 'interface=lan\nbind-interfaces\naddress=/host.example.com/10.1.0.80');
    const ask = `
      const resolver = new (require('node:dns').promises.Resolver)();
      resolver.setServers(['10.1.0.1']);
      resolver.resolve4('host.example.com').then((addresses) => console.log(addresses.join()));`;
    expect(await lab.exec('host', process.execPath, '-e', ask)).toBe('10.1.0.80\n');
  });

  it('lab: a daemon that cannot start says why', async () => {
    await expect(lab.radvd('ra', 'nonsense')).rejects.toThrow(/radvd ended early.*syntax error/s);
  });
});

type Uplink = [device: string, source: string, via: string];

const uplinks4: Uplink[] = [
  ['a0', '10.1.0.100', 'via 10.1.0.1'],
  ['b0', '10.2.0.100', 'via 10.2.0.1'],
  ['wwan0', '10.3.0.2', ''],
];
const uplinks6: Uplink[] = [
  ['a0', '2001:db8:a:1::100', 'via fe80::a:1'],
  ['b0', '2001:db8:b:1::100', 'via fe80::b:1'],
];

/** A source address alone does not choose the way (trap F1), so each gets a table of its own. */
function rulesBySource(uplinks: Uplink[]): string[] {
  return uplinks.map(([, source], n) => `rule add pref 10 from ${source} table ${100 + n}`);
}

function table(n: number, device: string, via: string): string {
  return `route add default ${via} dev ${device} table ${100 + n}`;
}

/** Connects from each address in turn and prints what the server says. */
const client = `
  const [port, attempts] = [Number(process.argv[1]), JSON.parse(process.argv[2])];
  const next = () => {
    const [localAddress, host] = attempts.shift() ?? [];
    if (!host) return;
    const socket = require('node:net').connect({ host, port, localAddress });
    socket.on('data', (text) => { process.stdout.write(text); socket.destroy(); next(); });
  };
  next();`;

/** Starts the watchdog and does nothing more. */
const holdsWatchdog = `
  require('node:child_process').spawn(...JSON.parse(process.argv[1])).on('spawn', () => console.log('holding'));
  setInterval(() => {}, 1000);`;
