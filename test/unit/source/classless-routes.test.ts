// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { routesOfClasses, routesOfOctets, routesOfWords } from '../../../lib/source/lease/classless-routes.ts';
import { leaseOf } from '../../../lib/source/lease/lease.ts';
import { Random } from '../../lab/random.ts';

const router = [10, 1, 0, 1];

describe('classless routes', () => {
  it.each([
    [[0], '0.0.0.0/0'],
    [[8, 10], '10.0.0.0/8'],
    [[24, 10, 0, 0], '10.0.0.0/24'],
    [[16, 10, 17], '10.17.0.0/16'],
    [[24, 10, 27, 129], '10.27.129.0/24'],
    [[25, 10, 229, 0, 128], '10.229.0.128/25'],
    [[32, 10, 198, 122, 47], '10.198.122.47/32'],
    [[25, 129, 210, 177, 132], '129.210.177.128/25'],
  ])('routes: the octets %j are a route to %s (ROUTE-01, ROUTE-02)', (octets, prefix) => {
    expect(routesOfOctets([...octets, ...router])).toEqual([{ prefix, via: '10.1.0.1' }]);
  });

  it('routes: several in a row, and one to the link itself (ROUTE-01, ROUTE-04)', () => {
    expect(routesOfOctets([12, 172, 16, 10, 1, 0, 254, 24, 192, 0, 2, 0, 0, 0, 0, 0, ...router])).toEqual([
      { prefix: '172.16.0.0/12', via: '10.1.0.254' },
      { prefix: '192.0.2.0/24' },
      { prefix: '0.0.0.0/0', via: '10.1.0.1' },
    ]);
  });

  it.each([
    [[]],
    [[33, 10, 0, 0, 0, 0, ...router]],
    [[0, 10, 1, 0]],
    [[24, 10, 0, 0, ...router, 8]],
    [[8, 256, ...router]],
    [[8, 1.5, ...router]],
    [[8, Number.NaN, ...router]],
  ])('routes: the octets %j are refused as a whole (ROUTE-01)', (octets) => {
    expect(routesOfOctets(octets)).toBeUndefined();
  });

  it('routes: octets that a generator makes come back as what they were made of (ROUTE-01, ROUTE-02)', () => {
    const random = new Random(121);
    for (let round = 0; round < 500; round++) {
      const made = Array.from({ length: random.between(1, 8) }, () => {
        const width = random.below(33);
        const bits = random.below(2 ** 31) * 2 + random.below(2);
        const network = width === 0 ? 0 : ((bits >>> (32 - width)) << (32 - width)) >>> 0;
        const octets = [24, 16, 8, 0].map((shift) => (network >>> shift) & 255);
        return { prefix: `${octets.join('.')}/${width}`, octets: [width, ...octets.slice(0, Math.ceil(width / 8))] };
      });
      const found = routesOfOctets(made.flatMap(({ octets }) => [...octets, ...router]));
      const expected = [...new Set(made.map(({ prefix }) => prefix))];
      expect(found).toEqual(expected.map((prefix) => ({ prefix, via: '10.1.0.1' })));
    }
  });

  it('routes: in words, with what is none left out', () => {
    expect(
      routesOfWords(['172.16.5.0/12', '10.1.0.254', 'x', '10.1.0.1', '2001:db8::/32', '10.1.0.1', '10.0.0.0/8']),
    ).toEqual([{ prefix: '172.16.0.0/12', via: '10.1.0.254' }]);
  });

  it('routes: of option 33 by the class of the destination; a default route is none of them', () => {
    expect(
      routesOfClasses([
        '10.1.2.3',
        '10.0.0.1',
        '172.16.1.1',
        '10.0.0.1',
        '0.0.0.0',
        '10.0.0.1',
        '224.0.0.1',
        '10.0.0.1',
      ]),
    ).toEqual([
      { prefix: '10.0.0.0/8', via: '10.0.0.1' },
      { prefix: '172.16.0.0/16', via: '10.0.0.1' },
    ]);
  });

  it('routes: classless ones put away routers and static routes; none of them do not (ROUTE-03)', () => {
    const words = {
      family: 4,
      untilWall: null,
      addresses: [],
      routers: ['10.1.0.1'],
      staticRoutes: [{ prefix: '10.0.0.0/8', via: '10.0.0.1' }],
      resolvers: [],
      searchDomains: [],
    } as const;
    const classlessRoutes = [{ prefix: '172.16.0.0/12', via: '10.1.0.254' }];
    expect(leaseOf({ ...words, classlessRoutes })).toMatchObject({ routers: [], routes: classlessRoutes });
    const others = { routers: words.routers, routes: words.staticRoutes };
    expect(leaseOf({ ...words, classlessRoutes: [] })).toMatchObject(others);
    expect(leaseOf(words)).toMatchObject(others);
  });
});
