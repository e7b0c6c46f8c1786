// SPDX-License-Identifier: MIT
// Builds advertisements and options byte by byte, right ones and wrong ones. Written from the RFCs, without the
// decoder, so that neither can hide a mistake of the other.

import { parseIpAddress } from '../../../../lib/address/ip-address.ts';

type Octets = readonly number[] | Uint8Array;

/** Numbers in network order. */
export const u16 = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff];
export const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
export const forEver = 0xffffffff;

export function address(text: string): number[] {
  const groups = parseIpAddress(text)?.groups;
  if (groups?.length !== 4) throw new Error(`no IPv6 address: ${text}`);
  return groups.flatMap(u32);
}

export function name(text: string): number[] {
  const labels = text === '' ? [] : text.split('.');
  return [...labels.flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')]), 0];
}

/** An option: its body filled up with zeros to a multiple of 8 octets. */
export function option(type: number, ...body: Octets[]): number[] {
  const octets = body.flatMap((part) => [...part]);
  while ((octets.length + 2) % 8 !== 0) octets.push(0);
  return [type, (octets.length + 2) / 8, ...octets];
}

export function pio(
  prefix: string,
  { length = 64, flags = 0xc0, valid = 3600, preferred = 1800 }: Partial<Record<string, number>> = {},
): number[] {
  return option(3, [length, flags], u32(valid), u32(preferred), u32(0), address(prefix));
}

export const mtu = (value: number): number[] => option(5, u16(0), u32(value));

/** @param octets - of the prefix that are there; by default as many as its length needs. */
export function rio(
  prefix: string,
  {
    length = 64,
    preference = 0,
    lifetime = 900,
    octets,
  }: { length?: number; preference?: number; lifetime?: number; octets?: number } = {},
): number[] {
  const needed = length === 0 ? 0 : length <= 64 ? 8 : 16;
  return option(24, [length, preference << 3], u32(lifetime), address(prefix).slice(0, octets ?? needed));
}

export const rdnss = (lifetime: number, ...addresses: string[]): number[] =>
  option(25, u16(0), u32(lifetime), ...addresses.map(address));

export const dnssl = (lifetime: number, ...names: string[]): number[] =>
  option(31, u16(0), u32(lifetime), ...names.map(name));

export const portal = (uri: string): number[] => option(37, Buffer.from(uri, 'latin1'));

/** @param lifetime - seconds, of which the option carries units of 8 */
export const pref64 = (prefix: string, { code = 0, lifetime = 600 } = {}): number[] =>
  option(38, u16(((lifetime >>> 3) << 3) | code), address(prefix).slice(0, 12));

export function header({ lifetime = 1800, flags = 0, type = 134, code = 0, checksum = 0 } = {}): number[] {
  return [type, code, ...u16(checksum), 64, flags, ...u16(lifetime), ...u32(0), ...u32(0)];
}

export function pvd(
  id: string,
  { http = false, legacy = false, delay = 0, sequence = 0, reserved = 0, inner = undefined as Octets | undefined } = {},
  ...options: Octets[]
): number[] {
  const flags = (http ? 0x8000 : 0) | (legacy ? 0x4000 : 0) | (inner ? 0x2000 : 0) | reserved | delay;
  const front = [...u16(flags), ...u16(sequence), ...name(id)];
  while ((front.length + 2) % 8 !== 0) front.push(0);
  return option(21, front, inner ?? [], ...options);
}

export const advertisement = (head: Octets, ...options: Octets[]): Uint8Array =>
  Uint8Array.from([head, ...options].flatMap((part) => [...part]));

export const bytesOf = (octets: Octets): Uint8Array => Uint8Array.from(octets);
