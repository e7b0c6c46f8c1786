// SPDX-License-Identifier: MIT
// Which addresses that a network named are asked at all.

import { expect, it } from 'vitest';
import { whyNotAsked } from '../../../lib/adapter/server-address.ts';
import type { Address } from '../../../lib/binding/contract.gen.ts';

const own = [
  { address: '2001:db8:a::5', prefixLength: 64, index: 3, interface: 'eth0' },
  { address: '192.168.7.5', prefixLength: 24, index: 4, interface: 'lan0' },
  { address: 'fd00::5', prefixLength: 64, index: 4, interface: 'lan0' },
  { address: '10.9.0.2', prefixLength: 32, peer: '10.9.0.1', index: 5, interface: 'tun0' },
] as Address[];

it.each([
  ['127.0.0.1'],
  ['127.9.9.9'],
  ['::1'],
  ['0.0.0.0'],
  ['0.1.2.3'],
  ['::'],
  ['::7f00:1'],
  ['::ffff:127.0.0.1'],
  ['169.254.169.254'],
  ['fe80::1'],
  ['fe80::1%eth0'],
  ['2001:db8::1%eth0'],
  ['224.0.0.1'],
  ['ff02::1'],
  ['2001:db8:a::5'],
  ['192.168.7.1'],
  ['fd00::1'],
  ['10.9.0.1'],
  ['server.example'],
])('server address: %s is not asked (SEC-18)', (address) => {
  expect(whyNotAsked(address, own, 3)).toEqual(expect.any(String));
});

it.each([['2001:db8:a::1'], ['2001:db8:ffff::80'], ['198.51.100.80'], ['192.168.8.1']])(
  'server address: %s is asked (SEC-18)',
  (address) => {
    expect(whyNotAsked(address, own, 3)).toBeUndefined();
  },
);
