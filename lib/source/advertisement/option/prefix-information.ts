// SPDX-License-Identifier: MIT
// The prefix information option (RFC 4861 section 4.6.2): addresses that are on the link, and from which the host may make
// its own.

import { isLinkLocal, isMulticast } from '../../../address/ip-address.ts';
import { networkOf } from '../../../address/prefix.ts';
import { addressAt } from '../octets.ts';
import { lifetimeAt, type OptionRefusal, type PrefixInformation, unit } from '../router-option.ts';

const onLink = 0x80;
const autonomous = 0x40;

export function readPrefixInformation(option: Uint8Array): PrefixInformation | OptionRefusal {
  if (option.length !== 4 * unit) return 'length';
  const length = option[2] as number;
  const flags = option[3] as number;
  if (length > 128) return 'prefix-length';
  const address = addressAt(option, 16);
  if (isLinkLocal(address) || isMulticast(address)) return 'prefix';
  const valid = lifetimeAt(option, 4);
  const preferred = lifetimeAt(option, 8);
  if (preferred > valid) return 'lifetimes';
  return {
    type: 'prefix',
    prefix: networkOf(address, length),
    onLink: (flags & onLink) !== 0,
    autonomous: (flags & autonomous) !== 0,
    valid,
    preferred,
  };
}
