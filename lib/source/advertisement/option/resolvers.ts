// SPDX-License-Identifier: MIT
// Resolvers and search domains (RFC 8106 section 5, DNS-12, DNS-13).

import { isLoopback, isMulticast, isUnspecified } from '../../../address/ip-address.ts';
import { readDomainName } from '../domain-name.ts';
import { addressAt } from '../octets.ts';
import { lifetimeAt, type OptionRefusal, type Resolvers, type SearchDomains, unit } from '../router-option.ts';

const addressSize = 16;

export function readResolvers(option: Uint8Array): Resolvers | OptionRefusal {
  if (option.length < 3 * unit || (option.length - unit) % addressSize !== 0) return 'length';
  const addresses: string[] = [];
  for (let at = unit; at < option.length; at += addressSize) addresses.push(addressAt(option, at));
  if (!addresses.every(canBeAsked)) return 'address';
  return { type: 'resolvers', addresses: [...new Set(addresses)], lifetime: lifetimeAt(option, 4) };
}

export function readSearchDomains(option: Uint8Array): SearchDomains | OptionRefusal {
  if (option.length < 2 * unit) return 'length';
  const names: string[] = [];
  let at = unit;
  while (at < option.length) {
    const found = readDomainName(option, at);
    if (found === undefined) return 'name';
    // Where a name should begin there is padding.
    if (found.name === '') break;
    names.push(found.name);
    at = found.end;
  }
  if (names.length === 0) return 'name';
  return { type: 'search-domains', names: [...new Set(names)], lifetime: lifetimeAt(option, 4) };
}

/** Link-local addresses can: they are scoped by the interface of the record. */
function canBeAsked(address: string): boolean {
  return !isMulticast(address) && !isUnspecified(address) && !isLoopback(address);
}
