// SPDX-License-Identifier: MIT
// Domains through time, from the kernel's tables and from records together, on a clock that the tests turn.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Address, Route } from '../../../lib/binding/contract.gen.ts';
import { Domains } from '../../../lib/host/domains.ts';
import { viewDomain } from '../../../lib/pvd/domain-view.ts';
import type { Granularity } from '../../../lib/pvd/granularity.ts';
import type { ProvisioningDomain } from '../../../lib/pvd/provisioning-domain.ts';
import type { PvdRecord } from '../../../lib/pvd/record.ts';
import type { Interface } from '../../../lib/snapshot/change.ts';
import type { Step } from '../../../lib/snapshot/difference.ts';
import { ToldSource } from '../../../lib/source/told.ts';
import { Random } from '../../lab/random.ts';
import { address, link, route } from '../pvd/records.ts';
import { advertised, header, lasting, lease, onEth0, option, policy, prefix, resolver } from '../pvd/told-records.ts';

class Subject {
  readonly domains: Domains;
  readonly told: ToldSource;
  now = 0;
  #handles = 0;
  #seen = new Map<string, string>();
  readonly routes: Route[] = [];

  constructor(granularity: Granularity = 'router') {
    this.domains = new Domains({ nextHandle: () => `pvd:${++this.#handles}`, neighbours: () => [], granularity });
    this.told = new ToldSource({ ...this.domains.interfaces, onChange: () => {} });
    this.domains.listenTo([this.told]);
  }

  links(...links: Interface[]): void {
    this.apply(...links.map((after): Step => ({ kind: 'interface', operation: 'added', after })));
  }

  addresses(...texts: (string | Address)[]): void {
    this.apply(
      ...texts.map((each): Step => {
        const after = typeof each === 'string' ? address(each).address : each;
        return { kind: 'address', operation: 'added', after };
      }),
    );
  }

  removed(...texts: string[]): void {
    this.apply(
      ...texts.map((text): Step => ({ kind: 'address', operation: 'removed', before: address(text).address })),
    );
  }

  via(gateway: string, fields: Partial<Route> = {}): void {
    const after = route(gateway.includes(':') ? '::/0' : '0.0.0.0/0', { gateway, metric: 1024, ...fields });
    this.routes.push(after);
    this.apply({ kind: 'route', operation: 'added', after });
  }

  apply(...steps: Step[]): void {
    this.domains.apply(steps, this.now);
  }

  /** Says a record; the returned function takes it back. */
  say(record: PvdRecord): () => void {
    const takeBack = this.told.put(record);
    this.apply();
    return () => {
      takeBack();
      this.apply();
    };
  }

  /** Lets time pass, and does what is due at each moment on the way. */
  until(moment: number): void {
    for (;;) {
      const { nextDeadline } = this.domains;
      if (nextDeadline === undefined || nextDeadline > moment) break;
      this.now = Math.max(this.now, nextDeadline);
      this.domains.expire(this.now);
      if (this.domains.nextDeadline === nextDeadline) throw new Error('what was due is due again');
    }
    this.now = moment;
  }

  view(): ProvisioningDomain[] {
    const context = { current: (each: Address) => each, routes: this.routes, isComplete: true, now: this.now };
    return this.domains.states.map((state) => viewDomain(state, context));
  }

  one(id: string): ProvisioningDomain {
    const found = this.view().find((domain) => domain.id === id);
    if (found === undefined) throw new Error(`no ${id} among ${this.present()}`);
    return found;
  }

  present(): string[] {
    return this.domains.states.map(({ handle, id }) => `${handle} ${id}`);
  }

  /** What ended since this was last called, with reasons. */
  ended(): string[] {
    const present = new Map(this.domains.states.map(({ handle, id }) => [handle, id]));
    const gone = [...this.#seen].filter(([handle]) => !present.has(handle));
    this.#seen = present;
    return gone.map(([handle, id]) => `${handle} ${id} ${this.domains.endReason(handle)}`);
  }
}

const eth0 = link('eth0', 3);
const eth1 = link('eth1', 4);
const onEth1 = 'if:4.1';

let subject: Subject;

beforeEach(() => {
  subject = new Subject();
  subject.links(eth0);
});

describe('explicit domains through time', () => {
  const video = advertised('fe80::1', {
    pvd: option('video.example'),
    header: header({ until: 30_000 }),
    prefixes: [prefix('fd01::/64', { validUntil: 60_000 })],
    resolvers: [lasting('fd01::53', 20_000)],
  });

  it('domains: an explicit one is there with its accepted option, its id the name (PVD-22, MIF-26)', () => {
    subject.say(video);
    expect(subject.present()).toEqual(['pvd:1 video.example']);
    expect(subject.one('video.example')).toMatchObject({ explicit: true, providers: ['fe80::1'], addresses: [] });
  });

  it('domains: its items end one by one, the domain with the word itself (PVD-19, MIF-27, MIF-31)', () => {
    subject.addresses('fd01::2/64', '2001:db8::2/64');
    subject.via('fe80::1');
    const takeBack = subject.say(video);
    subject.ended();
    expect(subject.one('video.example').dns.servers).toEqual([
      { address: 'fd01::53', interface: 'eth0', origin: 'router-advertisements', element: 'ra', lifetime: 20 },
    ]);
    const [element] = subject.one('video.example').elements;
    subject.until(20_000);
    expect(subject.one('video.example').dns.servers).toEqual([]);
    expect(subject.one('video.example').elements[0]!.version).toBe(element!.version + 1);
    expect(subject.one('video.example').routers).toHaveLength(1);
    subject.until(30_000);
    expect(subject.one('video.example').routers).toEqual([]);
    expect(subject.one('video.example').advertisedPrefixes).toHaveLength(1);
    subject.until(60_000);
    expect(subject.one('video.example').advertisedPrefixes).toEqual([]);
    takeBack();
    expect(subject.ended()).toEqual(['pvd:3 video.example expired']);
  });

  it('domains: one that is taken back is withdrawn, and returns under another handle (PVD-27, MIF-27, M-id)', () => {
    subject.say(video)();
    subject.ended();
    const takeBack = subject.say(video);
    expect(subject.present()).toEqual(['pvd:2 video.example']);
    subject.ended();
    takeBack();
    expect(subject.ended()).toEqual(['pvd:2 video.example withdrawn']);
  });

  it('domains: ends with its interface, and after the grace period without carrier (PVD-18, MIF-23)', () => {
    subject.say(video);
    subject.ended();
    subject.links({ ...eth0, running: false });
    expect(subject.one('video.example').validated).toBe(false);
    subject.until(5_000);
    expect(subject.ended()).toEqual(['pvd:1 video.example interface-down']);
    subject.links(eth0);
    expect(subject.present()).toEqual(['pvd:2 video.example']);
    subject.ended();
    subject.apply({ kind: 'interface', operation: 'removed', before: eth0 });
    expect(subject.ended()).toEqual(['pvd:2 video.example interface-gone']);
  });

  it('domains: keeps handle and id over changes of all that it says (PVD-24, PVD-53, M-id)', () => {
    const takeBack = subject.say(video);
    subject.told.put(advertised('fe80::1', { pvd: option('VIDEO.example.'), key: 'next', mtu: 1400 }));
    takeBack();
    expect(subject.present()).toEqual(['pvd:1 video.example']);
    expect(subject.one('video.example')).toMatchObject({ mtu: 1400, advertisedPrefixes: [] });
  });

  it('domains: a lifetime that is prolonged is no change, and is told all the same (C6, MIF-41)', () => {
    const takeBack = subject.say(video);
    const [before] = subject.domains.states;
    subject.now = 10_000;
    subject.told.put({ ...video, key: 'again', resolvers: [lasting('fd01::53', 90_000)] });
    takeBack();
    const [after] = subject.domains.states;
    expect(after!.revision).toBe(before!.revision);
    expect(subject.one('video.example').dns.servers[0]!.lifetime).toBe(80);
    expect(subject.one('video.example').elements).toEqual([{ type: 'ra', version: 1 }]);
  });
});

describe('one id on several interfaces', () => {
  const said = (interfaceId: string) =>
    advertised('fe80::1', { interfaceId, pvd: option('corp.example'), resolvers: [lasting('2001:db8::53')] });
  const trust = policy({ interfaceId: undefined, extends: ['Corp.Example.'], trusted: true });

  beforeEach(() => {
    subject.links(eth1);
    subject.say(said(onEth0));
    subject.say(said(onEth1));
    subject.ended();
  });

  it('domains: is two domains with two handles (PVD-08, PVD-26, SEC-04)', () => {
    expect(subject.present()).toEqual(['pvd:1 corp.example', 'pvd:2 corp.example']);
    expect(subject.view().map(({ trusted }) => trusted)).toEqual([false, false]);
  });

  it('domains: is one domain on both where policy trusts it, and two again where it no longer does (PVD-08, MIF-28)', () => {
    const takeBack = subject.say(trust);
    expect(subject.present()).toEqual(['pvd:1 corp.example']);
    expect(subject.ended()).toEqual(['pvd:2 corp.example superseded']);
    expect(subject.one('corp.example')).toMatchObject({
      interfaces: ['eth0', 'eth1'],
      interfaceIds: [onEth0, onEth1],
      trusted: true,
      dns: { servers: [{ interface: 'eth0' }, { interface: 'eth1' }] },
    });
    takeBack();
    expect(subject.present()).toEqual(['pvd:1 corp.example', 'pvd:3 corp.example']);
    expect(subject.ended()).toEqual([]);
  });

  it('domains: a trusted one ends with its last interface (MIF-28)', () => {
    subject.say(trust);
    subject.ended();
    subject.apply({ kind: 'interface', operation: 'removed', before: eth0 });
    expect(subject.ended()).toEqual([]);
    expect(subject.one('corp.example')).toMatchObject({ handle: 'pvd:1', interfaces: ['eth1'] });
    subject.apply({ kind: 'interface', operation: 'removed', before: eth1 });
    expect(subject.ended()).toEqual(['pvd:1 corp.example interface-gone']);
  });
});

describe('the scenario of two routers', () => {
  /** Each router with an implicit domain and an explicit one, as in the experiments of ZAGREB. */
  beforeEach(() => {
    subject.addresses('2001:db8:1::2/64', 'fd01::2/64', '2001:db8:2::2/64', 'fd02::2/64', 'fe80::9/64');
    for (const [at, name] of ['iptv', 'voice'].entries()) {
      const router = `fe80::${at + 1}`;
      subject.via(router, { metric: 1024 + at });
      subject.say(advertised(router, { prefixes: [prefix(`2001:db8:${at + 1}::/64`)] }));
      subject.say(
        advertised(router, {
          pvd: option(`${name}.example`),
          prefixes: [prefix(`fd0${at + 1}::/64`)],
          resolvers: [lasting(`fd0${at + 1}::53`)],
        }),
      );
    }
    subject.say(policy({ key: 'free', extends: ['fe80::1', 'iptv.example'], categories: ['free'], metered: false }));
    subject.say(policy({ key: 'paid', extends: ['eth0/fe80::2', 'voice.example'], metered: true }));
  });

  it('domains: are four, each with its address, router and properties (M01a, PVD-13, PVD-56)', () => {
    const rows = subject
      .view()
      .filter(({ origin }) => origin !== 'link-local')
      .map(({ id, explicit, addresses, routers, metered }) =>
        [id, explicit, addresses.map(({ address: text }) => text), routers.map((each) => each.address), metered].join(
          ' ',
        ),
      );
    expect(rows.sort()).toEqual([
      'eth0/fe80::1 false 2001:db8:1::2 fe80::1 false',
      'eth0/fe80::2 false 2001:db8:2::2 fe80::2 true',
      'iptv.example true fd01::2 fe80::1 false',
      'voice.example true fd02::2 fe80::2 true',
    ]);
  });

  it('domains: those of a property are those that a policy gave it to, and no others (M01c)', () => {
    const free = subject.view().filter(({ categories }) => categories.includes('free'));
    expect(free.map(({ id }) => id).sort()).toEqual(['eth0/fe80::1', 'iptv.example']);
  });

  it('domains: told routes are told with whether the kernel has them (G5)', () => {
    const specific = {
      value: { prefix: '2001:db8:10::/48', via: 'fe80::1', preference: 'high' as const },
      until: null,
    };
    subject.say(advertised('fe80::1', { key: 'specific', routes: [specific] }));
    expect(
      subject
        .one('eth0/fe80::1')
        .advertisedRoutes.map(({ destination, gateway, installed }) => `${destination} ${gateway} ${installed}`),
    ).toEqual(['::/0 fe80::1 true', '2001:db8:10::/48 fe80::1 false']);
  });

  it('domains: a policy hides one, with a reason, and shows it again under another handle (PVD-40, MIF-27)', () => {
    subject.ended();
    const { handle } = subject.one('voice.example');
    const show = subject.say(policy({ key: 'hide', extends: ['voice.example'], hidden: true }));
    expect(subject.ended()).toEqual([`${handle} voice.example policy`]);
    show();
    expect(subject.one('voice.example').handle).not.toBe(handle);
  });
});

describe('the resolvers of the whole host', () => {
  const file = resolver(['198.51.100.53'], { interfaceId: undefined, origin: 'resolv-conf' });
  const served = () =>
    subject
      .view()
      .filter(({ dns }) => dns.servers.length > 0)
      .map(({ id }) => id);

  it('domains: belong to the default domain, and go with it to another interface (DNS-11, PVD-33)', () => {
    subject.links(eth1);
    subject.addresses('192.0.2.2/24', address('198.51.100.2/24', { index: 4, interface: 'eth1' }).address);
    subject.via('192.0.2.1', { metric: 100 });
    subject.via('198.51.100.1', { metric: 200, index: 4, interface: 'eth1' });
    subject.say(file);
    expect(served()).toEqual(['eth0/192.0.2.1']);
    expect(subject.one('eth0/192.0.2.1').dns.servers).toEqual([
      { address: '198.51.100.53', origin: 'resolv-conf', element: 'resolver', lifetime: null },
    ]);
    subject.links({ ...eth0, running: false });
    expect(served()).toEqual(['eth1/198.51.100.1']);
    subject.links(eth0);
    expect(served()).toEqual(['eth0/192.0.2.1']);
    const takeBack = subject.say(lease(4, { resolvers: ['192.0.2.53'], until: 10_000 }));
    expect(subject.one('eth0/192.0.2.1').dns.servers).toMatchObject([{ address: '192.0.2.53', lifetime: 10 }]);
    subject.until(10_000);
    takeBack();
    expect(subject.one('eth0/192.0.2.1').dns.servers).toMatchObject([{ address: '198.51.100.53' }]);
  });
});

describe('what a network manager knows', () => {
  const known = (fields: object): PvdRecord => ({
    type: 'link',
    origin: 'network-manager',
    key: 'link',
    interfaceId: onEth0,
    ...fields,
  });

  beforeEach(() => {
    subject.addresses('192.0.2.2/24', 'fe80::9/64');
    subject.via('192.0.2.1');
  });

  it.each([
    ['full', true],
    ['limited', false],
    ['portal', false],
    ['none', false],
  ])('domains: connectivity %s makes validated %s (PVD-48)', (connectivity, validated) => {
    subject.say(known({ connectivity, metered: true, intent: 'going-away' }));
    expect(subject.one('eth0/192.0.2.1')).toMatchObject({
      connectivity,
      validated,
      metered: true,
      intent: 'going-away',
    });
    expect(subject.one('eth0/link-local')).not.toHaveProperty('connectivity');
  });
});

describe('granularity', () => {
  it('domains: one of an interface keeps its id while routers come and go (PVD-12, M-id)', () => {
    subject = new Subject('interface');
    subject.links(eth0);
    subject.addresses('192.0.2.2/24', '2001:db8::2/64');
    expect(subject.present()).toEqual(['pvd:1 eth0/all']);
    subject.via('192.0.2.1');
    subject.say(advertised('fe80::1', { prefixes: [prefix('2001:db8::/64')] }));
    expect(subject.present()).toEqual(['pvd:1 eth0/all']);
    expect(subject.one('eth0/all').providers).toEqual(['all', '192.0.2.1', 'fe80::1']);
  });
});

describe('any life', () => {
  const routers = ['fe80::1', 'fe80::2', '192.0.2.1'];

  function anyRecord(random: Random, at: number): PvdRecord {
    const until = random.below(4) === 0 ? null : 1_000 * (1 + random.below(60));
    const number = 1 + random.below(3);
    const interfaceId = random.below(2) === 0 ? onEth0 : onEth1;
    switch (random.below(5)) {
      case 0:
        return lease(4, { key: `${at}`, interfaceId, until, routers: ['192.0.2.1'], resolvers: [`192.0.2.${number}`] });
      case 1:
        return resolver([`198.51.100.${number}`], { key: `${at}`, interfaceId });
      case 2:
        return policy({ key: `${at}`, interfaceId, extends: [`n${number}.example`], trusted: random.below(2) === 0 });
      default:
        return advertised(routers[random.below(2)]!, {
          key: `${at}`,
          interfaceId,
          ...(random.below(2) === 0 ? {} : { pvd: option(`n${number}.example`, { legacy: random.below(3) === 0 }) }),
          header: header({ until: until ?? 30_000 }),
          prefixes: [prefix(`2001:db8:${number}::/64`, { saidAt: at })],
          resolvers: [lasting(`2001:db8:${number}::53`, until)],
        });
    }
  }

  /** What users see, without what depends on the order in which it came about. */
  const picture = (life: Subject) =>
    life
      .view()
      .map(({ handle: _, elements, ...domain }) => ({ ...domain, elements: elements.map(({ type }) => type) }))
      .map((domain) => ({ ...domain, providers: [...domain.providers].sort() }))
      .sort((a, b) => (JSON.stringify([a.id, a.interfaceIds]) < JSON.stringify([b.id, b.interfaceIds]) ? -1 : 1));

  function begin(): Subject {
    const life = new Subject();
    life.links(eth0, eth1);
    for (const index of [3, 4]) {
      for (const text of ['192.0.2.2/24', '2001:db8:1::2/64', '2001:db8:2::2/64', '2001:db8:3::2/64', 'fe80::9/64']) {
        life.addresses(address(text, { index, interface: `eth${index - 3}` }).address);
      }
      for (const router of routers) life.via(router, { index, interface: `eth${index - 3}`, metric: 100 * index });
    }
    return life;
  }

  it('domains: are the same whatever the order in which sources were asked and records said (PVD-06, PVD-12)', () => {
    for (let seed = 1; seed <= 60; ++seed) {
      const random = new Random(seed);
      const records = Array.from({ length: 1 + random.below(12) }, (_, at) => anyRecord(random, at));
      const one = begin();
      for (const record of records) one.say(record);
      const other = begin();
      for (const record of shuffled(records, random)) other.told.put(record);
      other.apply();
      expect(picture(other), `seed ${seed}`).toEqual(picture(one));
      one.until(40_000);
      other.until(40_000);
      expect(picture(other), `seed ${seed} later`).toEqual(picture(one));
    }
  });

  it('domains: handles are never used again, each domain ends with a reason, addresses are in some (PVD-27, MIF-27)', () => {
    for (let seed = 1; seed <= 40; ++seed) {
      const random = new Random(seed);
      const life = begin();
      const gone = new Set<string>();
      const said: (() => void)[] = [];
      life.ended();
      for (let at = 0; at < 40; ++at) {
        if (random.below(3) === 0 && said.length > 0) said.splice(random.below(said.length), 1)[0]!();
        else said.push(life.say(anyRecord(random, at)));
        if (random.below(4) === 0) life.until(life.now + random.below(5_000));
        for (const line of life.ended()) {
          const [handle, , reason] = line.split(' ') as [string, string, string];
          expect(gone.has(handle), `seed ${seed}: ${line}`).toBe(false);
          expect(['expired', 'withdrawn', 'superseded']).toContain(reason);
          gone.add(handle);
        }
        const present = life.domains.states.map(({ handle }) => handle);
        expect(new Set(present).size).toBe(present.length);
        expect(present.some((handle) => gone.has(handle))).toBe(false);
        const held = new Set(
          life.view().flatMap(({ addresses }) => addresses.map((each) => `${each.interface} ${each.address}`)),
        );
        expect(held.size, `seed ${seed} step ${at}`).toBe(10);
      }
      for (const takeBack of said) takeBack();
      expect(
        picture(life).filter(({ id }) => !id.includes('/')),
        `seed ${seed}`,
      ).toEqual([]);
      expect(picture(life).flatMap(({ dns }) => dns.servers)).toEqual([]);
    }
  });
});

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0]!);
}
