// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from 'vitest';
import type { Neighbour } from '../../../lib/binding/contract.gen.ts';
import { KernelSource } from '../../../lib/pvd/source/kernel.ts';
import { address, link, neighbour, route } from './records.ts';

const four = route('0.0.0.0/0', { gateway: '192.0.2.1' });
const six = route('::/0', { gateway: 'fe80::1' });

let neighbours: Neighbour[];
let walks: number;
let source: KernelSource;

beforeEach(() => {
  neighbours = [];
  walks = 0;
  source = new KernelSource({
    neighbours: () => {
      ++walks;
      return neighbours;
    },
  });
  source.putInterface(link('eth0', 3));
  source.putAddress(address('192.0.2.2/24'));
  source.takeChanged();
});

const providers = () => source.describe('if:3.1', []).map((draft) => draft.providers.join('+'));

describe('kernel source', () => {
  it('kernel source: default routes and the halves of one make routers, others do not', () => {
    for (const destination of ['10.0.0.0/8', '192.0.2.0/24', '203.0.113.1/32']) {
      source.addRoute(route(destination, { gateway: '192.0.2.7' }));
    }
    source.addRoute(route('0.0.0.0/0', { gateway: '192.0.2.8', type: 'blackhole' }));
    source.addRoute(route('0.0.0.0/0', { gateway: '192.0.2.9', table: 255 }));
    expect(source.takeChanged()).toEqual([]);
    expect(providers()).toEqual(['static']);
    source.addRoute(route('128.0.0.0/1', { gateway: '192.0.2.3' }));
    source.addRoute(route('0.0.0.0/0', { gateway: '192.0.2.1', table: 4242 }));
    expect(source.takeChanged()).toEqual(['if:3.1']);
    expect(providers()).toEqual(['192.0.2.1', '192.0.2.3']);
  });

  it('kernel source: each hop of a multipath default route is a router of its interface', () => {
    source.putInterface(link('eth1', 4));
    source.putAddress(address('198.51.100.2/24', { index: 4 }));
    source.takeChanged();
    const multipath = route('0.0.0.0/0', {
      index: undefined,
      nexthops: [
        { index: 3, gateway: '192.0.2.1', weight: 1, flags: [] },
        { index: 4, gateway: '198.51.100.1', weight: 1, flags: [] },
      ],
    });
    source.addRoute(multipath);
    expect(source.takeChanged()).toEqual(['if:3.1', 'if:4.1']);
    expect(source.describe('if:4.1', [])[0]!.providers).toEqual(['198.51.100.1']);
    source.removeRoute(multipath);
    expect(source.describe('if:4.1', [])[0]!.providers).toEqual(['static']);
    expect(providers()).toEqual(['static']);
  });

  it('kernel source: of two equal routes one goes at a time (D8)', () => {
    source.addRoute(four);
    source.addRoute({ ...four, protocol: 'boot' });
    source.removeRoute(four);
    expect(providers()).toEqual(['192.0.2.1']);
    source.removeRoute(four);
    expect(providers()).toEqual(['static']);
  });

  it('kernel source: neighbours are walked only when it matters who shares a MAC address', () => {
    source.addRoute(four);
    source.addRoute(six);
    expect(providers()).toEqual(['fe80::1+192.0.2.1']);
    expect(walks).toBe(0);
    neighbours = [neighbour('fe80::2', '02:00:00:00:00:02'), neighbour('192.0.2.1', '02:00:00:00:00:02')];
    const fresh = new KernelSource({ neighbours: () => neighbours });
    fresh.putInterface(link('eth0', 3));
    for (const each of [four, six, route('::/0', { gateway: 'fe80::2' })]) fresh.addRoute(each);
    expect(fresh.describe('if:3.1', []).map((draft) => draft.providers.join('+'))).toEqual([
      'fe80::1',
      'fe80::2+192.0.2.1',
    ]);
  });

  it('kernel source: a neighbour matters when it is a router and its MAC address is news', () => {
    source.addRoute(four);
    source.takeChanged();
    source.putNeighbour(neighbour('192.0.2.77', '02:00:00:00:00:77'));
    source.putNeighbour(neighbour('192.0.2.1', undefined));
    expect(source.takeChanged()).toEqual([]);
    source.putNeighbour(neighbour('192.0.2.1', '02:00:00:00:00:01'));
    expect(source.takeChanged()).toEqual(['if:3.1']);
    source.putNeighbour({ ...neighbour('192.0.2.1', '02:00:00:00:00:01'), state: ['stale'] });
    expect(source.takeChanged()).toEqual([]);
  });

  it('kernel source: routers that were one stay one when another gateway appears (PVD-24)', () => {
    source.addRoute(four);
    source.addRoute(six);
    expect(providers()).toEqual(['fe80::1+192.0.2.1']);
    source.addRoute(route('0.0.0.0/0', { gateway: '192.0.2.9', metric: 5 }));
    expect(providers()).toEqual(['fe80::1+192.0.2.1', '192.0.2.9']);
  });

  it('kernel source: a device that took over an index has nothing of the one before (B9)', () => {
    source.addRoute(four);
    source.takeChanged();
    source.putInterface(link('eth0', 3, { generation: 2 }));
    expect(source.takeChanged().sort()).toEqual(['if:3.1', 'if:3.2']);
    expect(source.interface('if:3.1')).toBeUndefined();
    expect(source.describe('if:3.1', [])).toEqual([]);
    expect(source.describe('if:3.2', [])).toEqual([]);
  });

  it('kernel source: a removed interface is reported once, its late records are nothing', () => {
    source.removeInterface(link('eth0', 3));
    expect(source.takeChanged()).toEqual(['if:3.1']);
    source.removeAddress(address('192.0.2.2/24').address);
    source.removeRoute(four);
    source.putNeighbour(neighbour('192.0.2.1', '02:00:00:00:00:01'));
    expect(source.takeChanged()).toEqual([]);
  });
});
