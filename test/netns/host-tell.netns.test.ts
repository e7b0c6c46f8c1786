// SPDX-License-Identifier: MIT
// What a program says of the networks of a host, on a real kernel with three uplinks: domains of its own, more about others,
// and what selects them.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { type HostOptions, openHost } from '../../lib/host/open-host.ts';
import type { HostChange } from '../../lib/snapshot/change.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

requires('root', 'ip')('what a program says of its networks', () => {
  let lab: Lab;
  let host: Host;

  beforeEach(async () => {
    lab = await Lab.up('dual-isp');
    host = await openHost({ netns: lab.netns('host') });
  });
  afterEach(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const domain = (id: string, on = host) => on.snapshot().pvds.find((pvd) => pvd.id === id);
  const open = async (options: HostOptions) => {
    await host.close();
    host = await openHost({ netns: lab.netns('host'), ...options });
  };

  it('tell: is in the next snapshot, and no longer when it is taken back (PVD-17, DNS-16)', () => {
    const { generation } = host.snapshot();
    const takeBack = host.tell({
      interface: 'a0',
      extends: 'fe80::a:1',
      categories: ['free'],
      metered: false,
      resolvers: ['2001:db8:a:1::53'],
      searchDomains: ['example.net'],
    });
    expect(domain('a0/fe80::a:1')).toMatchObject({
      categories: ['free'],
      metered: false,
      dns: {
        servers: [
          { address: '2001:db8:a:1::53', interface: 'a0', origin: 'policy', element: 'policy', lifetime: null },
        ],
        searchDomains: ['example.net'],
      },
    });
    expect(domain('b0/fe80::b:1')).toMatchObject({ categories: [], dns: { servers: [] } });
    expect(host.snapshot().generation).toBeGreaterThan(generation);
    takeBack();
    expect(domain('a0/fe80::a:1')).toMatchObject({ categories: [], dns: { servers: [] } });
  });

  it('tell: what it says selects networks, and those who wait are told (M01c, M02a, PVD-52)', async () => {
    await expect(host.when({ category: 'voice' }, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    const found = host.when({ category: 'voice' });
    host.tell({ interface: 'b0', categories: ['voice'], metered: true });
    expect(await found).toMatchObject({ interface: 'b0', pvd: 'b0/fe80::b:1' });
    expect(host.select('2001:db8:b:1::1', { via: { category: 'voice' } })).toMatchObject({ interface: 'b0' });
    expect(() => host.select('2001:db8:b:1::1', { via: { category: 'video' } })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_NO_PATH' }),
    );
    expect(host.select('10.2.0.1', { via: { metered: true } })).toMatchObject({ interface: 'b0' });
  });

  it('tell: changes are told with their cause, the domain of a policy with its end (MIF-27, MIF-30)', async () => {
    const changes: HostChange[] = [];
    host.on('change', (change) => changes.push(change));
    const hide = host.tell({ interface: 'wwan0', defines: 'corp', trusted: true, zones: ['corp.example'] });
    await until('the change', () => changes.length > 0);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      cause: 'policy',
      added: { pvds: [{ id: 'corp', providers: ['policy'], trusted: true, dns: { zones: ['corp.example'] } }] },
      removed: { pvds: [{ id: 'wwan0/static', endReason: 'superseded' }] },
    });
    expect(host.select('10.3.0.1', { via: 'corp' })).toMatchObject({ interface: 'wwan0', source: '10.3.0.2' });
    hide();
    await until('the change back', () => changes.length > 1);
    expect(changes[1]).toMatchObject({
      added: { pvds: [{ id: 'wwan0/static' }] },
      removed: { pvds: [{ id: 'corp', endReason: 'policy' }] },
    });
  });

  it('tell: a policy follows an interface that comes and goes (MIF-19)', async () => {
    host.tell({ interface: 'tun7', defines: 'vpn', categories: ['vpn'] });
    expect(domain('vpn')).toBeUndefined();
    await lab.ip('host', 'link add tun7 type veth peer name tun8');
    for (const end of ['tun7', 'tun8']) await lab.ip('host', `link set ${end} up`);
    await lab.ip('host', 'address add 10.77.0.2/24 dev tun7');
    await until('the domain', () => domain('vpn')?.addresses.length === 1);
    await lab.ip('host', 'link delete tun7');
    await until('its end', () => domain('vpn') === undefined);
  });

  it('tell: one trusted id on two interfaces is one domain, a carrier on each (PVD-08, MIF-28)', async () => {
    host.tell({ interface: 'a0', defines: 'office', prefixes: ['10.1.0.0/24'], trusted: true });
    host.tell({ interface: 'b0', defines: 'office', prefixes: ['10.2.0.0/24'], trusted: true });
    expect(host.snapshot().pvds.filter(({ id }) => id === 'office')).toMatchObject([
      { interfaces: ['a0', 'b0'], addresses: [{ address: '10.1.0.100' }, { address: '10.2.0.100' }] },
    ]);
    expect(host.select('10.2.0.1', { via: [{ require: { pvd: 'office', interface: 'b0' } }] })).toMatchObject({
      interface: 'b0',
      source: '10.2.0.100',
      pvd: 'office',
    });
    await lab.ip('host', 'link delete a0');
    await until('a0 to go', () => domain('office')?.interfaces.join() === 'b0');
  });

  it('tell: refuses what it does not understand, and after the end (SEC-25)', async () => {
    expect(() => host.tell({ interface: 'a0', metred: true } as object)).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' }),
    );
    await host.close();
    expect(() => host.tell({ interface: 'a0', metered: true })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_CLOSED' }),
    );
  });

  it('sources: are told with what they tell here; of the kernel alone there are none (PVD-84)', async () => {
    const fetching = host.capabilities.sources.filter(({ state }) => state !== 'unopened');
    expect(fetching.map(({ origin, state }) => `${origin} ${state}`)).toEqual([
      'pvd-information absent',
      'captive-portal absent',
    ]);
    expect(host.snapshot().pvds.length).toBeGreaterThan(0);
    await until('them to be open', () => host.capabilities.sources.every(({ state }) => state !== 'unopened'));
    await open({ sources: 'all' });
    const silent = host.capabilities.sources.filter(({ state, why }) => state !== 'working' && !why);
    expect(silent).toEqual([]);
    await open({ sources: 'kernel' });
    expect(host.capabilities.sources.every(({ state }) => state === 'absent')).toBe(true);
    await expect(openHost({ sources: ['dhclint'] as never })).rejects.toMatchObject({ code: 'ERR_MIF_INVALID_ARG' });
  });

  it('granularity: one domain for each interface, or for each family (PVD-10, PVD-12)', async () => {
    await open({ granularity: 'interface' });
    expect(domain('a0/all')).toMatchObject({ providers: ['all', 'fe80::a:1', '10.1.0.1'] });
    expect(host.select('10.1.0.1', { via: 'a0/all' })).toMatchObject({ interface: 'a0', source: '10.1.0.100' });
    await open({ granularity: 'family' });
    expect(domain('a0/ipv4')!.addresses.map(({ address }) => address)).toEqual(['10.1.0.100']);
    expect(domain('a0/ipv6')!.routes.map(({ destination }) => destination)).toContain('::/0');
    await expect(openHost({ granularity: 'prefix' as never })).rejects.toMatchObject({ code: 'ERR_MIF_INVALID_ARG' });
  });
});
