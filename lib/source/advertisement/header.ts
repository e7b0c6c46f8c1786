// SPDX-License-Identifier: MIT
// The fixed part of a router advertisement (RFC 4861 section 4.2, RFC 4191 section 2.2, ROUTE-09), of a message or within a
// PvD option.

import { uint16At } from './octets.ts';
import { preferenceOf, type RouterPreferenceTold } from './router-option.ts';

/** Octets. */
export const headerSize = 16;

export interface AdvertisementHeader {
  /** For how long it is a default router, seconds; 0 when it is none. */
  readonly lifetime: number;
  readonly preference: RouterPreferenceTold;
  /** M: addresses by DHCPv6. */
  readonly managed: boolean;
  /** O: other configuration by DHCPv6. */
  readonly otherConfig: boolean;
}

/** Reads the header at an offset, from which on there are `headerSize` bytes. Type, code and checksum are the caller's. */
export function readHeader(bytes: Uint8Array, at: number): AdvertisementHeader {
  const flags = bytes[at + 5] as number;
  const lifetime = uint16At(bytes, at + 6);
  return {
    lifetime,
    // The reserved value is medium here, unlike in a route information option; of no default router it says nothing.
    preference: (lifetime > 0 && preferenceOf(flags >>> 3)) || 'medium',
    managed: (flags & 0x80) !== 0,
    otherConfig: (flags & 0x40) !== 0,
  };
}
