// SPDX-License-Identifier: MIT
// Whether additional information that was fetched once still holds, by what routers say now (RFC 8801 section 4.1).

import { parsePrefix, prefixContains } from '../address/prefix.ts';
import type { InformationRecord, PvdOption, ToldPrefix } from './record.ts';

/** Of the options of two routers the one that was changed last, as serial numbers count (RFC 1982). */
export function newerOption(one: PvdOption | undefined, other: PvdOption): PvdOption {
  if (one === undefined) return other;
  const ahead = (other.sequence - one.sequence) & 0xffff;
  return ahead > 0 && ahead < 0x8000 ? other : one;
}

/**
 * Whether it was fetched for the present sequence number (PVD-73), and names every prefix that routers advertise for the domain
 * (PVD-72).
 * @param option - undefined where no router says that there is any information
 */
export function isInForce(
  { sequence, prefixes }: Pick<InformationRecord, 'sequence' | 'prefixes'>,
  option: PvdOption | undefined,
  advertised: Iterable<Pick<ToldPrefix, 'prefix'>>,
): boolean {
  return option?.sequence === sequence && isCovering(prefixes, advertised);
}

export function isCovering(prefixes: readonly string[], advertised: Iterable<Pick<ToldPrefix, 'prefix'>>): boolean {
  for (const { prefix } of advertised) if (!prefixes.some((outer) => isWithin(prefix, outer))) return false;
  return true;
}

function isWithin(prefix: string, outer: string): boolean {
  const inner = parsePrefix(prefix);
  const around = parsePrefix(outer);
  if (inner === undefined || around === undefined || inner.length < around.length) return false;
  return prefixContains(outer, prefix.slice(0, prefix.indexOf('/')));
}
