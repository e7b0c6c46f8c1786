// SPDX-License-Identifier: MIT
// Which addresses may be the source of what goes over a carrier.

import { type IpAddress, parseIpAddress } from '../address/ip-address.ts';
import type { Carrier } from '../via/carrier.ts';

/** A domain's own addresses are the only sources in it (PVD-37); of an interface, any that it has, for which none stands. */
export function sourcesOf({ pvd }: Carrier, family: 4 | 6): readonly IpAddress[] {
  if (pvd === undefined) return [];
  const sources = pvd.addresses.flatMap(({ address }) => parseIpAddress(address) ?? []);
  const own = sources.filter((source) => source.family === family);
  // None must not come to mean any.
  return own.length > 0 ? own : [family === 4 ? { family, groups: [0] } : { family, groups: [0, 0, 0, 0] }];
}
