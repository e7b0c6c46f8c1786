// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { Carrier } from '../../../lib/via/carrier.ts';
import { candidatesOf } from '../../../lib/via/candidates.ts';
import { link } from '../pvd/records.ts';
import { domain, loopback, snapshot } from './networks.ts';

const idOf = ({ interface: { name }, pvd }: Carrier) => pvd?.id ?? name;

test('candidates: domains by default route, then those without, interfaces without domain, never what is loopback or link-local (HE-28)', () => {
  expect(candidatesOf(snapshot).map(idOf)).toEqual([
    'eth0/fe80::1',
    // Of one metric the router that is preferred.
    'wlan0/fe80::2',
    'wlan0/198.51.100.1',
    'wg0/static',
    'eth1',
  ]);
});

test('candidates: what is known not to work comes after what is not known to (HE-30)', () => {
  const [a, b, c] = [link('a', 2), link('b', 3), link('c', 4, { running: false })];
  const pvds = [
    domain(c!, ['192.0.2.1/24'], { routers: [['192.0.2.9', 1]] }),
    domain(a!, ['192.0.3.1/24'], { routers: [['192.0.3.9', 2]], validated: false }),
    domain(b!, ['192.0.4.1/24'], { routers: [['192.0.4.9', 3]] }),
  ];
  expect(candidatesOf({ interfaces: [a, b, c] as never, pvds }).map(({ interface: { name } }) => name)).toEqual([
    'b',
    'c',
    'a',
  ]);
});

test('candidates: an interface without domain may only send from its link-local addresses', () => {
  const [bare, local] = [link('a', 2), link('b', 3)];
  const pvds = [
    domain(local!, ['fe80::1/64', ['fe80::2/64', 'tentative']], { providers: ['link-local'], origin: 'link-local' }),
  ];
  expect(candidatesOf({ interfaces: [bare, local] as never, pvds })).toEqual([
    { interface: bare, sources: [] },
    { interface: local, sources: ['fe80::1'] },
  ]);
});

test('candidates: a host with nothing but loopback has none', () => {
  expect(candidatesOf({ interfaces: [loopback] as never, pvds: [] })).toEqual([]);
});
