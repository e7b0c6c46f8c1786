// SPDX-License-Identifier: MIT
// The PREF64 option (RFC 8781 section 4): the prefix by which IPv4 is reached over IPv6.

import { networkOf } from '../../../address/prefix.ts';
import { addressAt, uint16At } from '../octets.ts';
import { type Nat64Prefix, type OptionRefusal, unit } from '../router-option.ts';

/** Bits of the prefix by its code. */
const prefixLengths = [96, 64, 56, 48, 40, 32] as const;
/** Bytes of the prefix that are told. */
const toldBytes = 12;
/** Seconds of a unit of its lifetime. */
const lifetimeUnit = 8;

export function readNat64Prefix(option: Uint8Array): Nat64Prefix | OptionRefusal {
  if (option.length !== 2 * unit) return 'length';
  const lifetimeAndCode = uint16At(option, 2);
  const length = prefixLengths[lifetimeAndCode & 7];
  if (length === undefined) return 'code';
  const lifetime = (lifetimeAndCode >>> 3) * lifetimeUnit;
  return { type: 'nat64', prefix: networkOf(addressAt(option, 4, toldBytes), length), lifetime };
}
