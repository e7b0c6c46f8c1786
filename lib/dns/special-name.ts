// SPDX-License-Identifier: MIT
// Names that no name server is asked for: those of this host, those that do not exist on purpose (RFC 6761, RFC 7686), those
// that are asked of the link (RFC 6762); and the names under which addresses are looked up.

import type { IpAddress } from '../address/ip-address.ts';
import { isBelow } from './name.ts';

/** `localhost` and what is below it. */
export function isLocalhost(name: string): boolean {
  return isBelow(name, 'localhost');
}

const nowhere = ['invalid', 'onion'];

/** Names that are known not to exist in the DNS; to ask for them only tells others what was looked for. */
export function isNowhere(name: string): boolean {
  return nowhere.some((zone) => isBelow(name, zone));
}

const multicastZones = [
  'local',
  '254.169.in-addr.arpa',
  '8.e.f.ip6.arpa',
  '9.e.f.ip6.arpa',
  'a.e.f.ip6.arpa',
  'b.e.f.ip6.arpa',
];

/** Names that are asked of everybody on a link and of no name server (DNS-27). */
export function isOfLink(name: string): boolean {
  return multicastZones.some((zone) => isBelow(name, zone));
}

/** The name that an address has in the DNS (RFC 1035 section 3.5, RFC 3596 section 2.5). */
export function reverseName({ family, groups }: Pick<IpAddress, 'family' | 'groups'>): string {
  if (family === 4) {
    return `${groups
      .flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255])
      .reverse()
      .join('.')}.in-addr.arpa`;
  }
  const digits = groups.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}
