// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from 'vitest';
import type { RouterRecord } from '../../../../lib/pvd/record.ts';
import { mostDomains, mostEntries } from '../../../../lib/source/advertisement/limits.ts';
import { advertisement, bytesOf, dnssl, forEver, header, mtu, pio, portal, pref64, pvd, rdnss, rio } from './bytes.ts';
import { link, Scene, seconds } from './scene.ts';
import { aware, everything, legacy, multihomed, radvd } from './vectors.ts';

let scene: Scene;
let start: number;

beforeEach(() => {
  scene = new Scene();
  start = scene.now;
});

const only = (): RouterRecord => {
  expect(scene.records()).toHaveLength(1);
  return scene.records()[0]!;
};
const valuesOf = (items: readonly { value: unknown }[]) => items.map(({ value }) => value);
const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));

describe('router source: what was said', () => {
  it('router source: an advertisement is one record, with an end for each thing it says (PVD-19, PVD-20)', () => {
    scene.hear(everything);
    expect(scene.changed()).toEqual(['if:7.1']);
    const endAfter = (lifetime: number) => start + seconds(lifetime);
    expect(scene.records()).toEqual([
      {
        type: 'router',
        origin: 'router-advertisements',
        key: 'fe80::a:1 pvd-a.isp-a.example',
        interfaceId: 'if:7.1',
        router: 'fe80::a:1',
        pvd: { id: 'pvd-a.isp-a.example', http: true, legacy: true, delay: 5, sequence: 7 },
        header: { until: endAfter(1800), preference: 'high', managed: true, otherConfig: true },
        prefixes: [
          {
            prefix: '2001:db8:a:1::/64',
            onLink: true,
            autonomous: true,
            validUntil: endAfter(3600),
            preferredUntil: endAfter(1800),
            saidAt: start,
          },
        ],
        routes: [
          { value: { prefix: '2001:db8:a:ff00::/56', via: 'fe80::a:1', preference: 'high' }, until: endAfter(900) },
        ],
        resolvers: [
          { value: '2001:db8:a:1::53', until: endAfter(600) },
          { value: 'fe80::53', until: endAfter(600) },
        ],
        searchDomains: [
          { value: 'isp-a.example', until: endAfter(600) },
          { value: 'corp.isp-a.example', until: endAfter(600) },
        ],
        nat64: [{ value: '64:ff9b::/96', until: endAfter(600) }],
        captivePortal: 'https://portal.isp-a.example/api',
        mtu: 1480,
      },
    ]);
  });

  it('router source: the two routers of RFC 8801 section 5.2 (PVD-61, PVD-64, PVD-65)', () => {
    scene.hear(legacy, { router: 'fe80::1' });
    scene.hear(aware, { router: 'fe80::2' });
    const [foo, bar] = scene.records();
    expect(foo).toMatchObject({ key: 'fe80::1 foo.example.org', header: { until: 0 } });
    expect(foo?.prefixes.map(({ prefix }) => prefix)).toEqual(['2001:db8:cafe::/64']);
    expect(bar).toMatchObject({ key: 'fe80::2 bar.example.org', header: { until: start + seconds(1600) } });
    expect(bar?.prefixes.map(({ prefix }) => prefix)).toEqual(['2001:db8:f00d::/64']);
    expect(valuesOf(bar!.resolvers)).toEqual(['2001:db8:f00d::53']);
  });

  it('router source: in section 5.3 both are a way out (PVD-65)', () => {
    scene.hear(multihomed, { router: 'fe80::1' });
    scene.hear(aware, { router: 'fe80::2' });
    expect(scene.records().map(({ header: head }) => head?.until)).toEqual([
      start + seconds(6000),
      start + seconds(1600),
    ]);
  });

  it('router source: outer options belong to the domain too, and inner ones win (PVD-61, PVD-64)', () => {
    const inner = [pio('2001:db8:2::'), mtu(1400), rdnss(600, '2001:db8::2')];
    scene.hear(
      advertisement(
        header(),
        pio('2001:db8:1::'),
        mtu(1500),
        pvd('both.example', {}, ...inner),
        rdnss(600, '2001:db8::1'),
      ),
    );
    expect(
      only()
        .prefixes.map(({ prefix }) => prefix)
        .toSorted(),
    ).toEqual(['2001:db8:1::/64', '2001:db8:2::/64']);
    expect(only().mtu).toBe(1400);
    expect(valuesOf(only().resolvers)).toEqual(['2001:db8::2', '2001:db8::1']);
  });

  it('router source: one router may speak to several domains, and to none (PVD-04, PVD-62)', () => {
    scene.hear(advertisement(header(), pvd('one.example', {}, pio('2001:db8:1::'))));
    scene.hear(advertisement(header(), pvd('two.example', {}, pio('2001:db8:2::'))));
    scene.hear(advertisement(header(), pio('2001:db8:3::')));
    expect(scene.records().map(({ key }) => key)).toEqual([
      'fe80::a:1 one.example',
      'fe80::a:1 two.example',
      'fe80::a:1',
    ]);
    expect(scene.records().map(({ prefixes }) => prefixes.length)).toEqual([1, 1, 1]);
  });

  it('router source: advertisements add up, whatever is in which part of a split one (PVD-63, PVD-85)', () => {
    const named = (...options: number[][]) => advertisement(header(), pvd('one.example', { sequence: 1 }, ...options));
    scene.hear(named(pio('2001:db8:1::'), mtu(1400)));
    scene.hear(named(rdnss(600, '2001:db8::53'), pio('2001:db8:2::')));
    scene.hear(named(dnssl(600, 'one.example')));
    expect(only().prefixes).toHaveLength(2);
    expect(only()).toMatchObject({ mtu: 1400, resolvers: [{}], searchDomains: [{ value: 'one.example' }] });
  });

  it('router source: the latest word counts for what there can be but one of (PVD-85)', () => {
    scene.hear(advertisement(header({ flags: 0x80 }), mtu(1400), portal('https://one.example/')));
    scene.hear(advertisement(header({ flags: 0x48, lifetime: 900 }), mtu(1300), portal('https://two.example/')));
    expect(only()).toMatchObject({ mtu: 1300, captivePortal: 'https://two.example/' });
    expect(only().header).toEqual({
      until: start + seconds(900),
      preference: 'high',
      managed: false,
      otherConfig: true,
    });
    scene.hear(advertisement(header(), portal('urn:ietf:params:capport:unrestricted')));
    expect(only().captivePortal).toBeUndefined();
  });

  it('router source: a route to everything says more exactly what the header said (ROUTE-12)', () => {
    scene.hear(advertisement(header({ lifetime: 1800 }), rio('::', { length: 0, preference: 1, lifetime: 60 })));
    expect(only()).toMatchObject({ header: { until: start + seconds(60), preference: 'high' }, routes: [] });
    scene.hear(
      advertisement(
        header({ lifetime: 1800, flags: 8 }),
        pio('2001:db8::'),
        rio('::', { length: 0, preference: 1, lifetime: 0 }),
      ),
    );
    expect(only().header).toMatchObject({ until: 0, preference: 'medium' });
  });

  it('router source: the four routers of RFC 4191 section 3.6 (ROUTE-10, ROUTE-12)', () => {
    scene.hear(advertisement(header()), { router: 'fe80::1' });
    scene.hear(advertisement(header({ lifetime: 0 }), rio('2002::', { length: 16 })), { router: 'fe80::2' });
    scene.hear(advertisement(header({ lifetime: 0 }), rio('2001:db8::', { length: 32, preference: 1 })), {
      router: 'fe80::3',
    });
    scene.hear(advertisement(header({ lifetime: 0 }), rio('2001:db8::', { length: 32, preference: 3 })), {
      router: 'fe80::4',
    });
    expect(scene.records().flatMap(({ routes }) => valuesOf(routes))).toEqual([
      { prefix: '2002::/16', via: 'fe80::2', preference: 'medium' },
      { prefix: '2001:db8::/32', via: 'fe80::3', preference: 'high' },
      { prefix: '2001:db8::/32', via: 'fe80::4', preference: 'low' },
    ]);
    scene.hear(advertisement(header({ lifetime: 0 }), rio('2002::', { length: 16, lifetime: 0 })), {
      router: 'fe80::2',
    });
    expect(scene.records().map(({ router }) => router)).toEqual(['fe80::1', 'fe80::3', 'fe80::4']);
  });

  it('router source: new resolvers stand before older ones, known ones keep their place, 0 removes (DNS-15)', () => {
    scene.hear(advertisement(header(), rdnss(600, '2001:db8::1', '2001:db8::2')));
    scene.hear(advertisement(header(), rdnss(900, '2001:db8::3', '2001:db8::2', '2001:db8::4')));
    expect(valuesOf(only().resolvers)).toEqual(['2001:db8::3', '2001:db8::4', '2001:db8::1', '2001:db8::2']);
    expect(only().resolvers.at(-1)).toEqual({ value: '2001:db8::2', until: start + seconds(900) });
    scene.hear(advertisement(header(), rdnss(0, '2001:db8::4', '2001:db8::1', '2001:db8::9'), dnssl(0, 'x.example')));
    expect(valuesOf(only().resolvers)).toEqual(['2001:db8::3', '2001:db8::2']);
  });
});

describe('router source: time', () => {
  it('router source: each thing ends by itself, and the record with the last of them (PVD-19, DNS-14, G2, G4)', () => {
    scene.hear(
      advertisement(
        header({ lifetime: 100 }),
        rdnss(200, '2001:db8::53'),
        rio('2001:db8:5::', { length: 48, lifetime: 300 }),
        pio('2001:db8:1::', { valid: 400, preferred: 150 }),
        pref64('64:ff9b::', { lifetime: 248 }),
      ),
    );
    scene.changed();
    const seen = [];
    while (scene.source.nextDeadline !== undefined) {
      const deadline = scene.source.nextDeadline;
      scene.pass(deadline - scene.now);
      expect(scene.changed()).toEqual(['if:7.1']);
      const [record] = scene.records();
      const { resolvers = [], routes = [], nat64 = [], prefixes = [] } = record ?? {};
      seen.push([(deadline - start) / 1000, resolvers.length, routes.length, nat64.length, prefixes.length]);
    }
    expect(seen).toEqual([
      [100, 1, 1, 1, 1],
      [150, 1, 1, 1, 1],
      [200, 0, 1, 1, 1],
      [248, 0, 1, 0, 1],
      [300, 0, 0, 0, 1],
      [400, 0, 0, 0, 0],
    ]);
    expect(scene.records()).toEqual([]);
  });

  it('router source: what holds for ever has no end (PVD-19)', () => {
    scene.hear(
      advertisement(
        header({ lifetime: 0 }),
        pio('2001:db8:1::', { valid: forEver, preferred: forEver }),
        rdnss(forEver, '2001:db8::53'),
      ),
    );
    expect(scene.source.nextDeadline).toBeUndefined();
    scene.pass(seconds(1e9));
    expect(only()).toMatchObject({
      prefixes: [{ validUntil: null, preferredUntil: null }],
      resolvers: [{ until: null }],
    });
  });

  it('router source: nobody can end a prefix that addresses come from in less than two hours (RFC 4862, PVD-85)', () => {
    const says = (valid: number, preferred = 0, flags = 0xc0) =>
      scene.hear(advertisement(header(), pio('2001:db8:1::', { valid, preferred, flags })));
    const left = () => (only().prefixes[0]!.validUntil! - scene.now) / 1000;
    says(86_400, 43_200);
    says(10_000);
    expect(left()).toBe(10_000);
    says(60);
    expect(left()).toBe(7200);
    says(0);
    expect(left()).toBe(7200);
    expect(only().prefixes[0]!.preferredUntil).toBe(0);
    scene.pass(seconds(3600));
    says(0);
    expect(left()).toBe(3600);
    says(3700);
    expect(left()).toBe(3700);
    says(7201);
    expect(left()).toBe(7201);
  });

  it('router source: a prefix that is only on the link may end at once (PVD-85)', () => {
    scene.hear(advertisement(header(), pio('2001:db8:1::', { flags: 0x80, valid: forEver, preferred: forEver })));
    scene.hear(advertisement(header(), pio('2001:db8:1::', { flags: 0x80, valid: 0, preferred: 0 })));
    expect(only().prefixes).toEqual([]);
  });

  it('router source: a router that takes everything back is forgotten at once', () => {
    scene.hear(advertisement(header(), rdnss(600, '2001:db8::53')));
    scene.changed();
    scene.hear(advertisement(header({ lifetime: 0 }), rdnss(0, '2001:db8::53')));
    expect(scene.changed()).toEqual(['if:7.1']);
    expect(scene.records()).toEqual([]);
    scene.hear(advertisement(header({ lifetime: 0 })));
    expect(scene.changed()).toEqual([]);
  });

  it('router source: a portal and an MTU hold as long as the router, or as routers do by default', () => {
    scene.hear(advertisement(header({ lifetime: 60 }), portal('https://p.example/'), rdnss(forEver, '2001:db8::1')));
    scene.pass(seconds(60));
    expect(only().captivePortal).toBeUndefined();
    scene.hear(advertisement(header({ lifetime: 0 }), portal('https://p.example/'), mtu(1300)));
    scene.pass(seconds(1799));
    expect(only()).toMatchObject({ captivePortal: 'https://p.example/', mtu: 1300 });
    scene.pass(seconds(1));
    expect(only()).toMatchObject({ captivePortal: undefined, mtu: undefined });
  });

  it('router source: what was over when the next was heard is not told with it', () => {
    scene.hear(advertisement(header(), rdnss(50, '2001:db8::53')));
    scene.now += seconds(60);
    scene.hear(advertisement(header()));
    expect(only().resolvers).toEqual([]);
  });

  it('router source: after suspend nothing is shown that ended meanwhile, though no timer fired', () => {
    scene.hear(advertisement(header({ lifetime: 100 }), rdnss(50, '2001:db8::53')));
    scene.now += seconds(60);
    expect(only().resolvers).toEqual([]);
    scene.now += seconds(60);
    expect(scene.records()).toEqual([]);
    expect(scene.changed()).toEqual(['if:7.1']);
  });
});

describe('router source: news', () => {
  it('router source: repetition is no news until lifetimes are far from what was told, small steps added up (MIF-41)', () => {
    scene.hear(radvd);
    expect(scene.changed()).toEqual(['if:7.1']);
    const first = only();
    let silent = 0;
    for (;;) {
      scene.pass(seconds(4));
      const before = only();
      scene.hear(radvd);
      expect(only()).not.toBe(before);
      if (scene.changed().length > 0) break;
      silent++;
    }
    // The shortest lifetime is 600 s: what was told is a tenth of what is left, and more than a minute, behind.
    expect(silent * 4).toBe(60);
    expect(only().header?.until).toBe(first.header!.until! + seconds(64));
    scene.pass(seconds(4));
    scene.hear(radvd);
    expect(scene.changed()).toEqual([]);
  });

  it('router source: the records are the same objects until something of them changes', () => {
    scene.hear(radvd);
    const records = scene.records();
    expect(scene.records()).toBe(records);
    scene.hear(radvd, { router: 'fe80::b:1' });
    expect(scene.records()).not.toBe(records);
    expect(scene.records()[0]).toBe(records[0]);
  });

  it.each([
    ['a preference', header({ flags: 8 })],
    ['a lifetime by a third', header({ lifetime: 1200 })],
    ['a lifetime to its end', header({ lifetime: 0 })],
    ['a flag', header({ flags: 0x40 })],
  ])('router source: %s that differs is news (MIF-41)', (_, changed) => {
    const options = rdnss(600, '2001:db8::53');
    scene.hear(advertisement(header(), options));
    scene.hear(advertisement(header(), options));
    scene.changed();
    scene.hear(advertisement(header(), options));
    expect(scene.changed()).toEqual([]);
    scene.hear(advertisement(changed, options));
    expect(scene.changed()).toEqual(['if:7.1']);
  });

  it('router source: of a long lifetime a tenth is news, and no less (MIF-41)', () => {
    const says = (lifetime: number) => scene.hear(advertisement(header({ lifetime })));
    says(9000);
    scene.changed();
    says(9900);
    expect(scene.changed()).toEqual([]);
    says(9901);
    expect(scene.changed()).toEqual(['if:7.1']);
  });

  it('router source: that it is no way out any more, or one again, is news however short it was one (G2, MIF-41)', () => {
    const says = (lifetime: number) => scene.hear(advertisement(header({ lifetime }), rdnss(10, '2001:db8::53')));
    says(30);
    scene.changed();
    says(0);
    expect(scene.changed()).toEqual(['if:7.1']);
    says(30);
    expect(scene.changed()).toEqual(['if:7.1']);
  });

  it('router source: what is over is told once', () => {
    scene.hear(advertisement(header(), rdnss(50, '2001:db8::53')));
    scene.pass(seconds(50));
    expect(scene.changed()).toEqual(['if:7.1']);
    scene.hear(advertisement(header()));
    expect(scene.changed()).toEqual([]);
  });

  it('router source: an end that comes sooner than was told is news, by however little, or it would be seen too late', () => {
    const says = (lifetime: number) => scene.hear(advertisement(header(), rdnss(lifetime, '2001:db8::53')));
    says(50);
    scene.changed();
    says(48);
    expect(scene.changed()).toEqual([]);
    says(47);
    expect(scene.changed()).toEqual(['if:7.1']);
    says(90);
    expect(scene.changed()).toEqual([]);
  });

  it('router source: a sequence number is news with H, and nothing without (PVD-59, PVD-73)', () => {
    const says = (sequence: number, http: boolean) =>
      scene.hear(advertisement(header(), pvd('one.example', { sequence, http })));
    says(1, false);
    scene.changed();
    says(2, false);
    expect(scene.changed()).toEqual([]);
    says(2, true);
    expect(scene.changed()).toEqual(['if:7.1']);
    says(3, true);
    expect(scene.changed()).toEqual(['if:7.1']);
  });

  it('router source: it is told later than the call, and once for all that came together', async () => {
    scene.hear(advertisement(header()), { router: 'fe80::1' });
    scene.hear(advertisement(header()), { router: 'fe80::2' });
    expect(scene.told).toBe(0);
    await settled();
    expect(scene.told).toBe(1);
    scene.changed();
    scene.hear(advertisement(header()), { router: 'fe80::1' });
    await settled();
    expect(scene.told).toBe(1);
  });

  it('router source: after closing nothing is heard or told any more, and closing twice is once', async () => {
    scene.hear(radvd);
    scene.source.close();
    scene.source.close();
    scene.hear(radvd);
    await settled();
    expect([scene.isClosed, scene.told, scene.changed(), scene.records()]).toEqual([true, 0, [], []]);
  });
});

describe('router source: interfaces', () => {
  it('router source: what was said on a link goes with it, also when its index is used again (B9)', () => {
    scene.interfaces.set(8, link(8));
    scene.hear(radvd);
    scene.hear(radvd, { interfaceIndex: 8 });
    scene.changed();
    scene.interfaces.delete(8);
    scene.interfaces.set(7, link(7, { id: 'if:7.2', generation: 2 }));
    scene.source.followInterfaces();
    expect(scene.changed()).toEqual(['if:7.1', 'if:8.1']);
    expect(scene.records()).toEqual([]);
    expect(scene.source.records('if:7.1')).toEqual([]);
    expect(scene.source.records(undefined)).toEqual([]);
  });

  it('router source: what is said on one link is nothing on another (PVD-05)', () => {
    scene.interfaces.set(8, link(8));
    scene.hear(radvd);
    expect(scene.records(8)).toEqual([]);
  });

  it('router source: a link that was shut down begins anew (PVD-18)', () => {
    scene.hear(radvd);
    scene.changed();
    scene.interfaces.set(7, link(7, { adminUp: false, running: false }));
    scene.source.followInterfaces();
    expect(scene.changed()).toEqual(['if:7.1']);
    expect(scene.records()).toEqual([]);
  });

  it('router source: when carrier is back, who is not heard again is of another network (PVD-18)', () => {
    scene.hear(radvd, { router: 'fe80::1' });
    scene.hear(radvd, { router: 'fe80::2' });
    scene.interfaces.set(7, link(7, { running: false }));
    scene.source.followInterfaces();
    scene.pass(seconds(20));
    expect(scene.records()).toHaveLength(2);
    scene.interfaces.set(7, link(7));
    scene.source.followInterfaces();
    scene.changed();
    scene.hear(radvd, { router: 'fe80::2' });
    expect(scene.source.nextDeadline).toBe(scene.now + seconds(15));
    scene.pass(seconds(15));
    expect(scene.changed()).toEqual(['if:7.1']);
    expect(only().router).toBe('fe80::2');
  });

  it('router source: that something else of a link changed puts nothing in doubt', () => {
    scene.hear(radvd);
    const deadline = scene.source.nextDeadline;
    scene.interfaces.set(7, link(7, { name: 'renamed0' }));
    scene.source.followInterfaces();
    expect(scene.source.nextDeadline).toBe(deadline);
    expect(scene.records()).toHaveLength(1);
  });

  it('router source: a link on which nothing was believed goes without a word', () => {
    scene.hear(radvd, { hopLimit: 1 });
    scene.interfaces.clear();
    scene.source.followInterfaces();
    expect(scene.changed()).toEqual([]);
  });

  it('router source: news that are faster than their interface wait for it, some, and not for long', () => {
    scene.interfaces.clear();
    scene.hear(radvd);
    scene.now += seconds(4);
    scene.source.followInterfaces();
    expect(scene.source.records('if:7.1')).toEqual([]);
    scene.interfaces.set(7, link(7));
    scene.source.followInterfaces();
    expect(scene.changed()).toEqual(['if:7.1']);
    scene.interfaces.clear();
    scene.source.followInterfaces();
    for (let n = 0; n < 100; n++) scene.hear(radvd);
    expect(scene.source.counters.unplaced).toBe(36);
    scene.now += seconds(3);
    // To be asked again is no new beginning.
    scene.source.followInterfaces();
    scene.now += seconds(2);
    scene.interfaces.set(7, link(7));
    scene.source.followInterfaces();
    expect(scene.records()).toEqual([]);
  });
});

describe('router source: strangers', () => {
  it.each([
    ['hop-limit', { hopLimit: 254 }, radvd],
    ['source', { router: '2001:db8::1' }, radvd],
    ['code', {}, advertisement(header({ code: 1 }))],
    ['options', {}, advertisement(header(), [3, 0])],
  ] as const)(
    'router source: what is refused for its %s is counted and changes nothing (SEC-15, G7)',
    (reason, from, bytes) => {
      scene.hear(bytes, from);
      expect(scene.changed()).toEqual([]);
      expect(scene.records()).toEqual([]);
      expect(scene.source.counters).toMatchObject({ heard: 0, refused: { [reason]: 1 } });
    },
  );

  it('router source: options that are not believed are counted, inner ones too (SEC-16)', () => {
    scene.hear(advertisement(header(), mtu(9), pvd('x.example', {}, mtu(9), pio('fe80::'))));
    expect(scene.source.counters.refusedOptions).toEqual({ mtu: 2, prefix: 1 });
  });

  it('router source: a replayed advertisement says what it said, no more (SEC-15)', () => {
    scene.hear(radvd);
    const before = only();
    scene.hear(radvd);
    expect(only()).toEqual(before);
  });

  it.each([
    ['prefixes', mostEntries.prefixes, (n: number) => pio(`2001:db8:${n.toString(16)}::`)],
    ['routes', mostEntries.routes, (n: number) => rio(`2001:db8:${n.toString(16)}::`)],
    ['resolvers', mostEntries.resolvers, (n: number) => rdnss(600, `2001:db8::${n.toString(16)}`)],
    ['searchDomains', mostEntries.searchDomains, (n: number) => dnssl(600, `n${n}.example`)],
    ['nat64', mostEntries.nat64, (n: number) => pref64(`2001:db8:${n.toString(16)}::`)],
  ] as const)(
    'router source: no more than so many %s are kept, and always the same ones (SEC-17)',
    (what, most, make) => {
      const options = Array.from({ length: most + 9 }, (_, n) => make(n + 1));
      scene.hear(advertisement(header(), ...options));
      const kept = only()[what].length;
      const first = JSON.stringify(only()[what]);
      expect(kept).toBe(most);
      expect(scene.source.counters.excess).toBe(9);
      scene.changed();
      scene.hear(advertisement(header(), ...options));
      expect(JSON.stringify(only()[what])).toBe(first);
      expect(scene.changed()).toEqual([]);
    },
  );

  it('router source: of an option with too many the first ones are kept, each time (SEC-17, DNS-15)', () => {
    const addresses = Array.from({ length: 30 }, (_, n) => `2001:db8::${(n + 1).toString(16)}`);
    for (let count = 0; count < 3; count++) {
      scene.hear(advertisement(header(), rdnss(600, ...addresses)));
      expect(valuesOf(only().resolvers)).toEqual(addresses.slice(0, mostEntries.resolvers));
      expect(scene.changed()).toEqual(count === 0 ? ['if:7.1'] : []);
      scene.now += 10;
    }
  });

  it('router source: a router that is known is heard while many that are not speak (SEC-17)', () => {
    scene.hear(advertisement(header()));
    for (let n = 0; n < 100; n++) scene.hear(advertisement(header()), { router: `fe80::f:${n.toString(16)}` });
    const { heard } = scene.source.counters;
    for (let n = 0; n < 12; n++) scene.hear(advertisement(header()));
    expect(scene.source.counters.heard).toBe(heard + 10);
    scene.now += 100;
    scene.hear(advertisement(header()));
    expect(scene.source.counters.heard).toBe(heard + 11);
  });

  it('router source: of too many those go that end first (SEC-17, DNS-15)', () => {
    const names = (count: number, letter: string) => Array.from({ length: count }, (_, n) => `${letter}${n}.example`);
    scene.hear(advertisement(header(), dnssl(100, ...names(30, 'a')), dnssl(900, ...names(2, 'b'))));
    scene.hear(advertisement(header(), dnssl(50, 'short.example'), dnssl(forEver, ...names(4, 'c'))));
    const kept = valuesOf(only().searchDomains);
    expect(kept).toHaveLength(mostEntries.searchDomains);
    expect(kept).toEqual(expect.arrayContaining([...names(2, 'b'), ...names(4, 'c')]));
    expect(kept).not.toContain('short.example');
  });

  it('router source: ten thousand forged routers cost no more than the limits, and displace nobody (SEC-17)', () => {
    const real = advertisement(header({ lifetime: 1800 }), pio('2001:db8:a::'));
    scene.hear(real);
    scene.hear(real);
    for (let n = 0; n < 10_000; n++) {
      const forged = advertisement(
        header({ lifetime: 9000 }),
        pio('2001:db8:f::', { valid: forEver, preferred: forEver }),
      );
      scene.hear(forged, { router: `fe80::${(n >> 8).toString(16)}:${(n & 255).toString(16)}:f` });
      scene.now += 1;
      // Among them the real one speaks as ever.
      if (n % 1000 === 999) scene.hear(real);
    }
    expect(scene.records()).toHaveLength(mostDomains);
    expect(scene.records().map(({ router }) => router)).toContain('fe80::a:1');
    const { heard, rateLimited, excess } = scene.source.counters;
    // Twenty at once, twenty each second of ten, and each of the ten real ones.
    expect(heard).toBeLessThanOrEqual(20 + 10 * 20);
    expect(heard + rateLimited).toBe(10_012);
    expect(excess).toBe(heard - 12 - (mostDomains - 1));
    expect(scene.records()[0]!.header!.until).toBeGreaterThan(start + seconds(1800 + 9));
  });

  it('router source: a router with more domains than are kept has always the same ones told (SEC-17)', () => {
    const speak = () => {
      for (let n = 0; n < mostDomains + 6; n++) {
        scene.hear(advertisement(header(), pvd(`n${n}.example`)));
        scene.now += 100;
      }
    };
    speak();
    const kept = scene.records().map(({ key }) => key);
    expect(kept).toHaveLength(mostDomains);
    scene.changed();
    speak();
    expect(scene.changed()).toEqual([]);
    expect(scene.records().map(({ key }) => key)).toEqual(kept);
  });

  it('router source: what was lost, foreign or malformed below is told', () => {
    scene.lost = 12;
    scene.hear(radvd);
    expect(scene.source.counters).toMatchObject({ heard: 1, lost: 12, foreign: 0, malformed: 0 });
  });
});

describe('router source: options alone', () => {
  beforeEach(() => {
    scene = new Scene('nd-user-options');
  });

  it('router source: options add up to a record without header (G1)', () => {
    for (const option of [
      rdnss(600, '2001:db8::53'),
      pio('2001:db8:1::'),
      pref64('64:ff9b::'),
      portal('https://p.example/'),
    ])
      scene.hear(bytesOf(option));
    expect(only()).toMatchObject({
      origin: 'nd-user-options',
      key: 'fe80::a:1',
      header: undefined,
      pvd: undefined,
      prefixes: [{ prefix: '2001:db8:1::/64' }],
      resolvers: [{ value: '2001:db8::53' }],
      nat64: [{ value: '64:ff9b::/96' }],
      captivePortal: 'https://p.example/',
    });
  });

  it('router source: a prefix without its router is of the only one there is, or of nobody', () => {
    const orphan = { router: '' };
    scene.hear(bytesOf(pio('2001:db8:1::')), orphan);
    expect(scene.source.counters.refused).toEqual({ router: 1 });
    scene.hear(bytesOf(rdnss(600, '2001:db8::53')));
    scene.hear(bytesOf(pio('2001:db8:1::')), orphan);
    expect(only().prefixes).toHaveLength(1);
    scene.hear(bytesOf(rdnss(600, '2001:db8::53')), { router: 'fe80::b:1' });
    scene.hear(bytesOf(pio('2001:db8:2::')), orphan);
    expect(scene.records().flatMap(({ prefixes }) => prefixes)).toHaveLength(1);
  });

  it('router source: where prefixes come with their router, those without are the same again', () => {
    scene.hear(bytesOf(pio('2001:db8:1::')));
    scene.hear(bytesOf(pio('2001:db8:2::')), { router: '' });
    expect(only().prefixes).toHaveLength(1);
    expect(scene.source.counters.refused).toEqual({});
  });

  it('router source: a whole advertisement is no option, and nothing is made of it', () => {
    scene.hear(radvd);
    expect(scene.records()).toEqual([]);
    expect(scene.source.counters.refusedOptions).toEqual({ length: 1 });
  });
});
