// SPDX-License-Identifier: MIT

import { describe, expect, test } from 'vitest';
import { listingLines } from '../../../lib/cli/listing.ts';
import { pictureLines } from '../../../lib/cli/picture.ts';
import { styles } from '../../../lib/cli/style.ts';
import type { PvdAddress } from '../../../lib/pvd/provisioning-domain.ts';
import { route } from '../route-record.ts';
import { address, domain, link, neighbour, rule, snapshot } from './records.ts';

const plain = styles(false);
const lo = link('lo', 1, { kind: undefined, hardwareType: 'loopback', mtu: 65536, mac: undefined });
const uplink = link('uplink0', 11);
const wlan = link('wlan0', 12, { running: false, operState: 'down', vpn: true, metered: true });
const v4 = address(uplink, '10.1.0.100/24');
const v6 = address(uplink, '2001:db8:a:1::100/64', { validLifetime: 3600, flags: [] });

function member(record: typeof v4): PvdAddress {
  return { ...record, state: 'preferred', temporary: false, shared: false };
}

const host = snapshot({
  interfaces: [lo, uplink, wlan],
  addresses: [address(lo, '127.0.0.1/8', { scope: 'host' }), v4, v6, address(uplink, 'fe80::100/64')],
  routes: [
    route('0.0.0.0/0', { gateway: '10.1.0.1', interface: 'uplink0' }),
    route('10.1.0.0/24', { interface: 'uplink0' }),
  ],
  rules: [rule(0, { table: 255 })],
  neighbours: [neighbour(uplink, '10.1.0.1')],
  pvds: [
    domain('uplink0/fe80::1', uplink, {
      addresses: [member(v4), member(v6)],
      routers: [
        { address: 'fe80::1', interface: 'uplink0', family: 6 },
        { address: '10.1.0.1', interface: 'uplink0', family: 4 },
      ],
      validated: false,
    }),
  ],
});

describe('cli/picture', () => {
  test('cli/picture: interfaces, their domains with routers, and each address once', () => {
    expect([...pictureLines(host, plain)].join('')).toBe(`\
lo       up          loopback, mtu 65536
  127.0.0.1/8
uplink0  up          veth, mtu 1500, 02:00:00:00:00:0b
  uplink0/fe80::1  routers fe80::1, 10.1.0.1; not usable now
    10.1.0.100/24
    2001:db8:a:1::100/64  1h 0m left
  fe80::100/64
wlan0    no carrier  veth, mtu 1500, 02:00:00:00:00:0c, vpn, metered

2 routes, 1 rule, 1 neighbour
`);
  });

  test('cli/picture: a domain on two interfaces shows on each the addresses that are there', () => {
    const [one, two] = [link('x0', 1), link('x1', 2)];
    const [first, second] = [address(one, '192.0.2.1/24'), address(two, '192.0.2.2/24')];
    const both = domain('isp.example', one, {
      interfaces: ['x0', 'x1'],
      interfaceIds: [one.id, two.id],
      addresses: [member(first), member(second)],
    });
    const text = [
      ...pictureLines(snapshot({ interfaces: [one, two], addresses: [first, second], pvds: [both] }), plain),
    ];
    expect(text.map((line) => line.trim()).filter((line) => line.startsWith('192'))).toEqual([
      '192.0.2.1/24',
      '192.0.2.2/24',
    ]);
  });

  test('cli/picture: four thousand interfaces are read once', () => {
    const links = Array.from({ length: 4000 }, (_, at) => link(`v${at}`, at + 1));
    const addresses = links.map((one) => address(one, `10.${one.index >> 8}.${one.index & 255}.1/24`));
    let read = 0;
    const counted = {
      length: addresses.length,
      *[Symbol.iterator]() {
        read++;
        yield* addresses;
      },
    };
    const lines = [...pictureLines({ ...snapshot({ interfaces: links }), addresses: counted }, plain)];
    expect(read).toBe(1);
    expect(lines.filter((line) => line.startsWith('  10.'))).toHaveLength(4000);
  });
});

describe('cli/listing', () => {
  test('cli/listing: routes have their way, and no column that says nothing', () => {
    expect([...listingLines(host, 'routes', plain)].join('')).toBe(`\
TABLE  DESTINATION  WAY                       METRIC  PROTOCOL
main   0.0.0.0/0    via 10.1.0.1 dev uplink0       0  static
main   10.1.0.0/24  dev uplink0                    0  static
`);
  });

  test.each(['interfaces', 'addresses', 'rules', 'neighbours', 'pvds'] as const)(
    'cli/listing: %s have a title and a line for each',
    (noun) => {
      const lines = [...listingLines(host, noun, plain)];
      expect(lines).toHaveLength(host[noun].length + 1);
      expect(lines[0]).toMatch(/^ *[A-Z]/);
    },
  );

  test('cli/listing: nothing is printed of nothing', () => {
    expect([...listingLines(snapshot(), 'routes', plain)]).toEqual([]);
  });
});
