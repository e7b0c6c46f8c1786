// SPDX-License-Identifier: MIT
// host.sortDestinations() on real interfaces: the examples of RFC 6724 section 10 with the addresses that they are
// about, and what the kernel or somebody else takes away while one sorts.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { native } from '../../lib/binding/native.ts';
import { defaultPolicy, type Host, isMifError, openHost, type PolicyRow, type SortOptions } from '../../lib/index.ts';
import { packOrderQuestion } from '../../lib/selection/destination-order.ts';
import { packPolicy } from '../../lib/selection/policy.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { link, type Topology } from '../lab/topology.ts';
import { until } from '../lab/until.ts';

/** A host with two interfaces that make no addresses of their own. */
const quiet: Topology = {
  links: [link('host/v0#10', 'far/p0#11'), link('host/v1#12', 'far/p1#13')],
  nodes: {
    host: {
      setUp: [
        ...['link set v0 addrgenmode none', 'link set v1 addrgenmode none'],
        ...['link set lo up', 'link set v0 up', 'link set v1 up'],
      ],
    },
    far: { setUp: ['link set p0 up', 'link set p1 up'] },
  },
};

const site = (prefix: string, precedence: number, label: number): PolicyRow[] => [
  ...defaultPolicy,
  { prefix, precedence, label },
];
const ipv4First = site('::ffff:0:0/96', 100, 4);
const nearLater = site('fe80::/10', 33, 1);
const twoPrefixes = [...site('2001:db8:1aaa::/48', 43, 6), { prefix: '2001:db8:1bbb::/48', precedence: 43, label: 6 }];
const ownSite = site('fd11:1111:1111::/48', 45, 14);
const ownSixToFour = site('2002:c633:6401::/48', 45, 14);

/** `address source` for each, as they come out. */
type Order = readonly [first: string, second: string];

/** SAS-46, without the row that is the default's twice. */
const rows: [addresses: string, order: Order, rule: number, policy?: readonly PolicyRow[]][] = [
  [
    '2001:db8:1::2/64, fe80::1/64, 169.254.13.78/16',
    ['2001:db8:1::1 2001:db8:1::2', '198.51.100.121 169.254.13.78'],
    2,
  ],
  ['fe80::1/64, 198.51.100.117/24', ['198.51.100.121 198.51.100.117', '2001:db8:1::1 fe80::1'], 2],
  ['2001:db8:1::2/64, fe80::1/64, 10.1.2.4/24', ['2001:db8:1::1 2001:db8:1::2', '10.1.2.3 10.1.2.4'], 6],
  ['2001:db8:1::2/64, fe80::2/64', ['fe80::1%v0 fe80::2', '2001:db8:1::1 2001:db8:1::2'], 8],
  ['2001:db8:1::2/64, 2001:db8:3::1/64 home, fe80::2/64', ['2001:db8:1::1 2001:db8:3::1', 'fe80::1%v0 fe80::2'], 4],
  ['2001:db8:1::2/64, fe80::2/64 preferred_lft 0', ['2001:db8:1::1 2001:db8:1::2', 'fe80::1%v0 fe80::2'], 3],
  [
    '2001:db8:1::2/64, 2001:db8:3f44::2/64, fe80::2/64',
    ['2001:db8:1::1 2001:db8:1::2', '2001:db8:3ffe::1 2001:db8:3f44::2'],
    9,
  ],
  ['2002:c633:6401::2/64, fe80::2/64', ['2002:c633:6401::1 2002:c633:6401::2', '2001:db8:1::1 2002:c633:6401::2'], 5],
  [
    '2002:c633:6401::2/64, 2001:db8:1::2/64, fe80::2/64',
    ['2001:db8:1::1 2001:db8:1::2', '2002:c633:6401::1 2002:c633:6401::2'],
    6,
  ],
  [
    '2001:db8:1aaa::a/64, 2001:db8:70aa::a/64, fe80::a/64',
    ['2001:db8:70bb::b 2001:db8:70aa::a', '2001:db8:1bbb::b 2001:db8:1aaa::a'],
    9,
  ],
  [
    '2001:db8:1aaa::a/64, 2001:db8:70aa::a/64, fe80::a/64',
    ['2001:db8:1ccc::c 2001:db8:1aaa::a', '2001:db8:6ccc::c 2001:db8:70aa::a'],
    9,
  ],
  [
    '2001:db8:1::1/64, fd11:1111:1111:1::1/64',
    ['2001:db8:2::2 2001:db8:1::1', 'fd22:2222:2222:2::2 fd11:1111:1111:1::1'],
    6,
  ],
  ['2002:c633:6401::2/64, 10.1.2.3/24', ['203.0.113.1 10.1.2.3', '2001:db8:1::1 2002:c633:6401::2'], 5],
  [
    '2001:db8::2/64, fe80::1/64, 169.254.13.78/16',
    ['2001:db8::1 2001:db8::2', '198.51.100.121 169.254.13.78'],
    2,
    ipv4First,
  ],
  ['fe80::1/64, 198.51.100.117/24', ['198.51.100.121 198.51.100.117', '2001:db8::1 fe80::1'], 2, ipv4First],
  ['2001:db8::2/64, fe80::1/64, 10.1.2.4/24', ['10.1.2.3 10.1.2.4', '2001:db8::1 2001:db8::2'], 6, ipv4First],
  ['2001:db8::2/64, fe80::2/64', ['2001:db8::1 2001:db8::2', 'fe80::1%v0 fe80::2'], 6, nearLater],
  ['2001:db8::2/64 preferred_lft 0, fe80::2/64', ['fe80::1%v0 fe80::2', '2001:db8::1 2001:db8::2'], 3, nearLater],
  [
    '2001:db8:1aaa::a/64, 2001:db8:70aa::a/64, fe80::a/64',
    ['2001:db8:1bbb::b 2001:db8:1aaa::a', '2001:db8:70bb::b 2001:db8:70aa::a'],
    6,
    twoPrefixes,
  ],
  [
    '2001:db8:1aaa::a/64, 2001:db8:70aa::a/64, fe80::a/64',
    ['2001:db8:6ccc::c 2001:db8:70aa::a', '2001:db8:1ccc::c 2001:db8:70aa::a'],
    9,
    twoPrefixes,
  ],
  [
    '2001:db8:1::1/64, fd11:1111:1111:1::1/64',
    ['2001:db8:2::2 2001:db8:1::1', 'fd22:2222:2222:2::2 fd11:1111:1111:1::1'],
    5,
    ownSite,
  ],
  [
    '2001:db8:1::1/64, fd11:1111:1111:1::1/64',
    ['fd11:1111:1111:2::2 fd11:1111:1111:1::1', '2001:db8:2::2 2001:db8:1::1'],
    6,
    ownSite,
  ],
  [
    '2002:c633:6401:1::1/64, 10.1.2.3/24',
    ['2002:c633:6401:2::2 2002:c633:6401:1::1', '203.0.113.1 10.1.2.3'],
    6,
    ownSixToFour,
  ],
];

/** SAS-45, without what is about temporary addresses and about a destination of the host's own. */
const sourceRows: [addresses: string, destination: string, source: string][] = [
  ['2001:db8:3::1/64, fe80::1/64', '2001:db8:1::1', '2001:db8:3::1'],
  ['2001:db8:3::1/64, fe80::1/64', 'ff05::1', '2001:db8:3::1'],
  ['fe80::2/64 preferred_lft 0, 2001:db8:1::1/64', 'fe80::1', 'fe80::2'],
  ['2001:db8:1::2/64, 2001:db8:3::2/64', '2001:db8:1::1', '2001:db8:1::2'],
  ['2001:db8:1::2/64, 2001:db8:3::2/64 home', '2001:db8:1::1', '2001:db8:3::2'],
];

requires(
  'root',
  'ip',
  'nsenter',
)('sortDestinations', () => {
  let lab: Lab;
  let host: Host;
  beforeEach(async () => {
    lab = await Lab.up(quiet);
    host = await openHost({ netns: lab.netns('host') });
  });
  afterEach(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  /** Gives an interface these addresses and no others, and the way to everywhere. */
  async function give(addresses: string, name = 'v0'): Promise<void> {
    const lines = addresses.split(', ').map((text) => {
      const [address, ...words] = text.split(' ');
      return `addr add ${address} dev ${name} ${words.join(' ')}`;
    });
    await lab.ipBatch('host', [`addr flush dev ${name}`, ...lines]);
    await lab.ip('host', `-6 route replace default dev ${name}`);
    await lab.ip('host', `-4 route replace default dev ${name}`);
    const wanted = addresses.split(', ').map((text) => text.split('/')[0]);
    await until('the mirror to have them', () => {
      // Without detection too an address is tentative for a moment.
      const own = [...host.snapshot().addresses].filter(
        ({ interface: link, flags }) => link === name && !flags.includes('tentative'),
      );
      const routes = [...host.snapshot().routes].filter((route) => route.destination.endsWith('/0'));
      return own.length === wanted.length && own.every(({ address }) => wanted.includes(address)) && routes.length >= 2;
    });
  }

  function orderOf(addresses: readonly string[], options: SortOptions) {
    return host.sortDestinations(addresses, options).map(({ address, source }) => `${address} ${source}`);
  }

  it('sort: the examples of RFC 6724 section 10, over a named interface, in either order (SAS-46, SAS-29)', async () => {
    for (const [addresses, order, rule, policy = defaultPolicy] of rows) {
      await give(addresses);
      const destinations = order.map((text) => text.split(' ')[0] as string);
      for (const given of [destinations, [...destinations].reverse()]) {
        const options = { via: 'v0', policy };
        expect(orderOf(given, options), `${addresses} to ${given}`).toEqual(order);
        const [first, second] = host.sortDestinations(given, options);
        expect([first?.rule, second?.rule], `${addresses} to ${given}`).toEqual([rule, 0]);
        expect(first).toMatchObject({ reachable: true, interface: 'v0', path: { interface: 'v0' } });
      }
    }
  });

  it('sort: the same for a socket that nobody binds, where the kernel chooses the same sources (SAS-46, SAS-34)', async () => {
    for (const [addresses, order, rule] of rows.filter(([, , , policy]) => policy === undefined)) {
      await give(addresses);
      const destinations = order.map((text) => text.split(' ')[0] as string).reverse();
      expect(orderOf(destinations, { policy: defaultPolicy }), addresses).toEqual(order);
      expect(host.sortDestinations(destinations, { policy: defaultPolicy })[0]?.rule, addresses).toBe(rule);
    }
  });

  it('sort: sources are those of select() (SAS-45)', async () => {
    for (const [addresses, destination, source] of sourceRows) {
      await give(addresses);
      expect(host.select(destination, { via: 'v0' }).source, `${addresses} to ${destination}`).toBe(source);
      expect(orderOf([destination], { via: 'v0' })).toEqual([`${destination} ${source}`]);
    }
  });

  it('sort: each way is the one that select() gives, and there is none where select() refuses (SAS-34, F6)', async () => {
    await give('2001:db8:1::2/64, fe80::2/64, 198.51.100.2/24, 169.254.1.1/16');
    await lab.ipBatch('host', ['addr add 10.9.0.1/24 dev v1', 'addr add 2001:db8:9::1/64 dev v1']);
    await lab.ip('host', 'route add unreachable 203.0.113.0/24');
    await until('the last route, and addresses that stay as they are', () => {
      const { routes, addresses } = host.snapshot();
      const isBegun = [...addresses].some(({ address }) => address === '2001:db8:9::1');
      const isSettled = ![...addresses].some(({ flags }) => flags.includes('tentative'));
      return isBegun && isSettled && [...routes].some(({ type }) => type === 'unreachable');
    });
    const destinations = [
      ...['127.0.0.1', '127.0.0.9', '::1', '198.51.100.2', '10.9.0.1', '2001:db8:9::1', 'fe80::2%v0', '10.9.0.7'],
      ...['203.0.113.1', '192.0.2.1', '169.254.1.7', '2001:db8:ffff::1', 'fe80::1', 'fe80::1%v0', 'fe80::1%v1'],
      ...['ff02::1', 'ff05::1', '224.0.0.1', '255.255.255.255', '198.51.100.255', '0.0.0.0', '::'],
    ];
    const select = (address: string, via: SortOptions['via']) => {
      try {
        return host.select(address, { via });
      } catch (error) {
        if (!isMifError(error)) throw error;
        return undefined;
      }
    };
    for (const via of [undefined, 'v0', 'v1', 'lo', ['v1', 'v0'], ['gone', 'v0']]) {
      const sorted = host.sortDestinations(destinations, { via });
      const found = new Map(sorted.map(({ address, path, reachable }) => [address, { path, reachable }]));
      for (const address of destinations) {
        // Of a list, select() takes a zone that is not the first one's for a mistake; a sort goes on to its interface.
        if (Array.isArray(via) && address.includes('%')) continue;
        const path = select(address, via);
        expect(found.get(address), `${address} via ${via}`).toEqual({ path, reachable: path !== undefined });
      }
      expect(sorted.some(({ reachable }) => reachable)).toBe(true);
    }
    await lab.ip('far', 'link set p1 down');
    await until('no carrier', () => select('10.9.0.7', 'v1') === undefined);
    const over = (via: SortOptions['via']) => host.sortDestinations(['192.0.2.1', '10.9.0.7'], { via });
    expect(over(['v1', 'v0'])[0]).toMatchObject({ address: '192.0.2.1', interface: 'v0', reachable: true });
    expect(over('v1').map(({ reachable }) => reachable)).toEqual([false, false]);
  });

  it('sort: whoever prefers care-of or temporary addresses gets sources and an order to match (SAS-18, SAS-21)', async () => {
    await give('2001:db8:1::2/64, 2001:db8:3::1/64 home, fe80::2/64');
    const destinations = ['2001:db8:1::1', 'fe80::1%v0'];
    for (const via of [undefined, 'v0']) {
      expect(orderOf(destinations, { via, preferences: { home: 'prefer' } })[0]).toBe('2001:db8:1::1 2001:db8:3::1');
      expect(orderOf(destinations, { via, preferences: { home: 'avoid' } })).toEqual([
        'fe80::1%v0 fe80::2',
        '2001:db8:1::1 2001:db8:1::2',
      ]);
    }
    await give('fe80::2/64');
    await lab.exec('host', 'sysctl', '-qw', 'net.ipv6.conf.v1.use_tempaddr=1');
    await lab.ip('host', 'addr add 2001:db8:2::2/64 dev v1 valid_lft 7200 preferred_lft 7200 mngtmpaddr');
    const temporary = await until(
      'a temporary address',
      () =>
        [...host.snapshot().addresses].find(
          (own) => own.interface === 'v1' && own.flags.includes('secondary') && !own.flags.includes('tentative'),
        )?.address,
    );
    for (const via of [undefined, 'v1']) {
      const sourceWith = (wish: 'prefer' | 'avoid') =>
        host.sortDestinations(['2001:db8:2::1'], { via, preferences: { temporary: wish } })[0]?.source;
      expect(sourceWith('prefer')).toBe(temporary);
      expect(sourceWith('avoid')).toBe('2001:db8:2::2');
    }
  });

  it('sort: what has no way, no source or no carrier comes last and is no error (SAS-29)', async () => {
    await give('2001:db8:1::2/64, 198.51.100.2/24');
    await lab.ip('host', 'route add unreachable 203.0.113.0/24');
    await lab.ip('host', 'addr add 10.9.0.1/24 dev v1');
    await until('the route', () => host.sortDestinations(['203.0.113.1']).every(({ path }) => path === undefined));
    await lab.ip('far', 'link set p1 down');
    await until('no carrier', () => host.sortDestinations(['10.9.0.2']).every(({ reachable }) => !reachable));
    const destinations = ['10.9.0.2', '203.0.113.1', 'fe80::1', '198.51.100.1', '2001:db8:1::1'];
    const sorted = host.sortDestinations(destinations, { policy: defaultPolicy });
    expect(sorted.map(({ address, reachable, rule }) => [address, reachable, rule])).toEqual([
      ['2001:db8:1::1', true, 6],
      ['198.51.100.1', true, 1],
      // There is a source, so that scopes can match; of the others none is known.
      ['10.9.0.2', false, 2],
      ['fe80::1', false, 6],
      ['203.0.113.1', false, 0],
    ]);
    expect(sorted[2]).toMatchObject({ source: '10.9.0.1', interface: 'v1', path: { interface: 'v1' } });
    expect(sorted[4]).toMatchObject({ source: null, interface: null, path: undefined });
  });

  it('sort: zones say the interface; one that is gone or not the carrier has no way (SAS-39)', async () => {
    await give('fe80::2/64');
    await give('fe80::3/64', 'v1');
    expect(orderOf(['fe80::1%v1', 'fe80::1%v0', 'fe80::1%12', 'fe80::1%gone'], {})).toEqual([
      'fe80::1%v1 fe80::3',
      'fe80::1%v0 fe80::2',
      'fe80::1%12 fe80::3',
      'fe80::1%gone null',
    ]);
    expect(orderOf(['fe80::1%v1', 'fe80::1%v0'], { via: 'v0' })).toEqual(['fe80::1%v0 fe80::2', 'fe80::1%v1 null']);
    // Each destination by the first that reaches it.
    expect(orderOf(['fe80::1%v1', 'fe80::1%v0'], { via: ['v0', 'gone', 'v1'] })).toEqual([
      'fe80::1%v1 fe80::3',
      'fe80::1%v0 fe80::2',
    ]);
  });

  it('sort: a domain gives its own addresses only, and its name is in the path (SAS-32, PVD-37)', async () => {
    await lab.ipBatch('host', [
      'addr add 198.51.100.2/24 dev v0',
      'addr add 203.0.113.2/24 dev v0',
      'route add default via 198.51.100.1 dev v0 metric 1',
      'route add default via 203.0.113.1 dev v0 metric 2',
    ]);
    const domain = await until('a domain of the second router', () =>
      host.snapshot().pvds.find(({ addresses }) => addresses.length === 1 && addresses[0]?.address === '203.0.113.2'),
    );
    const destinations = ['2001:db8:9::1', '192.0.2.1'];
    expect(orderOf(destinations, { via: domain.id })).toEqual(['192.0.2.1 203.0.113.2', '2001:db8:9::1 null']);
    expect(host.sortDestinations(destinations, { via: domain.id })[0]?.path?.pvd).toBe(domain.id);
    expect(orderOf(['192.0.2.1'], { via: 'v0' })).toEqual(['192.0.2.1 198.51.100.2']);
  });

  it('sort: every order of the same destinations comes out the same, but for ties; duplicates stay (SAS-30)', async () => {
    await give('2001:db8:1::2/64, 2002:c633:6401::2/64, fd11::2/64, fe80::2/64, 198.51.100.2/24, 169.254.1.1/16');
    const destinations = ['2001:db8:1::1', '2002:c633:6401::1', 'fd11::1', 'fe80::1%v0', '198.51.100.1', '169.254.1.2'];
    const expected = host.sortDestinations(destinations, { policy: defaultPolicy });
    // No tie among them.
    expect(expected.map(({ rule }) => rule)).not.toContain(10);
    for (const given of permutations(destinations)) {
      expect(host.sortDestinations(given, { policy: defaultPolicy })).toEqual(expected);
    }
    const twice = host.sortDestinations([...destinations, ...destinations], { policy: defaultPolicy });
    expect(twice.map(({ address }) => address)).toEqual(expected.flatMap(({ address }) => [address, address]));
    expect(twice.filter((_, at) => at % 2 === 0).every(({ rule }) => rule === 10)).toBe(true);
    expect(host.sortDestinations([])).toEqual([]);
  });

  it('sort: an address that is gone is no source of the next call (SAS-31)', async () => {
    await give('2001:db8:1::2/64, 2001:db8:2::2/64');
    for (let round = 0; round < 5; round++) {
      expect(orderOf(['2001:db8:1::1'], {})).toEqual(['2001:db8:1::1 2001:db8:1::2']);
      await lab.ip('host', 'addr del 2001:db8:1::2/64 dev v0');
      await until('its end', () => ![...host.snapshot().addresses].some(({ address }) => address === '2001:db8:1::2'));
      expect(orderOf(['2001:db8:1::1'], {})).toEqual(['2001:db8:1::1 2001:db8:2::2']);
      await lab.ip('host', 'addr add 2001:db8:1::2/64 dev v0');
      await until('its return', () =>
        [...host.snapshot().addresses].some(
          ({ address, flags }) => address === '2001:db8:1::2' && !flags.includes('tentative'),
        ),
      );
    }
  });

  it('sort: what is wrong is refused by name, before anything is asked (SAS-19)', async () => {
    const refusals: [call: () => unknown, message: RegExp][] = [
      [() => host.sortDestinations(['::1', '::2', '127.0.0.1', 'no']), /^addresses\[3\]: 'no' is not an IP address/],
      [() => host.sortDestinations(['::ffff:192.0.2.1']), /^addresses\[0\]: '::ffff:192\.0\.2\.1' hides its family/],
      [() => host.sortDestinations(new Array(2)), /^addresses\[0\]: undefined/],
      [() => host.sortDestinations('::1' as never), /^addresses: '::1' is not an array/],
      [() => host.sortDestinations([], { vai: 1 } as never), /^option vai: /],
      [() => host.sortDestinations([], { mark: -1 }), /^option mark: /],
      [
        () => host.sortDestinations([], { preferences: { home: 'both' as never } }),
        /^option preferences\.home: 'both'/,
      ],
      [
        () => host.sortDestinations([], { policy: [{ prefix: '::/129', precedence: 1, label: 1 }] }),
        /^option policy\[0\]/,
      ],
    ];
    for (const [call, message] of refusals) {
      expect(call).toThrow(message);
      expect(call).toThrow(expect.toSatisfy((error) => isMifError(error, 'ERR_MIF_INVALID_ARG')));
    }
    expect(() => host.sortDestinations(['::1'], { via: 'gone' })).toThrow(
      expect.objectContaining({ code: 'ERR_MIF_INTERFACE_NOT_FOUND' }),
    );
  });

  it('sort: a question is believed in no word: cut off or contradictory it is refused, and never read past (J1, SAS-19)', async () => {
    const monitor = native().openMonitor({ namespacePath: lab.path('host'), settleMs: 0, onWake: () => {} });
    try {
      const selector = monitor.createSelector(new Uint32Array(64));
      const address = { family: 6, groups: [0x20010db8, 0, 0, 1] } as const;
      const question = {
        ...{ mark: 0, uid: 0, preferences: 0, policy: packPolicy(defaultPolicy) },
        carriers: [{ index: 10, sources: { allowed: [address], advertised: [{ source: address, router: address }] } }],
        destinations: [{ address, zone: 0 }],
      };
      const whole = packOrderQuestion(question);
      expect(selector.sort(whole).length).toBeGreaterThan(0);
      const refused = expect.objectContaining({ code: 'ERR_MIF_INVALID_ARG' });
      for (let length = 0; length < whole.length; length++) {
        expect(() => selector.sort(whole.slice(0, length)), `${length} words`).toThrow(refused);
      }
      expect(() => selector.sort(Uint32Array.of(...whole, 0))).toThrow(refused);
      expect(() => selector.sort([...whole] as never)).toThrow(refused);
      // Temporary and public; home and care-of.
      for (const preferences of [0x0003, 0x0404]) {
        expect(() => selector.sort(packOrderQuestion({ ...question, preferences }))).toThrow(refused);
      }
      for (let at = 0; at < whole.length; at++) {
        for (const word of [0, 1, 0x7fff_ffff, 0xffff_ffff]) {
          const answer = () => selector.sort(whole.with(at, word)).length;
          try {
            expect(answer()).toBeGreaterThanOrEqual(0);
          } catch (error) {
            expect(error).toEqual(refused);
          }
        }
      }
    } finally {
      monitor.close();
    }
  });

  it('sort: the C library, given the same table, comes to the same order (SAS-10)', async () => {
    await give('2001:db8:1::2/64, 2002:c633:6401::2/64, fd11::2/64, 198.51.100.2/24, 10.1.2.4/24');
    const destinations = ['fd22::1', '203.0.113.1', '2002:c633:6401::1', '2001:db8:1::1', '3ffe::1', '2001:0:1::1'];
    const table = defaultPolicy.flatMap(({ prefix, precedence, label }) => [
      `precedence ${prefix} ${precedence}`,
      `label ${prefix} ${label}`,
    ]);
    const hosts = lab.write('hosts', destinations.map((address) => `${address} many\n`).join(''));
    const gaiConf = lab.write('gai.conf', `${table.join('\n')}\n`);
    const script = `mount --bind ${hosts} /etc/hosts && mount --bind ${gaiConf} /etc/gai.conf && getent ahosts many`;
    const output = await lab.exec('host', 'unshare', '--mount', 'sh', '-c', script);
    const theirs = [
      ...new Set(
        output
          .trim()
          .split('\n')
          .map((line) => line.split(/\s+/)[0]),
      ),
    ];
    expect(theirs).toHaveLength(destinations.length);
    const ours = host.sortDestinations(destinations, { policy: defaultPolicy });
    expect(ours.map(({ address }) => address)).toEqual(theirs);
  });
});

function* permutations(items: readonly string[]): Generator<string[]> {
  if (items.length === 0) yield [];
  for (const [at, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(at, 1))) yield [item, ...rest];
  }
}
