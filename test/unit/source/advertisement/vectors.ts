// SPDX-License-Identifier: MIT
// Advertisements that tests share: recorded ones, and those that the standards show.

import { readFileSync } from 'node:fs';
import { address, advertisement, dnssl, header, mtu, option, pio, portal, pref64, pvd, rdnss, rio } from './bytes.ts';

/** What radvd sent, byte for byte. */
export const radvd = recorded('radvd');

/** RFC 8801 section 3.1, figure 2 (PVD-58). */
export const figure2 = pvd(
  'example.org',
  { http: true, delay: 1, sequence: 123 },
  rdnss(600, '2001:db8:cafe::53', '2001:db8:f00d::53'),
  pio('2001:db8:cafe::'),
);

/** RFC 8801 section 5.2: a router for everybody, and one for those who know domains (PVD-65). */
export const legacy = advertisement(
  header({ lifetime: 6000 }),
  pio('2001:db8:cafe::'),
  rdnss(1600, '2001:db8:cafe::53'),
  pvd('foo.example.org', { inner: header({ lifetime: 0 }) }),
);
export const aware = advertisement(
  header({ lifetime: 0 }),
  pvd(
    'bar.example.org',
    { inner: header({ lifetime: 1600 }) },
    pio('2001:db8:f00d::'),
    rdnss(1600, '2001:db8:f00d::53'),
  ),
);
/** Section 5.3: the first of them is a way out too. */
export const multihomed = advertisement(
  header({ lifetime: 6000 }),
  pio('2001:db8:cafe::'),
  rdnss(1600, '2001:db8:cafe::53'),
  pvd('foo.example.org'),
);

/** Every option at once, and one that nobody knows. */
export const everything = advertisement(
  header({ lifetime: 1800, flags: 0xc8 }),
  option(1, [2, 0, 0, 0, 0xa, 1]),
  mtu(1480),
  pio('2001:db8:a:1::'),
  rio('2001:db8:a:ff00::', { length: 56, preference: 1 }),
  rdnss(600, '2001:db8:a:1::53', 'fe80::53'),
  dnssl(600, 'isp-a.example', 'Corp.ISP-A.example'),
  portal('https://portal.isp-a.example/api'),
  pref64('64:ff9b::'),
  option(144, [0, 1], address('2001:db8::1')),
  pvd('PvD-A.isp-a.example', { http: true, legacy: true, delay: 5, sequence: 7 }),
  option(253, Buffer.from('hello!')),
);

export const all: Readonly<Record<string, Uint8Array>> = {
  radvd,
  figure2: advertisement(header(), figure2),
  legacy,
  aware,
  multihomed,
  everything,
};

/** A file of test/vectors/router-advertisement. */
function recorded(name: string): Uint8Array {
  const file = new URL(`../../../vectors/router-advertisement/${name}.hex`, import.meta.url);
  const lines = readFileSync(file, 'utf8').split('\n');
  const digits = lines.filter((line) => !line.startsWith('#')).join('');
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}
