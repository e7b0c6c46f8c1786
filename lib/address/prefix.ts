// SPDX-License-Identifier: MIT
// Address prefixes, `2001:db8::/32`: reading, writing, containment. Pure, as ip-address.ts; zones have no place here,
// because a prefix says which addresses belong together and not on which link (RFC 4007 section 11.7).

import { formatIpAddress, type IpAddress, parseIpAddress } from './ip-address.ts';

/** An address of which only the leading bits count. */
export interface Prefix {
  readonly address: IpAddress;
  /** Bits: 0 to 32 of IPv4, 0 to 128 of IPv6. */
  readonly length: number;
}

/**
 * Reads `address/length`; the bits after the length may be set, as they are in `192.0.2.1/24`.
 * @returns undefined for anything else, an address without length and one with a zone included
 */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseIpAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || address.zone !== undefined || !/^(0|[1-9][0-9]{0,2})$/.test(digits)) return undefined;
  const length = Number(digits);
  return length <= bitsOf(address) ? { address, length } : undefined;
}

/** The prefix in its one form, bits after the length cleared: `192.0.2.1/24` is `192.0.2.0/24`. */
function formatPrefix({ address, length }: Prefix): string {
  const groups = address.groups.map((group, at) => (group & maskOf(length, at)) >>> 0);
  return `${formatIpAddress({ family: address.family, groups: groups as unknown as IpAddress['groups'] })}/${length}`;
}

/**
 * The prefix that an address lies in: `networkOf('192.0.2.1', 24)` is `192.0.2.0/24`.
 * @throws RangeError where there is no such address or length: callers have both from the kernel
 */
export function networkOf(address: string, length: number): string {
  const prefix = parsePrefix(`${address}/${length}`);
  if (prefix === undefined) throw new RangeError(`no prefix: ${address}/${length}`);
  return formatPrefix(prefix);
}

/** Whether an address, whatever its zone, lies in a prefix; false across families, and where either is none. */
export function prefixContains(prefix: string, address: string): boolean {
  const outer = parsePrefix(prefix);
  const inner = parseIpAddress(address);
  if (outer === undefined || inner?.family !== outer.address.family) return false;
  const { groups } = outer.address;
  return inner.groups.every((group, at) => ((group ^ (groups[at] as number)) & maskOf(outer.length, at)) === 0);
}

function bitsOf({ family }: IpAddress): number {
  return family === 4 ? 32 : 128;
}

/** Bits of the group at an index that count in a prefix of a length. */
function maskOf(length: number, at: number): number {
  const bits = Math.min(32, Math.max(0, length - 32 * at));
  // A shift by 32 is a shift by 0.
  return bits === 0 ? 0 : -1 << (32 - bits);
}
