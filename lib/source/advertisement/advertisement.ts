// SPDX-License-Identifier: MIT
// A whole router advertisement (RFC 4861 sections 4.2 and 6.1.2): bytes in, plain data out, or the reason why it is thrown
// away. Pure, and safe with any bytes. What it means beside others is in memory.ts.

import { isLinkLocal } from '../../address/ip-address.ts';
import { type AdvertisementHeader, headerSize, readHeader } from './header.ts';
import { type DecodedOptions, decodeOptions } from './options.ts';
import { type PvdInformation, readPvdOption } from './pvd-option.ts';

export interface Advertisement extends DecodedOptions {
  readonly header: AdvertisementHeader;
  /** Of the first PvD option; the others do not count (PVD-60). */
  readonly pvd: PvdInformation | undefined;
}

/** Why an advertisement is thrown away (SEC-15). */
export type AdvertisementRefusal =
  /** Perhaps from another link: routers send with 255, which no router passes on (trap G7). */
  | 'hop-limit'
  | 'source'
  /** Something else than an advertisement. */
  | 'type'
  | 'code'
  /** Shorter than its header. */
  | 'short'
  /** An option of length 0, or one that ends behind the message. */
  | 'options';

/** What is known of an advertisement beside its bytes. */
export interface Arrival {
  /** Without zone. */
  readonly router: string;
  readonly hopLimit: number;
}

const routerAdvertisement = 134;
const nearHopLimit = 255;

/** Why it cannot have come from a router of the link (RFC 4861 section 6.1.2); undefined when it may have. */
export function whyFar({ router, hopLimit }: Arrival): 'hop-limit' | 'source' | undefined {
  if (hopLimit !== nearHopLimit) return 'hop-limit';
  return isLinkLocal(router) && router.includes(':') ? undefined : 'source';
}

/** Reads an advertisement from the first byte of its ICMPv6 header on. Its checksum is the kernel's to verify. */
export function decodeAdvertisement(message: Uint8Array, arrival: Arrival): Advertisement | AdvertisementRefusal {
  const forgery = whyFar(arrival);
  if (forgery !== undefined) return forgery;
  if (message.length < headerSize) return 'short';
  if (message[0] !== routerAdvertisement) return 'type';
  if (message[1] !== 0) return 'code';
  let isFirst = true;
  let pvd: PvdInformation | undefined;
  const outer = decodeOptions(message.subarray(headerSize), (option) => {
    // A first one that is not believed does not make a second one the first.
    if (!isFirst) return undefined;
    isFirst = false;
    const read = readPvdOption(option);
    if (typeof read === 'string') return read;
    pvd = read;
    return undefined;
  });
  return outer === undefined ? 'options' : { header: readHeader(message, 0), pvd, ...outer };
}
