// SPDX-License-Identifier: MIT
// The examples of RFC 6052 section 2.4, and what is not translated.

import { expect, it } from 'vitest';
import { synthesize } from '../../../lib/dns/nat64.ts';

it.each([
  ['2001:db8::/32', '2001:db8:c000:221::'],
  ['2001:db8:100::/40', '2001:db8:1c0:2:21::'],
  ['2001:db8:122::/48', '2001:db8:122:c000:2:2100::'],
  ['2001:db8:122:300::/56', '2001:db8:122:3c0:0:221::'],
  ['2001:db8:122:344::/64', '2001:db8:122:344:c0:2:2100:0'],
  ['2001:db8:122:344::/96', '2001:db8:122:344::c000:221'],
  ['64:ff9b::/96', '64:ff9b::c000:221'],
])('192.0.2.33 in %s is %s (HE-22)', (prefix, address) => {
  expect(synthesize(prefix, '192.0.2.33')).toBe(address);
});

it.each(['0.0.0.1', '127.0.0.1', '169.254.1.1', '255.255.255.255', '2001:db8::1', 'x'])(
  '%s is not translated (HE-22)',
  (address) => {
    expect(synthesize('64:ff9b::/96', address)).toBe(undefined);
  },
);

it.each(['64:ff9b::/95', '64:ff9b::', '192.0.2.0/24', ''])('%j is no prefix of a translator', (prefix) => {
  expect(synthesize(prefix, '192.0.2.33')).toBe(undefined);
});
