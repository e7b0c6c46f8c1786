// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { Route } from '../../../lib/binding/contract.gen.ts';
import type { ElementType, PvdItem, ProvisioningDomain } from '../../../lib/pvd/provisioning-domain.ts';
import type { RecordOrigin } from '../../../lib/pvd/record.ts';
import { openSession } from '../../../lib/session/session.ts';
import { address, domain, FakeNetwork, link } from './fake-network.ts';
import { drain } from './reading.ts';

const eth1 = link(1);
const router = 'fe80::1';

const told = (
  element: ElementType,
  lifetime: number | null,
  origin: RecordOrigin = 'router-advertisements',
): PvdItem => ({
  origin,
  element,
  lifetime,
});
const elements = (...types: readonly ElementType[]) => ({ elements: types.map((type) => ({ type, version: 1 })) });

function route(over: Partial<Route>): Route {
  return {
    family: 6,
    destination: '::/0',
    type: 'unicast',
    table: 254,
    protocol: 'ra',
    scope: 'global',
    metric: 1024,
    tos: 0,
    index: 1,
    interface: 'eth1',
    flags: [],
    ...over,
  };
}

/** A network that router advertisements, DHCP and a policy all have spoken of. */
const whole: Partial<ProvisioningDomain> = {
  ...elements('ra', 'dhcpv4', 'policy'),
  prefixes: ['2001:db8:1::/64', '192.0.2.0/24'],
  routers: [{ address: router, interface: 'eth1', family: 6, metric: 1024, preference: 'high' }],
  routes: [route({ gateway: router, lifetime: 600 }), route({ destination: '2001:db8:1::/64', protocol: 'kernel' })],
  advertisedRoutes: [
    { destination: '::/0', gateway: router, preference: 'high', installed: true, ...told('ra', 600) },
    { destination: '203.0.113.0/24', gateway: '192.0.2.1', installed: false, ...told('dhcpv4', 900, 'networkd') },
  ],
  advertisedPrefixes: [
    {
      prefix: '2001:db8:1::/64',
      router,
      onLink: true,
      autonomous: true,
      preferredLifetime: 300,
      ...told('ra', null),
    },
  ],
  dns: {
    servers: [
      { address: '192.0.2.53', ...told('policy', null, 'policy') },
      { address: '192.0.2.1', interface: 'eth1', ...told('dhcpv4', 900, 'networkd') },
      { address: '2001:db8:1::53', interface: 'eth1', ...told('ra', 600) },
    ],
    searchDomains: ['example.net'],
    zones: ['corp.example'],
  },
  nat64Prefixes: [{ prefix: '64:ff9b::/96', ...told('ra', 1800) }],
  captivePortal: { apiUri: 'https://portal.example/api' },
  ntpServers: ['192.0.2.123'],
  trusted: true,
  connectivity: 'portal',
  mtu: 1400,
  metered: false,
};

const addresses = [
  address(eth1, '2001:db8:1::10', { validLifetime: 3600, preferredLifetime: 1800, origin: 'kernel-ra' }),
  address(eth1, '192.0.2.10', { validLifetime: 900, preferredLifetime: 900 }),
];

function opened(over: Partial<ProvisioningDomain> = whole) {
  const network = new FakeNetwork().put(eth1, domain(1, [eth1], addresses, over));
  const session = openSession(network);
  const ask = (information: string, element = 'any', pvd = 'pvd:1') => {
    session.post({ type: 'get-configuration-data', pvd, element, information });
    const answers = drain(session);
    expect(answers).toHaveLength(1);
    return answers[0] as { value?: unknown; reason?: string };
  };
  return { network, session, ask };
}

describe('get-configuration-data', () => {
  test('configuration data: there is exactly one answer, which echoes the request (MIF-45)', () => {
    const { session } = opened();
    const keys = { element: 'any', information: 'mtu', requestId: 5 };
    session.post({ type: 'get-configuration-data', pvd: 'pvd:1', ...keys });
    session.post({ type: 'get-configuration-data', pvd: 'pvd:77', ...keys });
    expect(drain(session)).toEqual([
      { type: 'configuration-data', pvd: { handle: 'pvd:1', id: 'eth1/192.0.2.1' }, ...keys, value: 1400 },
      { type: 'no-configuration-data', pvd: { handle: 'pvd:77', id: 'pvd:77' }, ...keys, reason: 'unknown-pvd' },
    ]);
  });

  test('configuration data: it begins nothing: later changes bring no message (MIF-45)', () => {
    const { network, session, ask } = opened();
    ask('mtu');
    network.change((it) => it.put(domain(1, [eth1], addresses, { ...whole, mtu: 1300 })));
    expect(session.get()).toBeUndefined();
    expect(ask('mtu')).toMatchObject({ value: 1300 });
  });

  test('configuration data: the chosen domain is meant by unspecified, and null has none (MIF-66)', () => {
    const { session, ask } = opened();
    expect(ask('mtu', 'any', 'null').reason).toBe('unknown-pvd');
    session.post({ type: 'connect-to-pvd', pvd: 'pvd:1' });
    drain(session);
    expect(ask('mtu', 'any', 'unspecified').value).toBe(1400);
  });

  test.each([
    ['any', 'x-example', 'unknown-identifier'],
    ['any', 'DNS_SERVER_LIST', 'unknown-identifier'],
    ['any', 'toString', 'unknown-identifier'],
    ['vpn', 'mtu', 'no-such-element'],
    ['x-example', 'mtu', 'no-such-element'],
    ['any', 'pvd-info', 'empty'],
    ['any', 'no-internet', 'empty'],
    ['policy', 'nat64-prefixes', 'empty'],
    ['policy', 'ntp-servers', 'empty'],
    ['any', 'dns-selection-rules', 'not-available-on-host'],
    ['any', 'address-policy', 'not-available-on-host'],
    ['any', 'http-proxy', 'not-available-on-host'],
    // Both may have said it, and the domain has it once.
    ['ra', 'captive-portal', 'not-available-on-host'],
  ])('configuration data: of %s there is no %s: %s (MIF-47)', (element, information, reason) => {
    const { ask } = opened();
    expect(ask(information, element)).toMatchObject({ type: 'no-configuration-data', element, information, reason });
  });
});

describe('values', () => {
  const eth1Reference = { id: 'if:1.1', index: 1, name: 'eth1' };
  const ofRouter = { origin: 'router-advertisements', element: 'ra' };
  const ofServer = { origin: 'networkd', element: 'dhcpv4' };

  test.each<[string, unknown]>([
    [
      'dns-server-list',
      [
        { address: '192.0.2.53', origin: 'policy', element: 'policy', lifetime: null },
        { address: '192.0.2.1', interface: 'eth1', lifetime: 900, ...ofServer },
        { address: '2001:db8:1::53', interface: 'eth1', lifetime: 600, ...ofRouter },
      ],
    ],
    ['dns-search-list', [{ domain: 'example.net' }]],
    ['dns-zones', ['corp.example']],
    ['pvd-id', 'eth1/192.0.2.1'],
    ['pvd-kind', 'implicit'],
    ['interfaces', [eth1Reference]],
    [
      'prefixes',
      [
        {
          prefix: '2001:db8:1::/64',
          onLink: true,
          autonomous: true,
          validLifetime: null,
          preferredLifetime: 300,
          router,
          ...ofRouter,
        },
        { prefix: '192.0.2.0/24', onLink: true, element: 'dhcpv4' },
      ],
    ],
    [
      'addresses',
      [
        {
          interface: eth1Reference,
          family: 6,
          address: '2001:db8:1::10',
          prefixLength: 64,
          state: 'preferred',
          temporary: false,
          shared: false,
          validLifetime: 3600,
          preferredLifetime: 1800,
          element: 'ra',
        },
        {
          interface: eth1Reference,
          family: 4,
          address: '192.0.2.10',
          prefixLength: 24,
          state: 'preferred',
          temporary: false,
          shared: false,
          validLifetime: 900,
          preferredLifetime: 900,
          element: 'dhcpv4',
        },
      ],
    ],
    ['default-routers', [{ router, interface: 'eth1', lifetime: 600, preference: 'high', metric: 1024, ...ofRouter }]],
    [
      'routes',
      [
        { prefix: '::/0', via: router, interface: 'eth1', metric: 1024, protocol: 'ra', lifetime: 600, ...ofRouter },
        {
          prefix: '2001:db8:1::/64',
          interface: 'eth1',
          metric: 1024,
          protocol: 'kernel',
          lifetime: null,
          element: 'ra',
        },
        { prefix: '203.0.113.0/24', via: '192.0.2.1', lifetime: 900, ...ofServer },
      ],
    ],
    ['mtu', 1400],
    ['nat64-prefixes', [{ prefix: '64:ff9b::/96', lifetime: 1800, ...ofRouter }]],
    ['captive-portal', { apiUri: 'https://portal.example/api' }],
    ['ntp-servers', ['192.0.2.123']],
    ['metered', false],
    ['connectivity', { state: 'portal' }],
    ['trust', { level: 'trusted', by: 'policy' }],
  ])('configuration data: %s has its shape (MIF-48)', (information, value) => {
    const { ask } = opened();
    expect(ask(information)).toEqual({
      type: 'configuration-data',
      pvd: { handle: 'pvd:1', id: 'eth1/192.0.2.1' },
      element: 'any',
      information,
      value,
    });
  });

  test('configuration data: of additional information, whether there is no Internet (MIF-48)', () => {
    const { ask } = opened({ ...elements('ra', 'pvd-info'), info: { identifier: 'example.net', noInternet: true } });
    expect(ask('pvd-info').value).toEqual({ identifier: 'example.net', noInternet: true });
    expect(ask('no-internet', 'pvd-info').value).toBe(true);
    expect(ask('no-internet', 'ra').reason).toBe('empty');
  });

  test('configuration data: a router that the kernel was told not to take is one all the same (MIF-48, G5)', () => {
    const { ask } = opened({ ...whole, routers: [], routes: [] });
    expect(ask('default-routers').value).toEqual([
      { router, interface: 'eth1', lifetime: 600, preference: 'high', ...ofRouter },
    ]);
  });

  test('configuration data: lifetimes are those of the moment of the request (MIF-39, MIF-48)', () => {
    const { network, ask } = opened();
    network.pass(100);
    expect(ask('nat64-prefixes').value).toMatchObject([{ lifetime: 1700 }]);
    expect(ask('addresses').value).toMatchObject([{ validLifetime: 3500 }, { validLifetime: 800 }]);
    expect(ask('prefixes').value).toMatchObject([{ validLifetime: null, preferredLifetime: 200 }, {}]);
    network.pass(10_000);
    expect(ask('nat64-prefixes').value).toMatchObject([{ lifetime: 0 }]);
  });
});

describe('one element', () => {
  test.each<[string, ElementType, unknown]>([
    ['dns-server-list', 'ra', [{ address: '2001:db8:1::53' }]],
    ['dns-server-list', 'dhcpv4', [{ address: '192.0.2.1' }]],
    ['dns-server-list', 'policy', [{ address: '192.0.2.53' }]],
    ['addresses', 'dhcpv4', [{ address: '192.0.2.10' }]],
    ['prefixes', 'ra', [{ prefix: '2001:db8:1::/64' }]],
    ['routes', 'dhcpv4', [{ prefix: '203.0.113.0/24' }]],
    ['ntp-servers', 'dhcpv4', ['192.0.2.123']],
    ['trust', 'policy', { level: 'trusted' }],
    ['interfaces', 'ra', [{ name: 'eth1' }]],
  ])('configuration data: the %s of %s are its own contribution alone (MIF-46)', (information, element, value) => {
    const { ask } = opened();
    const answer = ask(information, element);
    expect(answer.value).toMatchObject(value as object);
    if (Array.isArray(value)) expect(answer.value).toHaveLength(value.length);
  });
});
