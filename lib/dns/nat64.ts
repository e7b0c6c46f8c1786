// SPDX-License-Identifier: MIT
// IPv4 addresses as a network without IPv4 reaches them: inside of the prefix of its translator (RFC 6052 section 2.2).

import { formatIpv6, parseIpAddress } from '../address/ip-address.ts';

/** Where the address begins, by length of the prefix, in bytes. */
const lengths: readonly number[] = [32, 40, 48, 56, 64, 96];
/** Must be zero, so addresses are written around it (RFC 6052 section 2.2). */
const reservedByte = 8;

/**
 * @param prefix - such as `64:ff9b::/96`.
 * @returns undefined for what is no prefix of a translator, and for addresses that mean nothing beyond this host or link
 * (HE-22)
 */
export function synthesize(prefix: string, address: string): string | undefined {
  const [network = '', digits] = prefix.split('/');
  const base = parseIpAddress(network);
  const inner = parseIpAddress(address);
  const length = Number(digits);
  if (base?.groups.length !== 4 || inner?.groups.length !== 1 || !lengths.includes(length)) return undefined;
  const [word] = inner.groups;
  if (isOfHostOrLink(word)) return undefined;
  const bytes = Buffer.alloc(16);
  for (const [at, group] of base.groups.entries()) bytes.writeUInt32BE(group, at * 4);
  bytes.fill(0, length / 8);
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(word);
  let at = length / 8;
  for (const octet of octets) {
    if (at === reservedByte) at++;
    bytes[at++] = octet;
  }
  const [a, b, c, d] = [0, 4, 8, 12].map((from) => bytes.readUInt32BE(from));
  return formatIpv6(a!, b!, c!, d!);
}

function isOfHostOrLink(word: number): boolean {
  const first = word >>> 24;
  return first === 0 || first === 127 || word >>> 16 === 0xa9fe || word === 0xffff_ffff;
}
