// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from 'vitest';
import { implicitDomains } from '../../../lib/pvd/implicit.ts';
import { carrierGraceMs, PvdRegistry } from '../../../lib/pvd/registry.ts';
import { address, link, moment, via } from './records.ts';

const v4 = address('192.0.2.2/24');
const v6 = address('2001:db8:1::2/64');
const linkLocal = address('fe80::2/64');
const four = via('192.0.2.1');
const six = via('fe80::1');

let registry: PvdRegistry;
let known: Map<string, string>;
let together: readonly (readonly string[])[];

beforeEach(() => {
  let count = 0;
  registry = new PvdRegistry({ nextHandle: () => `pvd:${++count}` });
  known = new Map();
  together = [];
});

/** Gives the registry one moment of an interface, as the kernel source would; returns what that ended, with reasons. */
function give(given: Parameters<typeof moment>[0] & { gone?: true }, now = 0): string[] {
  const wereTogether = (a: string, b: string) => together.some((group) => group.includes(a) && group.includes(b));
  const at = moment({ wereTogether, ...given });
  const drafts = implicitDomains(at);
  together = drafts.map(({ providers }) => providers);
  registry.update(at.interface.id, given.gone ? undefined : at.interface, drafts, now);
  return ended();
}

function ended(): string[] {
  const present = new Map(registry.states.map(({ handle, id }) => [handle, id]));
  const gone = [...known].filter(([handle]) => !present.has(handle));
  known = present;
  return gone.map(([handle, id]) => `${handle} ${id} ${registry.endReason(handle)}`);
}

const present = () => registry.states.map(({ handle, id }) => `${handle} ${id}`);
const members = (id: string) =>
  registry.states.find((state) => state.id === id)?.members.map(({ record }) => record.address.address);

describe('identity', () => {
  it('domain: its id is the interface and the router, IPv6 first where both are new (PVD-24, PVD-25)', () => {
    give({ addresses: [v4, v6], defaultRoutes: [four, six] });
    expect(present()).toEqual(['pvd:1 eth0/fe80::1']);
    expect(registry.states[0]!.providers).toEqual(['fe80::1', '192.0.2.1']);
  });

  it('domain: keeps the id of the provider seen first when another joins, and lists it second (PVD-24)', () => {
    give({ addresses: [v4], defaultRoutes: [four] });
    expect(give({ addresses: [v4, v6], defaultRoutes: [four, six] })).toEqual([]);
    expect(present()).toEqual(['pvd:1 eth0/192.0.2.1']);
    expect(registry.states[0]!.providers).toEqual(['192.0.2.1', 'fe80::1']);
  });

  it('domain: keeps id and handle when the provider that named it goes and another stays', () => {
    give({ addresses: [v4, v6], defaultRoutes: [four, six] });
    expect(give({ addresses: [v4, v6], defaultRoutes: [four] })).toEqual([]);
    expect(present()).toEqual(['pvd:1 eth0/fe80::1']);
    expect(registry.states[0]!.providers).toEqual(['192.0.2.1']);
  });

  it('domain: keeps id and handle over changes of prefix, metric, MTU and lifetimes (M-id, PVD-24, PVD-53)', () => {
    give({ addresses: [v6], defaultRoutes: [six] });
    const renewed = address('2001:db8:1::2/64', { validUntil: 9e6 });
    const renumbered = address('2001:db8:9::2/64');
    give({ addresses: [renewed], defaultRoutes: [via('fe80::1', { metric: 5, preference: 'high' })] });
    give({ interface: link('eth0', 3, { mtu: 1280 }), addresses: [renewed, renumbered], defaultRoutes: [six] });
    expect(give({ addresses: [renumbered], defaultRoutes: [six] })).toEqual([]);
    expect(present()).toEqual(['pvd:1 eth0/fe80::1']);
  });

  it('domain: keeps the text of its id when its interface is renamed, and tells the new name (M-id, MIF-19)', () => {
    give({ addresses: [v6], defaultRoutes: [six] });
    expect(give({ interface: link('lan0', 3), addresses: [v6], defaultRoutes: [six] })).toEqual([]);
    expect(registry.states.map(({ id, interfaceName }) => [id, interfaceName])).toEqual([['eth0/fe80::1', 'lan0']]);
  });

  it('domain: two interfaces that had the same name never share an id', () => {
    give({ addresses: [v6], defaultRoutes: [six] });
    give({ interface: link('lan0', 3), addresses: [v6], defaultRoutes: [six] });
    give({ interface: link('eth0', 4), addresses: [v6], defaultRoutes: [six] });
    expect(present()).toEqual(['pvd:1 eth0/fe80::1', 'pvd:2 eth0/fe80::1~2']);
  });

  it('domain: another router address is another id (M-id, PVD-11)', () => {
    give({ addresses: [v6], defaultRoutes: [six] });
    expect(give({ addresses: [v6], defaultRoutes: [via('fe80::9')] })).toEqual(['pvd:1 eth0/fe80::1 superseded']);
    expect(present()).toEqual(['pvd:2 eth0/fe80::9']);
  });

  it('domain: one that ended and returned has a new handle and its old id (M-id, PVD-27)', () => {
    give({ addresses: [v4], defaultRoutes: [four] });
    give({ addresses: [v4, v6], defaultRoutes: [four, six] });
    expect(give({})).toEqual(['pvd:1 eth0/192.0.2.1 withdrawn']);
    give({ addresses: [v4, v6], defaultRoutes: [four, six] });
    expect(present()).toEqual(['pvd:2 eth0/192.0.2.1']);
  });

  it('domain: of two that turn out to be one router the older goes on (PVD-12)', () => {
    const routes = [four, via('192.0.2.9'), six];
    give({ addresses: [v4], defaultRoutes: [four, via('192.0.2.9')] });
    give({ addresses: [v4, v6], defaultRoutes: routes });
    expect(present()).toEqual(['pvd:1 eth0/192.0.2.1', 'pvd:2 eth0/192.0.2.9', 'pvd:3 eth0/fe80::1']);
    const macs = { 'fe80::1': '02:00:00:00:00:09', '192.0.2.9': '02:00:00:00:00:09' };
    expect(give({ addresses: [v4, v6], defaultRoutes: routes, macs })).toEqual(['pvd:3 eth0/fe80::1 superseded']);
    expect(registry.states[1]!.providers).toEqual(['192.0.2.9', 'fe80::1']);
  });

  it('domain: when one router turns out to be two, the one that named it keeps it (PVD-24)', () => {
    give({ addresses: [v4, v6], defaultRoutes: [four, six] });
    const macs = { 'fe80::1': '02:00:00:00:00:01', '192.0.2.1': '02:00:00:00:00:02', 'fe80::7': '02:00:00:00:00:07' };
    give({ addresses: [v4, v6], defaultRoutes: [four, six, via('fe80::7')], macs });
    expect(present()).toEqual(['pvd:1 eth0/fe80::1', 'pvd:2 eth0/fe80::7', 'pvd:3 eth0/192.0.2.1']);
  });
});

describe('beginning', () => {
  it('domain: begins with its first usable address, not before (MIF-26, C3, C4)', () => {
    const tentative = address('2001:db8:1::2/64', { flags: ['tentative'] });
    const failed = address('2001:db8:1::2/64', { flags: ['tentative', 'dad-failed'] });
    give({ addresses: [], defaultRoutes: [six] });
    give({ addresses: [tentative], defaultRoutes: [six] });
    give({ addresses: [failed], defaultRoutes: [six] });
    expect(present()).toEqual([]);
    give({ addresses: [failed, v6], defaultRoutes: [six] });
    expect(present()).toEqual(['pvd:1 eth0/fe80::1']);
    expect(members('eth0/fe80::1')).toHaveLength(2);
  });

  it('domain: an optimistic or deprecated address is enough (C5, C8, MIF-40)', () => {
    give({ addresses: [address('2001:db8:1::2/64', { flags: ['tentative', 'optimistic'] })], defaultRoutes: [six] });
    give({
      interface: link('eth1', 4),
      addresses: [address('2001:db8:1::2/64', { validUntil: 1e9, preferredLifetime: 0 })],
    });
    expect(present()).toEqual(['pvd:1 eth0/fe80::1', 'pvd:2 eth1/static']);
    expect(registry.states[1]!.members[0]!.record.state).toBe('deprecated');
  });

  it('domain: a router that appears takes over from static (PVD-12 step 4)', () => {
    give({ addresses: [v4, linkLocal] });
    expect(present()).toEqual(['pvd:1 eth0/static', 'pvd:2 eth0/link-local']);
    expect(give({ addresses: [v4, linkLocal], defaultRoutes: [four] })).toEqual(['pvd:1 eth0/static superseded']);
    expect(present()).toEqual(['pvd:2 eth0/link-local', 'pvd:3 eth0/192.0.2.1']);
  });

  it('domain: none begins on an interface without carrier (PVD-18)', () => {
    give({ interface: link('eth0', 3, { running: false }), addresses: [v4], defaultRoutes: [four] });
    expect(present()).toEqual([]);
    give({ addresses: [v4], defaultRoutes: [four] });
    expect(present()).toEqual(['pvd:1 eth0/192.0.2.1']);
  });
});

describe('end', () => {
  it('domain: ends at once when its interface is taken down (PVD-18, MIF-27)', () => {
    give({ addresses: [v4, linkLocal], defaultRoutes: [four] });
    expect(give({ interface: link('eth0', 3, { adminUp: false, running: false }), addresses: [v4] })).toEqual([
      'pvd:1 eth0/192.0.2.1 interface-down',
      'pvd:2 eth0/link-local interface-down',
    ]);
  });

  it('domain: ends when its interface is gone, and a new device with its index has nothing of it (B9, MIF-19)', () => {
    give({ addresses: [v4], defaultRoutes: [four] });
    expect(give({ gone: true })).toEqual(['pvd:1 eth0/192.0.2.1 interface-gone']);
    give({ interface: link('eth0', 3, { generation: 2 }), addresses: [v4], defaultRoutes: [four, six] });
    expect(present()).toEqual(['pvd:2 eth0/fe80::1']);
  });

  it('domain: outlives a short loss of carrier, unvalidated (PVD-18, B2)', () => {
    const lost = link('eth0', 3, { running: false });
    give({ addresses: [v4], defaultRoutes: [four] }, 1_000);
    expect(give({ interface: lost, addresses: [v4], defaultRoutes: [four] }, 2_000)).toEqual([]);
    expect(registry.states[0]!.validated).toBe(false);
    expect(registry.nextDeadline).toBe(2_000 + carrierGraceMs);
    // More news of the dead link do not prolong it.
    give({ interface: lost, addresses: [v4], defaultRoutes: [] }, 4_000);
    expect(registry.nextDeadline).toBe(2_000 + carrierGraceMs);
    registry.expire(2_000 + carrierGraceMs - 1);
    give({ addresses: [v4], defaultRoutes: [four] }, 6_999);
    expect(present()).toEqual(['pvd:1 eth0/192.0.2.1']);
    expect(registry.states[0]!.validated).toBeUndefined();
    expect(registry.nextDeadline).toBeUndefined();
  });

  it('domain: ends when carrier stays away for the grace period, and is new when it returns (PVD-18, PVD-27)', () => {
    give({ addresses: [v4], defaultRoutes: [four] }, 1_000);
    give({ interface: link('eth0', 3, { running: false }), addresses: [v4], defaultRoutes: [four] }, 2_000);
    registry.expire(2_000 + carrierGraceMs);
    expect(ended()).toEqual(['pvd:1 eth0/192.0.2.1 interface-down']);
    expect(registry.nextDeadline).toBeUndefined();
    give({ addresses: [v4], defaultRoutes: [four] }, 9_000);
    expect(present()).toEqual(['pvd:2 eth0/192.0.2.1']);
  });

  it('domain: lives on without a router while its addresses do (G2, PVD-19)', () => {
    give({ addresses: [v6, linkLocal], defaultRoutes: [six] });
    expect(give({ addresses: [v6, linkLocal] })).toEqual([]);
    expect(registry.states[0]).toMatchObject({ id: 'eth0/fe80::1', routers: [], providers: ['fe80::1'] });
    // Whatever else is configured meanwhile is its own: nobody else is there (PVD-12 step 4).
    give({ addresses: [v6, linkLocal, address('2001:db8:1::99/64'), v4] });
    expect(members('eth0/fe80::1')).toEqual(['2001:db8:1::2', '2001:db8:1::99', '192.0.2.2']);
    give({ addresses: [v6, linkLocal], defaultRoutes: [six] });
    expect(present()).toEqual(['pvd:1 eth0/fe80::1', 'pvd:2 eth0/link-local']);
    expect(give({ addresses: [linkLocal] })).toEqual(['pvd:1 eth0/fe80::1 withdrawn']);
  });

  it('domain: of two routers one withdraws and keeps what evidently was its own (G2, D14)', () => {
    const specific = [via('fe80::1', { source: '2001:db8:1::/64' }), via('fe80::2', { source: '2001:db8:2::/64' })];
    const addresses = [v6, address('2001:db8:2::2/64')];
    give({ addresses, defaultRoutes: specific });
    expect(give({ addresses, defaultRoutes: [specific[1]!] })).toEqual([]);
    expect(members('eth0/fe80::1')).toEqual(['2001:db8:1::2']);
    expect(members('eth0/fe80::2')).toEqual(['2001:db8:2::2']);
    // It stays so however often it is looked at.
    expect(give({ addresses: [...addresses], defaultRoutes: [specific[1]!] })).toEqual([]);
    expect(members('eth0/fe80::1')).toEqual(['2001:db8:1::2']);
  });

  it('domain: of two routers that share all addresses, the one that withdraws ends', () => {
    const addresses = [v6, address('2001:db8:2::2/64')];
    give({ addresses, defaultRoutes: [six, via('fe80::2')] });
    expect(give({ addresses, defaultRoutes: [via('fe80::2')] })).toEqual(['pvd:1 eth0/fe80::1 superseded']);
    expect(registry.states[0]!.members.map(({ shared }) => shared)).toEqual([false, false]);
  });

  it('domain: an address that reached the end of its life has expired, one removed early was withdrawn (C7)', () => {
    give({ addresses: [address('2001:db8:1::2/64', { validUntil: 60_000 })], defaultRoutes: [six] }, 0);
    give({ interface: link('eth1', 4), addresses: [address('2001:db8:3::2/64', { validUntil: 60_000 })] }, 0);
    expect(give({ defaultRoutes: [six] }, 59_500)).toEqual(['pvd:1 eth0/fe80::1 expired']);
    expect(give({ interface: link('eth1', 4) }, 30_000)).toEqual(['pvd:2 eth1/static withdrawn']);
  });
});

describe('versions', () => {
  it('domain: the same object as long as nothing of it changed (C6)', () => {
    give({ addresses: [v4], defaultRoutes: [four] });
    const [before] = registry.states;
    give({
      interface: link('eth0', 3, { transmitQueueLength: 7 }),
      addresses: [v4],
      defaultRoutes: [via('192.0.2.1')],
    });
    expect(registry.states[0]).toBe(before);
  });

  it('element: its version grows with its own content only (MIF-34)', () => {
    const leased = address('192.0.2.2/24', { validUntil: 1e6 });
    const versions = () => registry.states[0]!.elements.map(({ type, version }) => `${type} ${version}`);
    give({ addresses: [leased], defaultRoutes: [via('fe80::1', { protocol: 'ra' }), four] });
    expect(versions()).toEqual(['ra 1', 'dhcpv4 1', 'static 1']);
    give({
      addresses: [address('192.0.2.2/24', { validUntil: 2e6 })],
      defaultRoutes: [via('fe80::1', { protocol: 'ra' }), four],
    });
    expect(versions()).toEqual(['ra 1', 'dhcpv4 2', 'static 1']);
  });

  it('domain: the same list as long as no domain changed', () => {
    give({ addresses: [v4], defaultRoutes: [four] });
    const before = registry.states;
    give({ addresses: [v4], defaultRoutes: [four] });
    give({ interface: link('lo', 1) });
    expect(registry.states).toBe(before);
    give({ interface: link('eth1', 4), addresses: [v4] });
    expect(registry.states).not.toBe(before);
  });
});
