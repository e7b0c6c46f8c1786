// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from 'vitest';
import type { DomainDraft } from '../../../lib/pvd/draft.ts';
import type { Granularity } from '../../../lib/pvd/granularity.ts';
import { type Grouping, group } from '../../../lib/pvd/grouping.ts';
import { implicitDomains } from '../../../lib/pvd/implicit.ts';
import type { PortalRecord, PvdRecord, ResolverRecord } from '../../../lib/pvd/record.ts';
import { ToldMemory } from '../../../lib/pvd/told-memory.ts';
import { address, moment, via } from './records.ts';
import { advertised, header, lasting, lease, onEth0, option, policy, prefix, resolver } from './told-records.ts';

let memory: ToldMemory;

beforeEach(() => {
  memory = new ToldMemory();
});

interface Given extends NonNullable<Parameters<typeof moment>[0]> {
  records?: PvdRecord[];
  lastResort?: ResolverRecord[];
  granularity?: Granularity;
  now?: number;
}

function grouping({ records = [], lastResort = [], granularity = 'router', now = 0, ...kernel }: Given): Grouping {
  const at = moment(kernel);
  return group({ link: at.interface, drafts: implicitDomains(at), records, lastResort, granularity, now, memory });
}

/** `kind name-or-provider: members; resolvers` of each domain. */
function drafts(given: Given): string[] {
  return grouping(given).drafts.map(text);
}

function text({ kind, name, providers, members, told }: DomainDraft): string {
  const addresses = members.map(({ record, shared }) => record.address.address + (shared ? '*' : ''));
  const servers = told?.servers.map((server) => server.address) ?? [];
  return `${kind} ${name ?? providers.join('+')}: ${[addresses.join(' '), ...servers].join('; ')}`;
}

const one = address('2001:db8:1::2/64');
const two = address('2001:db8:2::2/64');
const v4 = address('192.0.2.2/24', { validUntil: 3_600_000 });
const routes = [via('fe80::1'), via('fe80::2')];

describe('routers', () => {
  it('grouping: without records the drafts of the kernel are the domains (PVD-12)', () => {
    expect(drafts({ addresses: [one, v4, address('fe80::9/64')], defaultRoutes: [via('fe80::1')] })).toEqual([
      'router fe80::1: 2001:db8:1::2 192.0.2.2',
      'link-local link-local: fe80::9',
    ]);
  });

  it('grouping: two routers on a link are two domains, each with its own prefix and resolvers (PVD-11, PVD-13)', () => {
    const records = [
      advertised('fe80::1', { prefixes: [prefix('2001:db8:1::/64')], resolvers: [lasting('2001:db8:1::53')] }),
      advertised('fe80::2', { prefixes: [prefix('2001:db8:2::/64')], resolvers: [lasting('2001:db8:2::53')] }),
    ];
    expect(drafts({ addresses: [one, two], defaultRoutes: routes, records })).toEqual([
      'router fe80::1: 2001:db8:1::2; 2001:db8:1::53',
      'router fe80::2: 2001:db8:2::2; 2001:db8:2::53',
    ]);
  });

  it('grouping: a prefix of both routers is in both domains, shared in the one that spoke earlier (PVD-13)', () => {
    const said = (router: string, saidAt: number) =>
      advertised(router, { prefixes: [prefix('2001:db8:1::/64', { saidAt })] });
    const given = { addresses: [one], defaultRoutes: routes };
    expect(drafts({ ...given, records: [said('fe80::1', 5), said('fe80::2', 9)] })).toEqual([
      'router fe80::1: 2001:db8:1::2*',
      'router fe80::2: 2001:db8:1::2',
    ]);
    expect(drafts({ ...given, records: [said('fe80::1', 12), said('fe80::2', 9)] })).toEqual([
      'router fe80::1: 2001:db8:1::2',
      'router fe80::2: 2001:db8:1::2*',
    ]);
  });

  it('grouping: a router that is no default router has its domain all the same (PVD-12, G2)', () => {
    const records = [
      advertised('fe80::1', { prefixes: [prefix('2001:db8:1::/64')], header: header({ until: 0 }) }),
      advertised('fe80::2', { prefixes: [prefix('2001:db8:2::/64')] }),
    ];
    const { drafts: found } = grouping({ addresses: [one, two], defaultRoutes: [via('fe80::2')], records });
    expect(found.map(text)).toEqual(['router fe80::2: 2001:db8:2::2', 'router fe80::1: 2001:db8:1::2']);
    expect(found.map(({ routers }) => routers.length)).toEqual([1, 0]);
  });

  it('grouping: a router that moved to another address leaves nothing behind (PVD-11, PVD-19)', () => {
    const records = [
      advertised('fe80::1', { prefixes: [prefix('2001:db8:1::/64', { saidAt: 1 })], header: header({ until: 0 }) }),
      advertised('fe80::2', { prefixes: [prefix('2001:db8:1::/64', { saidAt: 2 })] }),
    ];
    expect(drafts({ addresses: [one], defaultRoutes: [via('fe80::2')], records })).toEqual([
      'router fe80::2: 2001:db8:1::2',
    ]);
  });

  it('grouping: the only router of the advertisements is one with the only IPv4 gateway (PVD-10, PVD-12)', () => {
    const records = [advertised('fe80::1', { prefixes: [prefix('2001:db8:1::/64')], header: header({ until: 0 }) })];
    expect(drafts({ addresses: [one, v4], defaultRoutes: [via('192.0.2.1')], records })).toEqual([
      'router fe80::1+192.0.2.1: 2001:db8:1::2 192.0.2.2',
    ]);
  });

  it('grouping: what no router claims belongs to the only router there is (PVD-12)', () => {
    const records = [advertised('fe80::1', { header: header({ until: 0 }), prefixes: [prefix('2001:db8:1::/64')] })];
    expect(drafts({ addresses: [one, v4], records })).toEqual(['router fe80::1: 2001:db8:1::2 192.0.2.2']);
  });

  it('grouping: options that the kernel passes on are not counted where the whole was heard (G1)', () => {
    const half = advertised('fe80::1', {
      origin: 'nd-user-options',
      header: undefined,
      resolvers: [lasting('2001:db8::53')],
    });
    const given = { addresses: [one], defaultRoutes: [via('fe80::1')] };
    expect(drafts({ ...given, records: [half] })).toEqual(['router fe80::1: 2001:db8:1::2; 2001:db8::53']);
    expect(drafts({ ...given, records: [half, advertised('fe80::1')] })).toEqual(['router fe80::1: 2001:db8:1::2']);
  });
});

describe('explicit domains', () => {
  it('grouping: a PvD id makes a domain of its own, what is unlabelled stays apart (PVD-04, PVD-12)', () => {
    const records = [
      advertised('fe80::1', { prefixes: [prefix('2001:db8:1::/64')] }),
      advertised('fe80::1', { pvd: option('Video.Example.'), prefixes: [prefix('fd01::/64')] }),
    ];
    expect(drafts({ addresses: [one, address('fd01::2/64')], defaultRoutes: [via('fe80::1')], records })).toEqual([
      'explicit video.example: fd01::2',
      'router fe80::1: 2001:db8:1::2',
    ]);
  });

  it('grouping: a router all of whose words are labelled has no implicit domain (PVD-12, PVD-64)', () => {
    const records = [advertised('fe80::1', { pvd: option('a.example'), prefixes: [prefix('2001:db8:1::/64')] })];
    const { drafts: found } = grouping({
      addresses: [one],
      defaultRoutes: [via('fe80::1', { metric: 100 })],
      records,
    });
    expect(found.map(text)).toEqual(['explicit a.example: 2001:db8:1::2']);
    expect(found[0]!.routers).toMatchObject([{ address: 'fe80::1', metric: 100, preference: 'medium' }]);
  });

  it('grouping: addresses that no advertisement explains stay with the router that they point to (PVD-12)', () => {
    const records = [advertised('fe80::1', { pvd: option('a.example'), prefixes: [prefix('2001:db8:1::/64')] })];
    const given = { addresses: [one, v4], defaultRoutes: [via('fe80::1'), via('192.0.2.1')], records };
    expect(drafts(given)).toEqual(['explicit a.example: 2001:db8:1::2', 'router 192.0.2.1: 192.0.2.2']);
  });

  it('grouping: several explicit domains of one router, and one of several routers (PVD-62)', () => {
    const records = [
      advertised('fe80::1', { pvd: option('a.example'), prefixes: [prefix('2001:db8:1::/64')] }),
      advertised('fe80::1', { pvd: option('b.example'), prefixes: [prefix('2001:db8:2::/64')] }),
      advertised('fe80::2', { pvd: option('B.example.'), resolvers: [lasting('2001:db8:2::53')] }),
    ];
    const { drafts: found } = grouping({ addresses: [one, two], defaultRoutes: routes, records });
    expect(found.map(text)).toEqual([
      'explicit a.example: 2001:db8:1::2',
      'explicit b.example: 2001:db8:2::2; 2001:db8:2::53',
    ]);
    expect(found[1]!.providers).toEqual(['fe80::1', 'fe80::2']);
  });

  // A router for hosts of old, and one for those that know provisioning domains.
  const legacyLife = { until: 6_000_000 };
  const cafe = address('2001:db8:cafe::2/64');
  const food = address('2001:db8:f00d::2/64');
  const bar = advertised('fe80::b', {
    pvd: option('bar.example.org'),
    header: header({ until: 1_600_000 }),
    prefixes: [prefix('2001:db8:f00d::/64')],
    resolvers: [lasting('2001:db8:f00d::53')],
  });
  const foo = (until: number) =>
    advertised('fe80::a', {
      pvd: option('foo.example.org'),
      header: header({ until }),
      prefixes: [prefix('2001:db8:cafe::/64')],
      resolvers: [lasting('2001:db8:cafe::53')],
    });
  const kernel = { addresses: [cafe, food], defaultRoutes: [via('fe80::a')] };

  it('grouping: RFC 8801 section 5.2: addresses of both, the way out only through the second (PVD-65, PVD-61)', () => {
    const { drafts: found } = grouping({ ...kernel, records: [foo(0), bar] });
    expect(found.map(text)).toEqual([
      'explicit foo.example.org: 2001:db8:cafe::2; 2001:db8:cafe::53',
      'explicit bar.example.org: 2001:db8:f00d::2; 2001:db8:f00d::53',
    ]);
    expect(found.map(({ routers }) => routers.map((router) => router.address))).toEqual([[], ['fe80::b']]);
    expect(found.map(({ told }) => told!.routes.map((route) => `${route.prefix} ${route.via}`))).toEqual([
      [],
      ['::/0 fe80::b'],
    ]);
  });

  it('grouping: RFC 8801 section 5.3: without an inner header both are ways out (PVD-65)', () => {
    const { drafts: found } = grouping({ ...kernel, records: [foo(legacyLife.until), bar] });
    expect(found.map(({ routers }) => routers.map((router) => router.address))).toEqual([['fe80::a'], ['fe80::b']]);
    expect(found[0]!.routers[0]!.metric).toBe(1024);
    expect(found[1]!.routers[0]!.metric).toBeUndefined();
  });
});

describe('leases', () => {
  const managed = (router: string, fields: Parameters<typeof header>[0], text: string) =>
    advertised(router, { header: header(fields), prefixes: [prefix(text)] });

  it('grouping: DHCPv6 that only informs belongs to all whose router sets the O flag (PVD-14)', () => {
    const records = [
      managed('fe80::1', { otherConfig: true }, '2001:db8:1::/64'),
      managed('fe80::2', {}, '2001:db8:2::/64'),
      advertised('fe80::2', { pvd: option('a.example'), header: header({ otherConfig: true }) }),
      lease(6, { resolvers: ['2001:db8::53'] }),
    ];
    expect(drafts({ addresses: [one, two], defaultRoutes: routes, records })).toEqual([
      'explicit a.example: ; 2001:db8::53',
      'router fe80::1: 2001:db8:1::2; 2001:db8::53',
      'router fe80::2: 2001:db8:2::2',
    ]);
  });

  it('grouping: an assigned address belongs to whose router sets the M flag and has its prefix (PVD-15)', () => {
    const assigned = address('2001:db8:1::99/128');
    const records = [
      managed('fe80::1', {}, '2001:db8:1::/64'),
      managed('fe80::2', { managed: true }, '2001:db8:1::/64'),
      lease(6, { addresses: ['2001:db8:1::99'], resolvers: ['2001:db8::53'] }),
    ];
    const { drafts: found, misconfigured } = grouping({ addresses: [assigned], defaultRoutes: routes, records });
    expect(found.map(text)).toEqual(['router fe80::1: ', 'router fe80::2: 2001:db8:1::99; 2001:db8::53']);
    expect(misconfigured).toBe(0);
  });

  it('grouping: an assigned address that nobody announced belongs to the implicit ones, and counts as a mistake (PVD-15)', () => {
    const records = [
      managed('fe80::1', {}, '2001:db8:1::/64'),
      lease(6, { addresses: ['2001:db8:7::99'], resolvers: ['2001:db8::53'] }),
    ];
    const given = { addresses: [address('2001:db8:7::99/128')], defaultRoutes: [via('fe80::1')], records };
    expect(drafts(given)).toEqual(['router fe80::1: 2001:db8:7::99; 2001:db8::53']);
    expect(grouping(given).misconfigured).toBe(1);
  });

  const gateway = via('192.0.2.1', { protocol: 'dhcp' });
  const four = lease(4, { addresses: ['192.0.2.2'], routers: ['192.0.2.1'], resolvers: ['192.0.2.53'] });
  const labelled = (name: string, legacy: boolean) =>
    advertised('fe80::1', { pvd: option(name, { legacy }), prefixes: [prefix('2001:db8:1::/64')] });

  it('grouping: DHCPv4 belongs to the explicit domain that asks for it (PVD-16)', () => {
    const { drafts: found } = grouping({
      addresses: [one, v4],
      defaultRoutes: [via('fe80::1'), gateway],
      records: [labelled('a.example', true), four],
    });
    expect(found.map(text)).toEqual(['explicit a.example: 2001:db8:1::2 192.0.2.2; 192.0.2.53']);
    expect(found[0]!.routers.map((router) => router.address)).toEqual(['fe80::1', '192.0.2.1']);
  });

  it('grouping: DHCPv4 belongs to the implicit domains when no explicit one asks, or several do (PVD-16)', () => {
    const given = { addresses: [one, v4], defaultRoutes: [via('fe80::1'), gateway] };
    const none = grouping({ ...given, records: [labelled('a.example', false), four] });
    const several = grouping({
      ...given,
      records: [labelled('a.example', true), labelled('b.example', true), four],
    });
    expect(none.drafts.map(text)).toEqual([
      'explicit a.example: 2001:db8:1::2',
      'router 192.0.2.1: 192.0.2.2; 192.0.2.53',
    ]);
    expect(several.drafts.map(text)).toContain('router 192.0.2.1: 192.0.2.2; 192.0.2.53');
    expect([none.misconfigured, several.misconfigured]).toEqual([0, 1]);
  });

  it("grouping: a lease of addresses that the interface does not have is left over from another network, and nobody's", () => {
    const given = { addresses: [one, v4], defaultRoutes: [via('fe80::1'), gateway] };
    const old = lease(4, { addresses: ['10.1.0.50'], routers: ['10.1.0.1'], resolvers: ['10.1.0.53'] });
    const old6 = lease(6, { addresses: ['2001:db8:9::9'], resolvers: ['2001:db8:9::53'] });
    for (const records of [[old], [old6], [old, old6, labelled('a.example', true)]]) {
      expect(drafts({ ...given, records }).join()).not.toMatch(/53/);
    }
    expect(drafts({ ...given, records: [old, four] }).join()).toMatch(/192\.0\.2\.53/);
  });

  it('grouping: DHCP comes before router advertisements, policy before both (DNS-16, DNS-18)', () => {
    const records = [
      advertised('fe80::1', { resolvers: [lasting('2001:db8::1'), lasting('2001:db8::2')] }),
      resolver(['192.0.2.99']),
      lease(4, { resolvers: ['192.0.2.53', '2001:db8::2'] }),
      lease(6, { resolvers: ['2001:db8::3'] }),
      policy({ resolvers: ['192.0.2.77'] }),
    ];
    const [found] = grouping({ addresses: [one, v4], defaultRoutes: [via('fe80::1')], records }).drafts;
    expect(found!.told!.servers.map((server) => `${server.address} ${server.element}`)).toEqual([
      '192.0.2.77 policy',
      '2001:db8::3 dhcpv6',
      '192.0.2.53 dhcpv4',
      '2001:db8::2 dhcpv4',
      '2001:db8::1 ra',
      '192.0.2.99 resolver',
    ]);
  });
});

describe('resolvers of daemons and of the host', () => {
  it("grouping: a daemon's resolvers belong to who told of them or has their network, else to what is unlabelled (PVD-04)", () => {
    const given = { addresses: [one, two], defaultRoutes: routes };
    const records = [advertised('fe80::2', { prefixes: [prefix('2001:db8:2::/64')] })];
    expect(drafts({ ...given, records: [...records, resolver(['2001:db8:2::53'])] })[1]).toBe(
      'router fe80::2: 2001:db8:1::2* 2001:db8:2::2; 2001:db8:2::53',
    );
    expect(drafts({ ...given, records: [...records, resolver(['198.51.100.53'])] })).toEqual([
      'router fe80::1: 2001:db8:1::2*; 198.51.100.53',
      'router fe80::2: 2001:db8:1::2* 2001:db8:2::2; 198.51.100.53',
    ]);
  });

  it('grouping: the resolvers of the whole host belong to the best way out, where nobody told of others (DNS-11)', () => {
    const lastResort = [resolver(['127.0.0.53'], { interfaceId: undefined, origin: 'resolv-conf' })];
    const given = { addresses: [one, two], defaultRoutes: [via('fe80::1', { metric: 9 }), via('fe80::2')], lastResort };
    expect(drafts(given).map((domain) => domain.includes('127.0.0.53'))).toEqual([true, false]);
    const records = [advertised('fe80::1', { resolvers: [lasting('2001:db8::53')] })];
    expect(drafts({ ...given, records }).some((domain) => domain.includes('127.0.0.53'))).toBe(false);
    expect(drafts({ ...given, records, now: 600_000 })[0]).toContain('127.0.0.53');
  });
});

describe('policy', () => {
  const given = { addresses: [one, address('fd01::2/64')], defaultRoutes: [via('fe80::1')] };

  it('grouping: a policy makes a domain of addresses, which are nobody else’s then (PVD-17)', () => {
    const records = [policy({ defines: 'voice', prefixes: ['fd01::/64'], categories: ['voice'] })];
    const { drafts: found } = grouping({ ...given, records });
    expect(found.map(text)).toEqual(['policy voice: fd01::2', 'router fe80::1: 2001:db8:1::2']);
    expect(found[0]!.told!.categories).toEqual(['voice']);
    expect(found[0]!.routers).toMatchObject([{ address: 'fe80::1' }]);
  });

  it('grouping: a policy of a link whose addresses no router claims takes them all (PVD-17)', () => {
    expect(drafts({ addresses: [one], records: [policy({ defines: 'vpn' })] })).toEqual(['policy vpn: 2001:db8:1::2']);
  });

  it('grouping: a policy says more of those that it names, and of no others (PVD-40, M-neg)', () => {
    const records = [
      advertised('fe80::2', { pvd: option('video.example') }),
      policy({ key: '1', extends: ['VIDEO.example'], hidden: true, metered: true }),
      policy({ key: '2', extends: ['eth0/fe80::1'], trusted: true }),
      policy({ key: '3', extends: ['example', 'eth0/fe80::', 'fe80'], categories: ['wrong'] }),
    ];
    const { drafts: found } = grouping({ ...given, records });
    expect(found.map(({ told }) => [told?.hidden, told?.metered, told?.trusted, told?.categories])).toEqual([
      [true, true, false, []],
      [false, undefined, true, []],
    ]);
  });
});

describe('policy by prefix', () => {
  it.each([
    ['2001:db8:2::/64', [false, true]],
    ['2001:db8:2::/48', [false, true]],
    ['2001:db8:2:0:8000::/65', [false, true]],
    ['2001:db8::/32', [true, true]],
    ['2001:db8:3::/64', [false, false]],
  ])('grouping: a policy of what has %s', (within, metered) => {
    const records = [
      advertised('fe80::1', { prefixes: [prefix('2001:db8:1::/64')] }),
      advertised('fe80::2', { prefixes: [prefix('2001:db8:2::/64')] }),
      policy({ extendsWithin: [within], metered: true }),
    ];
    const { drafts: found } = grouping({ addresses: [one], defaultRoutes: routes, records });
    expect(found.map(({ told }) => told?.metered ?? false)).toEqual(metered);
  });
});

describe('granularity', () => {
  const kernel = { addresses: [one, two, v4, address('fe80::9/64')], defaultRoutes: [...routes, via('192.0.2.1')] };
  const records = [
    advertised('fe80::1', { prefixes: [prefix('2001:db8:1::/64')], resolvers: [lasting('2001:db8::53')] }),
    advertised('fe80::2', { pvd: option('a.example'), prefixes: [prefix('2001:db8:2::/64')] }),
  ];

  it('grouping: one implicit domain for the interface, beside what the network names (PVD-10, PVD-12)', () => {
    expect(drafts({ ...kernel, records, granularity: 'interface' })).toEqual([
      'explicit a.example: 2001:db8:2::2',
      'router all+fe80::1+192.0.2.1: 2001:db8:1::2 192.0.2.2; 2001:db8::53',
      'link-local link-local: fe80::9',
    ]);
  });

  it('grouping: one implicit domain for each family (PVD-12)', () => {
    expect(drafts({ ...kernel, granularity: 'family' })).toEqual([
      'router ipv6+fe80::1+fe80::2: 2001:db8:1::2 2001:db8:2::2',
      'router ipv4+192.0.2.1: 192.0.2.2',
      'link-local link-local: fe80::9',
    ]);
  });
});

describe('limits', () => {
  it('grouping: no more domains of an interface than are allowed, and counts the rest (SEC-17)', () => {
    const records = Array.from({ length: 70 }, (_, at) => advertised('fe80::1', { pvd: option(`n${at}.example`) }));
    const { drafts: found, refused } = grouping({ defaultRoutes: [via('fe80::1')], records });
    expect(found).toHaveLength(64);
    expect(refused).toBe(6);
  });

  it('grouping: no more items of a domain than are allowed; those that end first go (SEC-17)', () => {
    const resolvers = Array.from({ length: 20 }, (_, at) => lasting(`2001:db8::${at + 1}`, 1000 * (at + 1)));
    const { drafts: found, refused } = grouping({
      addresses: [one],
      defaultRoutes: [via('fe80::1')],
      records: [advertised('fe80::1', { resolvers })],
    });
    expect(found[0]!.told!.servers.map((server) => server.address)).toEqual(
      resolvers.slice(4).map(({ value }) => value),
    );
    expect(refused).toBe(4);
  });
});

describe('time', () => {
  const given = {
    addresses: [one],
    defaultRoutes: [via('fe80::1')],
    records: [
      advertised('fe80::1', {
        resolvers: [lasting('2001:db8::1', 1000), lasting('2001:db8::2', 2000), lasting('2001:db8::3', null)],
      }),
    ],
  };

  it('grouping: each item is over at its own time (PVD-19, G4)', () => {
    const at = (now: number) =>
      drafts({ ...given, now })[0]!
        .split('; ')
        .slice(1);
    expect(at(999)).toEqual(['2001:db8::1', '2001:db8::2', '2001:db8::3']);
    expect(memory.nextEnd).toBe(1000);
    expect(at(1000)).toEqual(['2001:db8::2', '2001:db8::3']);
    expect(memory.nextEnd).toBe(2000);
    expect(at(2000)).toEqual(['2001:db8::3']);
    expect(at(1e12)).toEqual(['2001:db8::3']);
  });

  it('grouping: what nothing was added to stays the same object', () => {
    const before = grouping(given).drafts[0]!.told;
    expect(grouping({ ...given, now: 500 }).drafts[0]!.told).toBe(before);
    expect(grouping({ ...given, now: 1000 }).drafts[0]!.told).not.toBe(before);
  });
});

describe('what was fetched', () => {
  const api = 'https://portal.example/api';
  const speaks = (router: string, captivePortal: string, id?: string) =>
    advertised(router, { captivePortal, ...(id === undefined ? {} : { pvd: option(id, { http: true }) }) });
  const answer = (domain: string, isNamed: boolean, captive: boolean): PortalRecord => ({
    type: 'portal',
    origin: 'captive-portal',
    key: domain,
    interfaceId: onEth0,
    domain,
    isNamed,
    apiUri: api,
    captive,
  });
  const given = { addresses: [one, v4], defaultRoutes: [via('fe80::1')] };
  const portalsOf = (records: PvdRecord[]) =>
    grouping({ ...given, records }).drafts.map(({ name, providers, told }) => [
      name ?? providers[0],
      told?.portal?.captive,
    ]);

  it('grouping: each domain has the answer that it was given itself, though the API is one (PVD-79)', () => {
    const routers = [speaks('fe80::1', api), speaks('fe80::2', api, 'pvd.example')];
    const answers = [answer('fe80::1', false, false), answer('pvd.example', true, true)];
    expect(portalsOf([...routers, ...answers])).toEqual([
      ['pvd.example', true],
      ['fe80::1', false],
    ]);
    expect(portalsOf([...routers, answer('fe80::1', true, true), answer('fe80::2', false, true)])).toEqual([
      ['pvd.example', undefined],
      ['fe80::1', undefined],
    ]);
  });

  it('grouping: options 37 and 114 that differ are counted, once for each domain (PVD-79)', () => {
    const unclear = (uri: string) =>
      grouping({ ...given, records: [speaks('fe80::1', api), lease(4, { captivePortal: uri })] }).unclearPortals;
    expect(unclear('https://other.example/')).toBe(1);
    expect(unclear(api)).toBe(0);
  });
});
