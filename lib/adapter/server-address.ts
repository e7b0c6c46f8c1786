// SPDX-License-Identifier: MIT
// Which addresses of a server that a network named may be asked: none of this host, and none of its other networks, so that nobody
// on one link makes the host ask around on another (SEC-18).

import { isLinkLocal, isLoopback, isMulticast, isUnspecified, parseIpAddress } from '../address/ip-address.ts';
import { prefixContains } from '../address/prefix.ts';
import type { Address } from '../binding/contract.gen.ts';

/**
 * Why an address is not asked; undefined when it may be.
 * @param own - the addresses of this host
 * @param index - of the interface that the request leaves by
 */
export function whyNotAsked(address: string, own: Iterable<Address>, index: number): string | undefined {
  const parsed = parseIpAddress(address);
  if (parsed === undefined) return 'it is no address';
  if (parsed.zone !== undefined || isLinkLocal(address)) return 'it is link-local';
  if (isLoopback(address) || isUnspecified(address) || isMulticast(address)) return 'it is of no server';
  // The same addresses in another form: IPv4-mapped ones, and those of "this network" (RFC 6890).
  const [first, second, third] = parsed.groups;
  if (parsed.family === 4 ? first >>> 24 === 0 : first === 0 && second === 0 && (third === 0 || third === 0xffff)) {
    return 'it is of no server';
  }
  for (const each of own) {
    if (each.address === address) return 'it is this host';
    if (each.index === index) continue;
    // A point-to-point link leads to its far end.
    const far = each.peer ?? each.address;
    if (each.prefixLength > 0 && prefixContains(`${far}/${each.prefixLength}`, address)) {
      return `it is on the network of ${each.interface}`;
    }
  }
  return undefined;
}
