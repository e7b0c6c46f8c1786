// SPDX-License-Identifier: MIT
// The destination of a connection as it was posted, read once: family, address in its one canonical form, zone.
// Says which addresses no TCP connection can have as its destination at all.

import { formatIpAddress, isMulticast, isUnspecified, parseIpAddress } from '../address/ip-address.ts';

/** An address literal, taken apart. */
export interface AddressLiteral {
  family: 4 | 6;
  /** RFC 5952 text without zone. */
  address: string;
  /** Name or index of an interface. */
  zone: string | undefined;
}

/** @returns undefined for what is not an address literal. */
export function readAddress(text: string): AddressLiteral | undefined {
  const parsed = parseIpAddress(text);
  if (!parsed) return undefined;
  const { family, groups, zone } = parsed;
  return { family, address: formatIpAddress({ family, groups }), zone };
}

/** Why nothing can connect to an address, as the end of a sentence; undefined when something might. */
export function whyUnconnectable(address: string): string | undefined {
  if (isUnspecified(address)) return 'the unspecified address is nobody';
  if (isMulticast(address)) return 'a multicast address has no TCP';
  if (address === '255.255.255.255') return 'the broadcast address has no TCP';
  // RFC 5952 section 5: only such addresses are written with dots inside an IPv6 address.
  if (address.includes(':') && address.includes('.'))
    return 'an IPv4-mapped address hides the family; write it as IPv4';
  return undefined;
}
