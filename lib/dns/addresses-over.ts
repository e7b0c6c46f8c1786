// SPDX-License-Identifier: MIT
// The addresses of a name over one network, in the form and with the errors of dns.lookup: what libraries know.

import type { LookupAddress } from 'node:dns';
import { isMifError, type MifError } from '../binding/mif-error.ts';
import type { Host } from '../host/host.ts';
import type { Via } from '../via/carrier.ts';
import { resolve } from './resolve.ts';
import { contextOf } from './resolver-context.ts';

export interface AddressesRequest {
  readonly via: Via;
  /** Only addresses of this family; any when absent or 0. */
  readonly family?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @returns at least one, in the order in which to try them
 * @throws errors with the codes of dns.lookup, `ENOTFOUND` and `EAI_AGAIN`, with `mif` attached; MifError where the network has
 * nobody to ask; the signal's reason
 */
export async function addressesOver(
  host: Host,
  hostname: string,
  { via, family = 0, signal }: AddressesRequest,
): Promise<LookupAddress[]> {
  const type = family === 4 ? 'A' : family === 6 ? 'AAAA' : undefined;
  let addresses: readonly string[];
  try {
    ({ addresses } = await resolve(host, hostname, type, { via, signal }));
  } catch (error) {
    throw isMifError(error) ? asOfLookup(error, hostname) : error;
  }
  if (addresses.length === 0) throw lookupError('ENOTFOUND', hostname);
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}

/** @throws MifError where nobody can be asked over it */
export function checkResolver(host: Host, via: Via): void {
  const { resolver } = contextOf(host, { via });
  if (isMifError(resolver)) throw resolver;
}

function asOfLookup(error: MifError, hostname: string): Error {
  if (error.code === 'ERR_MIF_DNS_TIMEOUT') return lookupError('EAI_AGAIN', hostname, error);
  if (error.code !== 'ERR_MIF_DNS_RCODE') return error;
  return lookupError(error.rcode === 'NXDOMAIN' ? 'ENOTFOUND' : 'EAI_AGAIN', hostname, error);
}

/** As Node numbers them. */
const numbers = { ENOTFOUND: -3008, EAI_AGAIN: -3001 };

/** @param mif - what happened. */
export function lookupError(code: keyof typeof numbers, hostname: string, mif?: MifError): NodeJS.ErrnoException {
  const error = new Error(`getaddrinfo ${code} ${hostname}`);
  const details = { errno: numbers[code], code, syscall: 'getaddrinfo', hostname };
  return Object.assign(error, details, mif === undefined ? {} : { mif });
}
