// SPDX-License-Identifier: MIT
// The route information option (RFC 4191 section 2.3, ROUTE-10): a network that the router leads to, whether or not the
// kernel takes it (trap G5).

import { networkOf } from '../../../address/prefix.ts';
import { addressAt } from '../octets.ts';
import { lifetimeAt, type OptionRefusal, preferenceOf, type RouteInformation, unit } from '../router-option.ts';

export function readRouteInformation(option: Uint8Array): RouteInformation | OptionRefusal {
  const length = option[2] as number;
  if (length > 128) return 'prefix-length';
  const needed = length === 0 ? 1 : length <= 64 ? 2 : 3;
  if (option.length > 3 * unit || option.length < needed * unit) return 'length';
  const preference = preferenceOf((option[3] as number) >>> 3);
  if (preference === undefined) return 'preference';
  const address = addressAt(option, unit, option.length - unit);
  return { type: 'route', prefix: networkOf(address, length), preference, lifetime: lifetimeAt(option, 4) };
}
