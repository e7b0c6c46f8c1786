// SPDX-License-Identifier: MIT
// The judge before the trial: commands whose result is known from ip(8) by heart, against what the oracle makes of
// `ip -json`. No mirror is involved.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences } from './comparison.ts';
import { KernelChanges } from './kernel-changes.ts';
import { Lab } from './lab.ts';
import { askKernel, comparable, type Entry, type KernelView, nouns } from './oracle.ts';
import { requires } from './requirements.ts';
import { bare } from './topology/bare.ts';

const commands = [
  'link add bridge0 index 60 type bridge',
  'link set p1 master bridge0 mtu 1400 txqueuelen 7 group 3 promisc on',
  'link add link v0 name macvlan0 index 61 type macvlan mode bridge',
  'link set macvlan0 up',
  'addr add 10.0.0.1/24 dev v0',
  'addr add 10.0.0.2/24 dev v0 valid_lft 600 preferred_lft 300',
  'addr add 10.0.5.1 peer 10.0.6.1/32 dev v0 label v0:far scope link noprefixroute metric 9',
  'addr add 2001:db8::1/64 dev v0 valid_lft 600 preferred_lft 0',
  'addr add 2001:db8:1::1 peer 2001:db8:1::2/128 dev v0',
  'route add default via 10.0.0.9 dev v0 metric 5 src 10.0.0.1 mtu 1400 rtt 80ms',
  'route add 10.50.0.0/16 proto bird nexthop via 10.0.0.7 dev v0 weight 3 nexthop via 10.0.1.7 dev p0 onlink',
  'route add 10.51.0.1/32 via inet6 fe80::1 dev v0 tos 0x10 table 5000',
  'route add blackhole 10.52.0.0/16',
  'route add 2001:db8:50::/48 from 2001:db8:99::/64 via 2001:db8::7 table 900 expires 300 pref high',
  'nexthop add id 7 via 10.0.0.9 dev v0',
  'nexthop add id 8 via 10.0.0.10 dev v0',
  'nexthop add id 9 group 7,3/8',
  'route add 10.60.0.0/16 nhid 9',
  'neigh add 10.0.0.77 lladdr 02:00:00:00:77:77 dev v0',
  'neigh add 2001:db8::77 lladdr 02:00:00:00:77:78 dev v0 router nud permanent',
  'neigh add proxy 10.0.0.99 dev v0',
  'rule add pref 10 from 10.0.0.0/24 to 10.1.0.1 fwmark 0x10 tos 0x10 uidrange 10-20 ipproto tcp sport 5-6 dport 80 table 900',
  'rule add pref 11 not iif lo oif gone0 fwmark 0/0xff goto 99',
  'rule add pref 12 table 254 suppress_prefixlength 0 suppress_ifgroup 3 protocol 77',
  'rule add pref 13 l3mdev',
  'rule add pref 14 prohibit',
];

requires('root', 'ip')('oracle', () => {
  let lab: Lab;
  let view: KernelView;
  beforeAll(async () => {
    lab = await Lab.up(bare(2));
    await lab.ipBatch('host', commands);
    view = await askKernel(lab, 'host');
  });
  afterAll(() => lab?.[Symbol.asyncDispose]());

  /** The only record with these fields. */
  const only = (noun: keyof KernelView, fields: Entry) => {
    const found = view[noun].filter((entry) => Object.entries(fields).every(([key, value]) => entry[key] === value));
    expect(found, JSON.stringify(fields)).toHaveLength(1);
    return found[0]!;
  };

  it('oracle: an interface has numbers for names, and the flags that iproute2 spells in other ways', () => {
    expect(only('interfaces', { name: 'v0' })).toEqual({
      index: 10,
      name: 'v0',
      altNames: [],
      kind: 'veth',
      hardwareType: 'ether',
      mac: '02:00:00:00:00:0a',
      broadcast: 'ff:ff:ff:ff:ff:ff',
      mtu: 1500,
      flags: ['up', 'broadcast', 'running', 'multicast', 'lower-up'],
      operState: 'up',
      parentIndex: 11,
      parent: 'p0',
      group: 0,
      transmitQueueLength: 1000,
      adminUp: true,
      running: true,
    });
    expect(only('interfaces', { name: 'p1' })).toMatchObject({
      mtu: 1400,
      transmitQueueLength: 7,
      group: 3,
      masterIndex: 60,
      master: 'bridge0',
      flags: ['up', 'broadcast', 'running', 'promiscuous', 'multicast', 'lower-up'],
    });
    expect(only('interfaces', { name: 'bridge0' })).toMatchObject({
      operState: 'down',
      adminUp: false,
      running: false,
    });
    expect(only('interfaces', { name: 'macvlan0' })).toMatchObject({ kind: 'macvlan', parentIndex: 10, parent: 'v0' });
    expect(only('interfaces', { name: 'lo' })).toMatchObject({ hardwareType: 'loopback', operState: 'unknown' });
  });

  it('oracle: an address has its lifetimes, its peer and every flag', () => {
    const common = { interface: 'v0', index: 10 };
    expect(only('addresses', { address: '10.0.0.1' })).toEqual({
      ...common,
      family: 4,
      address: '10.0.0.1',
      prefixLength: 24,
      label: 'v0',
      scope: 'global',
      flags: ['permanent'],
      preferredLifetime: null,
      validLifetime: null,
    });
    expect(only('addresses', { address: '10.0.0.2' })['flags']).toEqual(['secondary']);
    expect(only('addresses', { address: '10.0.0.2' })['validLifetime']).toBeGreaterThan(590);
    expect(only('addresses', { address: '10.0.5.1' })).toMatchObject({
      peer: '10.0.6.1',
      prefixLength: 32,
      label: 'v0:far',
      scope: 'link',
      metric: 9,
      flags: ['permanent', 'no-prefix-route'],
    });
    expect(only('addresses', { address: '2001:db8::1' })).toMatchObject({
      family: 6,
      flags: ['deprecated'],
      preferredLifetime: 0,
    });
    expect(only('addresses', { address: '2001:db8:1::1' })).toMatchObject({ peer: '2001:db8:1::2', prefixLength: 128 });
  });

  it('oracle: a route has its prefix in full, its metric, its gateway of either family and its hops', () => {
    expect(only('routes', { destination: '0.0.0.0/0', table: 254 })).toEqual({
      family: 4,
      destination: '0.0.0.0/0',
      type: 'unicast',
      table: 254,
      protocol: 'boot',
      scope: 'global',
      metric: 5,
      tos: 0,
      gateway: '10.0.0.9',
      interface: 'v0',
      index: 10,
      preferredSource: '10.0.0.1',
      flags: [],
      metrics: [
        { metric: 'mtu', value: 1400 },
        { metric: 'rtt', value: 640 },
      ],
    });
    const hops = [
      { interface: 'v0', index: 10, gateway: '10.0.0.7', weight: 3, flags: [] },
      { interface: 'p0', index: 11, gateway: '10.0.1.7', weight: 1, flags: ['onlink'] },
    ];
    expect(only('routes', { destination: '10.50.0.0/16' })).toMatchObject({ protocol: 'bird', nexthops: hops });
    expect(only('routes', { destination: '10.50.0.0/16' })).not.toHaveProperty('gateway');
    expect(only('routes', { table: 5000 })).toMatchObject({ destination: '10.51.0.1/32', gateway: 'fe80::1', tos: 16 });
    expect(only('routes', { destination: '10.52.0.0/16' })).toMatchObject({ type: 'blackhole' });
    expect(only('routes', { table: 900 })).toMatchObject({
      source: '2001:db8:99::/64',
      preference: 'high',
      metric: 1024,
    });
    expect(only('routes', { table: 900 })['lifetime']).toBeGreaterThan(290);
    expect(only('routes', { destination: '10.60.0.0/16' })).toMatchObject({
      nexthopId: 9,
      nexthops: [{ weight: 3 }, { weight: 1 }],
    });
    expect(only('routes', { destination: '10.0.0.1/32' })).toMatchObject({ type: 'local', table: 255, scope: 'host' });
  });

  it('oracle: a rule has all its selectors, in numbers', () => {
    expect(only('rules', { priority: 10 })).toEqual({
      family: 4,
      priority: 10,
      action: 'to-table',
      table: 900,
      source: '10.0.0.0/24',
      destination: '10.1.0.1/32',
      mark: 16,
      markMask: 0xffffffff,
      tos: 16,
      ipProtocol: 6,
      sourcePortFirst: 5,
      sourcePortLast: 6,
      destinationPortFirst: 80,
      destinationPortLast: 80,
      uidFirst: 10,
      uidLast: 20,
      isL3mdev: false,
      protocol: 'unspec',
      flags: [],
      unknownAttributes: 0,
    });
    expect(only('rules', { priority: 11 })).toMatchObject({
      action: 'goto',
      gotoPriority: 99,
      inputInterface: 'lo',
      outputInterface: 'gone0',
      mark: 0,
      markMask: 255,
      flags: ['invert', 'unresolved', 'output-interface-detached'],
    });
    expect(only('rules', { priority: 12 })).toMatchObject({
      suppressPrefixLength: 0,
      suppressGroup: 3,
      protocol: '77',
    });
    expect(only('rules', { priority: 13 })).toMatchObject({ action: 'to-table', table: 0, isL3mdev: true });
    expect(only('rules', { priority: 14 })).toMatchObject({ action: 'prohibit' });
    expect(view.rules.filter(({ priority }) => priority === 32766).map(({ family }) => family)).toEqual([4, 6]);
  });

  it('oracle: neighbours and nexthop objects', () => {
    expect(only('neighbours', { address: '10.0.0.77' })).toEqual({
      interface: 'v0',
      index: 10,
      family: 4,
      address: '10.0.0.77',
      mac: '02:00:00:00:77:77',
      state: ['permanent'],
      flags: [],
    });
    expect(only('neighbours', { address: '2001:db8::77' })['flags']).toEqual(['router']);
    expect(view.neighbours.map(({ address }) => address).toSorted()).toEqual(['10.0.0.77', '2001:db8::77']);
    expect(only('nexthops', { id: 7 })).toMatchObject({
      index: 10,
      gateway: '10.0.0.9',
      isBlackhole: false,
      group: [],
    });
    expect(only('nexthops', { id: 9 })).toMatchObject({
      groupType: 0,
      group: [
        { id: 7, weight: 3 },
        { id: 8, weight: 1 },
      ],
    });
  });

  it('oracle: understands every word that 400 random changes make iproute2 print', async () => {
    const changes = new KernelChanges(7, ['v0', 'p0', 'v1', 'p1']);
    let accepted = 0;
    for (let n = 1; n <= 400; n++) {
      const { command, done } = changes.next();
      if ((await lab.tryIp('host', command)).code === 0) {
        accepted++;
        done();
      }
      if (n % 100 > 0) continue;
      const [one, other] = [await askKernel(lab, 'host'), await askKernel(lab, 'host')];
      for (const noun of nouns) expect(differences(one[noun], comparable(noun, other[noun])), noun).toEqual([]);
    }
    expect(accepted).toBeGreaterThan(250);
  });
});

describe('comparison', () => {
  const route = { destination: '10.0.0.0/8', table: 254, metric: 0, gateway: '10.1.0.1' };

  it.each<[string, Entry[], Entry[], string[]]>([
    ['order does not matter', [{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 1 }], []],
    ['the order of keys does not matter', [{ a: 1, b: { c: 1, d: 2 } }], [{ b: { d: 2, c: 1 }, a: 1 }], []],
    [
      'the order of a list does',
      [{ id: 1, l: [1, 2] }],
      [{ id: 1, l: [2, 1] }],
      ['id 1 differs: l is [1,2], the mirror has [2,1]'],
    ],
    ['how often does', [{ id: 1 }, { id: 1 }], [{ id: 1 }], ['only the kernel has {"id":1}']],
    ['a surplus is told', [], [{ id: 1 }], ['only the mirror has {"id":1}']],
    [
      'a field is told',
      [route],
      [{ ...route, gateway: '10.1.0.2', tos: 4 }],
      [
        'table 254, destination 10.0.0.0/8, metric 0 differs: gateway is "10.1.0.1", the mirror has "10.1.0.2"; ' +
          'tos is absent, the mirror has 4',
      ],
    ],
    ['clocks run', [{ id: 1, validLifetime: 100 }], [{ id: 1, validLifetime: 98 }], []],
    [
      'clocks run, not jump',
      [{ id: 1, validLifetime: 100 }],
      [{ id: 1, validLifetime: 90 }],
      ['id 1 differs: validLifetime is 100, the mirror has 90'],
    ],
    [
      'for ever is no number',
      [{ id: 1, validLifetime: null }],
      [{ id: 1, validLifetime: 0 }],
      ['id 1 differs: validLifetime is null, the mirror has 0'],
    ],
  ])('comparison: %s', (_, kernel, mirror, expected) => {
    expect(differences(kernel, mirror)).toEqual(expected);
  });
});
