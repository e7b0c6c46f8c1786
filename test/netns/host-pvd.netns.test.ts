// SPDX-License-Identifier: MIT
// Provisioning domains of a host on real kernels: what uplinks are, and how their domains end.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import type { HostChange } from '../../lib/snapshot/change.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

requires('root', 'ip')('domains of a host with three uplinks', () => {
  let lab: Lab;
  let host: Host;
  let changes: HostChange[];

  beforeEach(async () => {
    lab = await Lab.up('dual-isp');
    host = await openHost({ netns: lab.netns('host') });
    changes = [];
    host.on('change', (change) => changes.push(change));
  });
  afterEach(async () => {
    host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const ids = () =>
    host
      .snapshot()
      .pvds.map(({ id }) => id)
      .sort();
  const handleOf = (id: string) => host.snapshot().pvds.find((pvd) => pvd.id === id)?.handle;
  const removed = () =>
    changes.flatMap(({ removed }) => removed.pvds ?? []).map(({ id, endReason }) => `${id} ${endReason}`);
  const gone = (id: string) => until(`${id} to go`, () => !ids().includes(id));

  it('domains: one dual-stack domain per router, static without one, link-local beside them (PVD-10, PVD-12, MIF-92)', () => {
    expect(ids()).toEqual([
      'a0/fe80::a:1',
      'a0/link-local',
      'b0/fe80::b:1',
      'b0/link-local',
      'wwan0/link-local',
      'wwan0/static',
    ]);
    const a = host.snapshot().pvds.find(({ id }) => id === 'a0/fe80::a:1')!;
    expect(a).toMatchObject({
      interfaces: ['a0'],
      providers: ['fe80::a:1', '10.1.0.1'],
      prefixes: ['10.1.0.0/24', '2001:db8:a:1::/64'],
      origin: 'static',
    });
    expect(a.routers.map(({ address, metric }) => `${address} ${metric}`)).toEqual(['fe80::a:1 100', '10.1.0.1 100']);
    expect(a.addresses.map(({ address, shared }) => `${address} ${shared}`)).toEqual([
      '10.1.0.100 false',
      '2001:db8:a:1::100 false',
    ]);
    expect(a.routes.map(({ destination }) => destination).sort()).toEqual([
      '0.0.0.0/0',
      '10.1.0.0/24',
      '2001:db8:a:1::/64',
      '::/0',
    ]);
  });

  it('domains: end with their interface and are others when it returns (MIF-23, MIF-27, PVD-27)', async () => {
    const handle = handleOf('a0/fe80::a:1');
    await lab.ip('host', 'link del a0');
    await gone('a0/fe80::a:1');
    expect(removed().sort()).toEqual(['a0/fe80::a:1 interface-gone', 'a0/link-local interface-gone']);
    await lab.ipBatch('host', [
      'link add a0 index 11 type veth peer name a1 index 19',
      'link set a0 up',
      'link set a1 up',
      'addr add 10.1.0.100/24 dev a0',
      'route add default via 10.1.0.1 dev a0 metric 100',
    ]);
    await until('a0 to be back', () => handleOf('a0/10.1.0.1'));
    expect(handleOf('a0/10.1.0.1')).not.toBe(handle);
    expect([...host.snapshot().interfaces].find(({ name }) => name === 'a0')?.id).toBe('if:11.2');
  });

  it('domains: end at once when their interface is taken down (PVD-18)', async () => {
    await lab.ip('host', 'link set b0 down');
    await gone('b0/fe80::b:1');
    expect(removed().sort()).toEqual(['b0/fe80::b:1 interface-down', 'b0/link-local interface-down']);
  });

  it('domains: outlive a flap of carrier, and end when it stays away for 5 s (PVD-18, B2)', async () => {
    const handle = handleOf('b0/fe80::b:1');
    const isRunning = (running: boolean) =>
      until(`b0 ${running ? 'with' : 'without'} carrier`, () =>
        [...host.snapshot().interfaces].some((link) => link.name === 'b0' && link.running === running),
      );
    const validated = () => host.snapshot().pvds.find(({ id }) => id === 'b0/fe80::b:1')?.validated;
    await lab.ip('rb', 'link set lan down');
    await isRunning(false);
    expect([handleOf('b0/fe80::b:1'), validated()]).toEqual([handle, false]);
    await lab.ip('rb', 'link set lan up');
    await isRunning(true);
    expect([handleOf('b0/fe80::b:1'), validated()]).toEqual([handle, undefined]);

    await lab.ip('rb', 'link set lan down');
    await isRunning(false);
    const lostAt = performance.now();
    const generation = host.snapshot().generation;
    await gone('b0/fe80::b:1');
    expect(performance.now() - lostAt).toBeGreaterThan(4_500);
    expect(removed()).toContain('b0/fe80::b:1 interface-down');
    // Nothing happened in the kernel, and yet the picture is another one.
    expect(host.snapshot().generation).toBeGreaterThan(generation);
    expect(changes.at(-1)).toMatchObject({ cause: 'inferred', generation: host.snapshot().generation });
  }, 30_000);

  it('domains: keep their handle without a router while they have addresses (G2, PVD-19)', async () => {
    const handle = handleOf('a0/fe80::a:1');
    await lab.ipBatch('host', ['route del default dev a0']);
    await lab.ipBatch('host', ['route del default dev a0'], 6);
    await until('the routers to go', () => {
      const pvd = host.snapshot().pvds.find(({ id }) => id === 'a0/fe80::a:1');
      return pvd !== undefined && pvd.routers.length === 0;
    });
    expect(handleOf('a0/fe80::a:1')).toBe(handle);
    await lab.ip('host', 'addr flush dev a0');
    await gone('a0/fe80::a:1');
    expect(removed()).toContain('a0/fe80::a:1 withdrawn');
  });

  it('domains: a route through a router changes its domain and no other (PVD-38)', async () => {
    changes.length = 0;
    await lab.ip('host', 'route add 203.0.113.0/24 via 10.2.0.1');
    await until('the route', () => changes.some(({ added }) => added.routes !== undefined));
    const pairs = changes.flatMap(({ changed }) => changed.pvds ?? []);
    expect(pairs.map(({ after }) => after.id)).toEqual(['b0/fe80::b:1']);
    const destinations = (pvd: (typeof pairs)[number]['after']) => pvd.routes.map(({ destination }) => destination);
    expect(destinations(pairs[0]!.before)).not.toContain('203.0.113.0/24');
    expect(destinations(pairs[0]!.after)).toContain('203.0.113.0/24');
  });

  it('domains: neither traffic nor neighbours make a change of a domain', async () => {
    await lab.exec('host', 'ping', '-c', '1', '-W', '1', '10.1.0.1').catch(() => {});
    await lab.ipBatch('host', [
      'neigh replace 10.1.0.1 lladdr 02:00:00:00:00:15 dev a0',
      'neigh replace 10.1.0.77 lladdr 02:00:00:00:00:77 dev a0',
    ]);
    await until('the neighbours', () =>
      changes.some(({ added }) => added.neighbours?.some(({ address }) => address === '10.1.0.77')),
    );
    expect(
      changes.flatMap(({ added, changed, removed }) => [added.pvds, changed.pvds, removed.pvds]).filter(Boolean),
    ).toEqual([]);
  });
});

requires(
  'root',
  'ip',
  'radvd',
)('domains of routers that advertise', () => {
  const advertise = (letter: 'a' | 'b', lifetime = 600) => `
    interface lan {
      AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultLifetime ${lifetime};
      prefix 2001:db8:${letter}:1::/64 { AdvValidLifetime 3600; AdvPreferredLifetime 1800; };
    };`;

  it('domains: two routers on one link are two, and each one shares what nothing tells apart (PVD-11, PVD-13, MIF-90)', async () => {
    await using lab = await Lab.up('two-providers-one-link');
    await lab.radvd('ra', advertise('a'));
    await lab.radvd('rb', advertise('b'));
    await using host = await openHost({ netns: lab.netns('host') });
    const pvds = () => host.snapshot().pvds.filter(({ origin }) => origin === 'ra');
    await until('both prefixes', () => pvds().length === 2 && pvds().every(({ addresses }) => addresses.length === 2));
    expect(
      pvds()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['eth0/fe80::a:1', 'eth0/fe80::b:1']);
    expect(pvds().flatMap(({ addresses }) => addresses.map(({ shared }) => shared))).toEqual([true, true, true, true]);

    // With one source-specific default route each, it is known whose is whose (D14).
    for (const letter of ['a', 'b']) {
      await lab.exec(
        'host',
        'ip',
        '-6',
        'route',
        'add',
        'default',
        'from',
        `2001:db8:${letter}:1::/64`,
        'via',
        `fe80::${letter}:1`,
        'dev',
        'eth0',
        'metric',
        '512',
      );
    }
    await until('the prefixes to be told apart', () => pvds().every(({ addresses }) => addresses.length === 1));
    expect(
      pvds()
        .map(({ id, prefixes }) => `${id} ${prefixes}`)
        .sort(),
    ).toEqual(['eth0/fe80::a:1 2001:db8:a:1::/64', 'eth0/fe80::b:1 2001:db8:b:1::/64']);
  });

  it('domains: a router that withdraws leaves its domain without a router and with its addresses (G2, X14)', async () => {
    await using lab = await Lab.up('single');
    const radvd = await lab.radvd('ra', advertise('a'));
    await using host = await openHost({ netns: lab.netns('host') });
    const pvd = () => host.snapshot().pvds.find(({ id }) => id === 'eth0/fe80::a:1');
    await until('the router', () => pvd()?.routers.length === 1);
    const handle = pvd()!.handle;
    expect(pvd()).toMatchObject({ origin: 'ra', routers: [{ address: 'fe80::a:1', preference: 'medium' }] });
    // Its last advertisement has a router lifetime of 0.
    await radvd.stop();
    await until('the router to withdraw', () => pvd()?.routers.length === 0);
    expect(pvd()).toMatchObject({ handle, origin: 'ra', addresses: [{ prefixLength: 64 }] });
  });
});
