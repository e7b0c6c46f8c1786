// SPDX-License-Identifier: MIT
// One option of neighbour discovery in, plain data out, or the reason why it is not believed. Pure, and safe with any bytes.

import { uint32At } from './octets.ts';
import { readCaptivePortal } from './option/captive-portal.ts';
import { readNat64Prefix } from './option/nat64-prefix.ts';
import { readPrefixInformation } from './option/prefix-information.ts';
import { readResolvers, readSearchDomains } from './option/resolvers.ts';
import { readRouteInformation } from './option/route-information.ts';
import { type LinkMtu, type OptionRefusal, type RouterOption, unit } from './router-option.ts';

/** Option numbers. */
export const optionType = {
  prefixInformation: 3,
  mtu: 5,
  pvd: 21,
  routeInformation: 24,
  resolvers: 25,
  searchDomains: 31,
  captivePortal: 37,
  nat64Prefix: 38,
} as const;

/**
 * Reads one option, its type and length included, and nothing behind it.
 * @returns undefined for a type that says nothing here, of which there will be more (RFC 4861 section 4.6)
 */
export function decodeOption(option: Uint8Array): RouterOption | OptionRefusal | undefined {
  if (option.length < unit || option.length !== (option[1] as number) * unit) return 'length';
  switch (option[0]) {
    case optionType.prefixInformation:
      return readPrefixInformation(option);
    case optionType.mtu:
      return readMtu(option);
    case optionType.routeInformation:
      return readRouteInformation(option);
    case optionType.resolvers:
      return readResolvers(option);
    case optionType.searchDomains:
      return readSearchDomains(option);
    case optionType.captivePortal:
      return readCaptivePortal(option);
    case optionType.nat64Prefix:
      return readNat64Prefix(option);
    default:
      return undefined;
  }
}

/** The least that every IPv6 link carries, bytes (RFC 8200 section 5). */
const leastMtu = 1280;

function readMtu(option: Uint8Array): LinkMtu | OptionRefusal {
  if (option.length !== unit) return 'length';
  const mtu = uint32At(option, 4);
  return mtu < leastMtu ? 'mtu' : { type: 'mtu', mtu };
}
