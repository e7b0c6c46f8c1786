// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Address, Route } from '../../../lib/binding/contract.gen.ts';
import type { DomainState } from '../../../lib/pvd/domain-state.ts';
import { viewDomain } from '../../../lib/pvd/domain-view.ts';
import { implicitDomains } from '../../../lib/pvd/implicit.ts';
import { PvdRegistry } from '../../../lib/pvd/registry.ts';
import { address, moment, route, via } from './records.ts';

const current = (record: Address) => record;
const bare = { current, routes: [], isComplete: true, now: 0 };

function states(given: Parameters<typeof moment>[0]): Map<string, DomainState> {
  let count = 0;
  const registry = new PvdRegistry({ nextHandle: () => `pvd:${++count}` });
  const at = moment(given);
  registry.update(at.interface.id, at.interface, implicitDomains(at), 0);
  return new Map(registry.states.map((state) => [state.id, state]));
}

describe('view of a domain', () => {
  const [state] = states({
    addresses: [address('192.0.2.2/24', { validUntil: 61_500 }), address('2001:db8::2/64')],
    defaultRoutes: [via('192.0.2.1', { metric: 100 })],
  }).values() as Iterable<DomainState> as [DomainState];

  it('domain view: tells everything a domain has (PVD-01, PVD-31)', () => {
    expect(viewDomain(state, bare)).toEqual({
      handle: 'pvd:1',
      id: 'eth0/192.0.2.1',
      interfaces: ['eth0'],
      interfaceIds: ['if:3.1'],
      providers: ['192.0.2.1'],
      explicit: false,
      elements: [
        { type: 'dhcpv4', version: 1 },
        { type: 'static', version: 1 },
      ],
      addresses: [
        expect.objectContaining({ address: '192.0.2.2', state: 'preferred', shared: false, temporary: false }),
        expect.objectContaining({ address: '2001:db8::2', prefixLength: 64, validLifetime: null }),
      ],
      prefixes: ['192.0.2.0/24', '2001:db8::/64'],
      routers: [{ address: '192.0.2.1', interface: 'eth0', family: 4, metric: 100 }],
      routes: [],
      advertisedRoutes: [],
      advertisedPrefixes: [],
      dns: { servers: [], searchDomains: [], zones: [] },
      nat64Prefixes: [],
      ntpServers: [],
      categories: [],
      trusted: false,
      mtu: 1500,
      origin: 'dhcpv4',
    });
  });

  it('domain view: tells an address as the snapshot does, prolonged since it was last a change (C6, C12)', () => {
    const prolonged = (record: Address) => ({ ...record, preferredLifetime: 30, validLifetime: 60 });
    expect(viewDomain(state, { ...bare, current: prolonged }).addresses[0]).toMatchObject({
      address: '192.0.2.2',
      preferredLifetime: 30,
      validLifetime: 60,
    });
  });

  it('domain view: walks the routes once, and only when somebody reads them', () => {
    let walks = 0;
    const routes = {
      *[Symbol.iterator](): Iterator<Route> {
        ++walks;
        yield route('0.0.0.0/0', { gateway: '192.0.2.1' });
      },
    };
    const domain = viewDomain(state, { ...bare, routes });
    expect(domain.id).toBe('eth0/192.0.2.1');
    expect(walks).toBe(0);
    expect(domain.routes).toHaveLength(1);
    expect(domain.routes).toBe(domain.routes);
    expect(walks).toBe(1);
    expect(JSON.parse(JSON.stringify(domain)).routes).toHaveLength(1);
  });

  it('domain view: cannot be changed', () => {
    expect(Object.isFrozen(viewDomain(state, bare))).toBe(true);
  });
});

describe('routes of a domain', () => {
  const given = states({
    addresses: [address('192.0.2.2/24'), address('198.51.100.2/24'), address('2001:db8::2/64'), address('fe80::2/64')],
    defaultRoutes: [via('192.0.2.1'), via('198.51.100.1')],
  });
  const rows: [title: string, route: Route, owners: string[]][] = [
    ['through a router', route('10.0.0.0/8', { gateway: '192.0.2.1' }), ['eth0/192.0.2.1']],
    [
      'with a hop through a router',
      route('10.0.0.0/8', {
        index: undefined,
        nexthops: [
          { index: 9, gateway: '192.0.2.1', weight: 1, flags: [] },
          { index: 3, gateway: '198.51.100.1', weight: 1, flags: [] },
        ],
      }),
      ['eth0/198.51.100.1'],
    ],
    ['through another gateway of the link', route('10.0.0.0/8', { gateway: '192.0.2.77' }), []],
    ['through a router of that address elsewhere', route('10.0.0.0/8', { gateway: '192.0.2.1', index: 4 }), []],
    [
      'to its own network',
      route('192.0.2.0/24', { protocol: 'kernel', preferredSource: '192.0.2.2' }),
      ['eth0/192.0.2.1'],
    ],
    [
      'to an IPv6 network, which has no preferred source',
      route('2001:db8::/64', { protocol: 'kernel' }),
      ['eth0/static'],
    ],
    ['to another network on link', route('203.0.113.0/24'), ['eth0/192.0.2.1', 'eth0/198.51.100.1', 'eth0/static']],
    ['to link-local addresses', route('fe80::/64', { protocol: 'kernel' }), ['eth0/link-local']],
    ['that leads nowhere', route('10.0.0.0/8', { type: 'unreachable', gateway: '192.0.2.1' }), []],
    ['of the local table', route('192.0.2.2/32', { type: 'local', table: 255 }), []],
  ];
  it.each(rows)('domain view: a route %s (PVD-38)', (_, candidate, owners) => {
    const found = [...given.values()].filter(
      (state) => viewDomain(state, { ...bare, routes: [candidate] }).routes.length > 0,
    );
    expect(found.map(({ id }) => id)).toEqual(owners);
  });
});
