// SPDX-License-Identifier: MIT
// Readers of what clients of DHCP keep: real files, their other forms, and files that are damaged in every way.

import { describe, expect, it } from 'vitest';
import { parseDhclientLeases } from '../../../lib/source/lease/dhclient.ts';
import { readDhcpcdLease } from '../../../lib/source/lease/dhcpcd.ts';
import { parseNetworkdLease, parseNetworkdLink } from '../../../lib/source/lease/networkd.ts';
import { parseNetworkManagerDevice } from '../../../lib/source/lease/nm-device.ts';
import { parseUdhcpc } from '../../../lib/source/lease/udhcpc.ts';
import { parseResolvConf } from '../../../lib/source/resolver/resolv-conf.ts';
import { parseResolvedLink } from '../../../lib/source/resolver/resolved.ts';
import { mostEntries } from '../../../lib/source/told-values.ts';
import { Random } from '../../lab/random.ts';
import {
  dhclientLease,
  dhclientLease6,
  dhcpcdLease6File,
  dhcpcdLeaseFile,
  networkdLeaseFile,
  networkdLinkFile,
  nmDeviceFile,
  resolvedLinkFile,
  stubResolvConf,
  udhcpcFile,
} from './told.ts';

/** What all clients tell of that server. */
const told = {
  family: 4,
  server: '10.1.0.1',
  addresses: ['10.1.0.73'],
  routers: [],
  routes: [
    { prefix: '172.16.0.0/12', via: '10.1.0.254' },
    { prefix: '0.0.0.0/0', via: '10.1.0.1' },
  ],
  resolvers: ['10.1.0.53', '10.1.0.54'],
  searchDomains: ['isp-a.example', 'corp.isp-a.example'],
  mtu: 1480,
};

const routes = 'option rfc3442-classless-static-routes 12,172,16,10,1,0,254,0,10,1,0,1;';
const expire = '6 2026/11/21 23:30:17';

describe('lease readers', () => {
  it('networkd: a lease ends its lifetime after its file was written (PVD-86, ROUTE-03)', () => {
    expect(parseNetworkdLease(networkdLeaseFile)(1_000_000)).toMatchObject({ ...told, untilWall: 1_120_000 });
    expect(parseNetworkdLease(networkdLeaseFile.replace('=120', '=4294967295'))(0)).toMatchObject({ untilWall: null });
  });

  it('networkd: resolvers of a link that were told twice are told once; ~. is for every name', () => {
    expect(parseNetworkdLink(networkdLinkFile)).toEqual({
      resolvers: ['10.1.0.53', '10.1.0.54', '2001:db8:a:1::53'],
      searchDomains: ['isp-a.example', 'corp.isp-a.example', 'v6.isp-a.example'],
      routingDomains: [],
      forEverything: undefined,
    });
    expect(parseNetworkdLink('ROUTE_DOMAINS=. corp.example\nDNS=10.0.0.1:53 10.0.0.2#dns.example\n')).toMatchObject({
      resolvers: ['10.0.0.2'],
      routingDomains: ['corp.example'],
      forEverything: true,
    });
  });

  it('NetworkManager: both leases of a device, and none of one that is not connected (PVD-86)', () => {
    const [four, six] = parseNetworkManagerDevice(nmDeviceFile);
    expect(four).toMatchObject({ ...told, untilWall: 1_795_303_878_000 });
    expect(six).toMatchObject({ family: 6, addresses: ['2001:db8:a:1::1cab'], resolvers: ['2001:db8:a:1::53'] });
    expect(parseNetworkManagerDevice('[device]\nmanaged=true\nnm-owned=false\n')).toEqual([]);
  });

  it('dhclient: the last lease of an interface counts (PVD-86, ROUTE-03)', () => {
    const old = dhclientLease('6 2026/11/21 20:00:00', 'option domain-name-servers 192.0.2.1;');
    const [found] = parseDhclientLeases(old + dhclientLease(expire, routes));
    expect(found).toMatchObject({ interface: 'eth0', family: 4, lease: told });
    expect(found?.lease?.untilWall).toBe(Date.UTC(2026, 10, 21, 23, 30, 17));
  });

  it.each([
    ['never', null],
    ['epoch 1795303817; # Sat Nov 21 23:30:17 2026', 1_795_303_817_000],
    ['6 2026/11/21 23:30:17', 1_795_303_817_000],
  ])('dhclient: a lease that expires %s', (text, end) => {
    expect(parseDhclientLeases(dhclientLease(text))[0]?.lease?.untilWall).toBe(end);
  });

  it('dhclient: options whose names it does not know are octets or text (PVD-86, ROUTE-01)', () => {
    const unknown = 'option unknown-121 c:ac:10:a:1:0:fe:0:a:1:0:1; option unknown-114 "https://portal.example/api";';
    const [found] = parseDhclientLeases(dhclientLease(expire, unknown));
    expect(found?.lease).toMatchObject({ routes: told.routes, captivePortal: 'https://portal.example/api' });
    const octets = [...'https://p.example/'].map((letter) => letter.charCodeAt(0).toString(16)).join(':');
    const [other] = parseDhclientLeases(dhclientLease(expire, `option unknown-114 ${octets};`));
    expect(other?.lease?.captivePortal).toBe('https://p.example/');
  });

  it('dhclient: DHCPv6, and a lease that was given back (PVD-86)', () => {
    expect(parseDhclientLeases(dhclientLease6())).toMatchObject([
      {
        interface: 'eth0',
        family: 6,
        lease: {
          server: '000100013294e591020000000015',
          addresses: ['2001:db8:a:1::1664'],
          untilWall: 1_795_303_998_000,
          resolvers: ['2001:db8:a:1::53'],
          searchDomains: ['v6.isp-a.example'],
        },
      },
    ]);
    const [last] = parseDhclientLeases(dhclientLease6() + dhclientLease6('released;'));
    expect(last).toMatchObject({ family: 6, lease: undefined });
  });

  it('dhclient: a lease that is still being written is not there yet, the one before it is', () => {
    const whole = dhclientLease(expire, routes);
    const next = whole.replace('10.1.0.73', '10.1.0.99');
    for (let length = 0; length < next.length - 2; length++) {
      const found = parseDhclientLeases(whole + next.slice(0, length));
      expect(found.map(({ lease }) => lease?.addresses)).toEqual([['10.1.0.73']]);
    }
    expect(parseDhclientLeases(whole + next)[0]?.lease?.addresses).toEqual(['10.1.0.99']);
  });

  it('dhcpcd: the answers of servers, and none as long as they are not whole (PVD-86, ROUTE-01, ROUTE-03)', () => {
    expect(dhcpcdLeaseFile).toHaveLength(353);
    expect(readDhcpcdLease(dhcpcdLeaseFile)).toMatchObject({ lifetime: 120, lease: told });
    expect(readDhcpcdLease(dhcpcdLease6File)).toMatchObject({
      lifetime: 300,
      lease: {
        family: 6,
        server: '000100013294f22e020000000015',
        addresses: ['2001:db8:a:1::1134'],
        resolvers: ['2001:db8:a:1::53'],
        searchDomains: ['v6.isp-a.example'],
      },
    });
    for (let length = 0; length < dhcpcdLeaseFile.length; length++) {
      expect(readDhcpcdLease(dhcpcdLeaseFile.slice(0, length))).toBeUndefined();
    }
  });

  it('dhcpcd: options in several instances and in the fields of names, texts with zeros, and endless leases (PVD-86)', () => {
    const [head, tail] = [dhcpcdLeaseFile.slice(0, 240), '\x33\x04\xff\xff\xff\xff\x06\x04\x0a\0\0\x01'];
    const [file, names] = ['\x72\x12https://p.example/\xff', '\x06\x04\x0a\0\0\x02\xff'].map((text) =>
      text.padEnd(128, '\0'),
    );
    const overloaded = `${head.slice(0, 44)}${names!.slice(0, 64)}${file}${head.slice(236)}${tail}\x34\x01\x03\x0f\x0aa.example\0\xff`;
    expect(readDhcpcdLease(overloaded)).toMatchObject({
      lifetime: undefined,
      lease: { resolvers: ['10.0.0.1', '10.0.0.2'], captivePortal: 'https://p.example/', searchDomains: ['a.example'] },
    });
  });

  it('dhcpcd: names whose pointers go round in a circle or out of the option are no names', () => {
    for (const names of ['\xc0\x00', '\x01a\xc0\x00', '\xc0\x7f', '\x3f', '\x01a']) {
      const options = `\x77${String.fromCharCode(names.length)}${names}\x06\x04\x0a\0\0\x01\xff`;
      const found = readDhcpcdLease(dhcpcdLeaseFile.slice(0, 240) + options);
      expect(found?.lease).toMatchObject({ searchDomains: [], resolvers: ['10.0.0.1'] });
    }
  });

  it('udhcpc: what its hook kept (PVD-86, ROUTE-03)', () => {
    const portal = { captivePortal: 'https://portal.isp-a.example/api', ntpServers: ['10.1.0.123'] };
    expect(parseUdhcpc(udhcpcFile)(5_000)).toMatchObject({ ...told, ...portal, untilWall: 125_000 });
    expect(parseUdhcpc('mask=24\n')(0)).toBeUndefined();
  });

  it('resolved: what somebody set for a link', () => {
    expect(parseResolvedLink(resolvedLinkFile)).toEqual({
      resolvers: ['10.1.0.53'],
      searchDomains: ['isp-a.example'],
      routingDomains: ['corp.example'],
      forEverything: true,
    });
  });

  it('resolv.conf: a resolver of this machine is not one that a bound socket reaches (G3, DNS-11)', () => {
    expect(parseResolvConf(stubResolvConf)).toEqual({
      resolvers: [],
      ownResolvers: ['127.0.0.53'],
      searchDomains: ['isp-a.example'],
    });
    const text =
      'nameserver fe80::1%eth0\nnameserver ::1\n#nameserver 192.0.2.1\nnameserver 192.0.2.2 # two\ndomain a.example\n';
    expect(parseResolvConf(text)).toEqual({
      resolvers: ['fe80::1%eth0', '192.0.2.2'],
      ownResolvers: ['::1'],
      searchDomains: ['a.example'],
    });
  });

  it('readers: whatever a file has become, nothing is thrown, and nothing is more than a record may have (SEC-17)', () => {
    const readers: [string, (text: string) => unknown][] = [
      [networkdLeaseFile, (text) => parseNetworkdLease(text)(0)],
      [networkdLinkFile, parseNetworkdLink],
      [nmDeviceFile, parseNetworkManagerDevice],
      [dhclientLease(expire, routes), parseDhclientLeases],
      [dhclientLease6(), parseDhclientLeases],
      [udhcpcFile, (text) => parseUdhcpc(text)(0)],
      [resolvedLinkFile, parseResolvedLink],
      [stubResolvConf, parseResolvConf],
      [dhcpcdLeaseFile, readDhcpcdLease],
      [dhcpcdLease6File, readDhcpcdLease],
    ];
    const random = new Random(7);
    for (const [text, read] of readers) {
      for (let round = 0; round < 400; round++) expectBounded(read(damaged(text, random)));
    }
  });

  it('readers: a file of a million octets of one kind is read, with bounds (SEC-17)', () => {
    const many = (line: (at: number) => string) => Array.from({ length: 20_000 }, (_, at) => line(at)).join('');
    const address = (at: number) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
    expectBounded(parseResolvConf(many((at) => `nameserver ${address(at)}\n`)));
    expectBounded(parseNetworkdLink(`DNS=${many((at) => `${address(at)} `)}\n`));
    expectBounded(
      parseNetworkdLease(`ADDRESS=10.0.0.1\nCLASSLESS_ROUTES=${many((at) => `${address(at)}/32,10.0.0.1 `)}\n`)(0),
    );
    expectBounded(
      parseDhclientLeases(dhclientLease(expire, `option domain-search ${many((at) => `"a${at}.example",`)} "a";`)),
    );
    expectBounded(parseDhclientLeases('lease {'.repeat(100_000)));
    expectBounded(parseDhclientLeases('}'.repeat(100_000)));
    expectBounded(parseDhclientLeases(`lease { option x "${'\\'.repeat(1_000_000)}`));
    const start = performance.now();
    expectBounded(parseDhclientLeases(`lease { option x ${'"\\'.repeat(500_000)}`));
    expectBounded(parseDhclientLeases(`lease { option x "${'\\"'.repeat(500_000)}`));
    expectBounded(parseDhclientLeases('#"'.repeat(500_000)));
    // The square of the time would be minutes.
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

/** A text with octets lost, doubled, changed, or cut off. */
function damaged(text: string, random: Random): string {
  let made = text;
  for (let changes = random.between(1, 6); changes > 0; changes--) {
    const at = random.below(made.length + 1);
    const length = random.between(1, 30);
    made = random.pick([
      () => made.slice(0, at) + made.slice(at + length),
      () => made.slice(0, at) + made.slice(at, at + length).repeat(random.between(2, 40)) + made.slice(at + length),
      () => made.slice(0, at) + String.fromCharCode(random.below(256)) + made.slice(at + 1),
      () => made.slice(0, at),
      () =>
        made.slice(0, at) +
        random.pick(['{', '}', ';', '"', '\\', '=', '[', '\n', '\0', '%', '/33', '256']) +
        made.slice(at),
    ])();
  }
  return made;
}

/** No list is longer than a record's may be, whatever it is in. */
function expectBounded(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value) && typeof value[0] !== 'object') expect(value.length).toBeLessThanOrEqual(mostEntries);
  for (const inner of Object.values(value)) expectBounded(inner);
}
