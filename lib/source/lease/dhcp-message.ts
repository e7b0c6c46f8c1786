// SPDX-License-Identifier: MIT
// Messages of DHCP as octets, for clients that keep the server's answer as it came: DHCPv4 (RFC 2131) and DHCPv6 (RFC 8415). Every
// length is checked before it is used; a message that ends in the middle of an option is none. Throws nothing.

import { formatIpv4, formatIpv6 } from '../../address/ip-address.ts';
import { routesOfClasses, routesOfOctets } from './classless-routes.ts';
import { leaseOf, type ToldLease } from './lease.ts';

/** What a server's answer gives, with its lifetime in seconds; undefined for no end. */
export interface AnsweredLease {
  readonly lease: ToldLease;
  readonly lifetime: number | undefined;
}

type Options = ReadonlyMap<number, Uint8Array>;

const headerBytes = 236;
const magicCookie = 0x63825363;
const infinite = 0xffff_ffff;

export function readDhcp4(message: Uint8Array): AnsweredLease | undefined {
  const view = viewOf(message);
  if (message.length < headerBytes + 4 || view.getUint32(headerBytes) !== magicCookie) return undefined;
  const options = options4(message);
  if (options === undefined) return undefined;
  const addresses = (code: number) => addresses4(options.get(code));
  const number = (code: number) => numberAt(options.get(code), 0);
  const routes = options.get(121);
  const mtu = options.get(26);
  const lifetime = number(51);
  const lease = leaseOf({
    family: 4,
    server: addresses(54)[0],
    untilWall: null,
    addresses: [formatIpv4(view.getUint32(16))],
    routers: addresses(3),
    classlessRoutes: routes === undefined ? undefined : routesOfOctets([...routes]),
    staticRoutes: routesOfClasses(addresses(33)),
    resolvers: addresses(6),
    domains: [textOf(options.get(15))],
    searchDomains: namesOf(options.get(119)),
    captivePortal: options.has(114) ? textOf(options.get(114)) : undefined,
    mtu: mtu?.length === 2 ? String(viewOf(mtu).getUint16(0)) : undefined,
    ntpServers: addresses(42),
  });
  return { lease, lifetime: lifetime === infinite ? undefined : lifetime };
}

/** Options of all instances joined (RFC 3396), those in the fields of names too where option 52 says so. */
function options4(message: Uint8Array): Options | undefined {
  const found = new Map<number, number[]>();
  if (!readOptions4(message.subarray(headerBytes + 4), found)) return undefined;
  const overload = found.get(52)?.[0] ?? 0;
  if (overload & 1 && !readOptions4(message.subarray(108, headerBytes), found)) return undefined;
  if (overload & 2 && !readOptions4(message.subarray(44, 108), found)) return undefined;
  return new Map([...found].map(([code, octets]) => [code, Uint8Array.from(octets)]));
}

/** @returns whether the options are whole. */
function readOptions4(octets: Uint8Array, found: Map<number, number[]>): boolean {
  for (let at = 0; at < octets.length; ) {
    const code = octets[at]!;
    if (code === 255) return true;
    if (code === 0) {
      at++;
      continue;
    }
    const end = at + 2 + (octets[at + 1] ?? octets.length);
    if (end > octets.length) return false;
    const before = found.get(code) ?? [];
    before.push(...octets.subarray(at + 2, end));
    found.set(code, before);
    at = end;
  }
  // Without its end it may be half of one.
  return false;
}

export function readDhcp6(message: Uint8Array): AnsweredLease | undefined {
  const options = message.length < 4 ? undefined : options6(message.subarray(4));
  if (options === undefined) return undefined;
  const addresses: string[] = [];
  let lifetime: number | undefined;
  // Addresses that are kept and temporary ones, the first with two times more in its head.
  for (const [code, octets] of options) {
    if (code !== 3 && code !== 4) continue;
    for (const [inner, address] of options6(octets.subarray(code === 3 ? 12 : 4)) ?? []) {
      if (inner !== 5 || address.length < 24) continue;
      addresses.push(address6(address));
      const valid = viewOf(address).getUint32(20);
      if (valid !== infinite) lifetime = Math.max(lifetime ?? 0, valid);
    }
  }
  const first = (code: number) => options.find(([other]) => other === code)?.[1];
  const portal = first(103);
  const lease = leaseOf({
    family: 6,
    server: hexadecimal(first(2)),
    untilWall: null,
    addresses,
    resolvers: addresses6(first(23)),
    searchDomains: namesOf(first(24)),
    captivePortal: portal === undefined ? undefined : textOf(portal),
    ntpServers: addresses6(first(31)),
  });
  return { lease, lifetime };
}

function options6(octets: Uint8Array): [number, Uint8Array][] | undefined {
  const found: [number, Uint8Array][] = [];
  const view = viewOf(octets);
  for (let at = 0; at < octets.length; ) {
    if (at + 4 > octets.length) return undefined;
    const end = at + 4 + view.getUint16(at + 2);
    if (end > octets.length) return undefined;
    found.push([view.getUint16(at), octets.subarray(at + 4, end)]);
    at = end;
  }
  return found;
}

const viewOf = (octets: Uint8Array) => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);

function numberAt(octets: Uint8Array | undefined, at: number): number | undefined {
  return octets === undefined || octets.length < at + 4 ? undefined : viewOf(octets).getUint32(at);
}

function addresses4(octets: Uint8Array = new Uint8Array()): string[] {
  const found: string[] = [];
  for (let at = 0; at + 4 <= octets.length; at += 4) found.push(formatIpv4(numberAt(octets, at)!));
  return found;
}

function addresses6(octets: Uint8Array = new Uint8Array()): string[] {
  const found: string[] = [];
  for (let at = 0; at + 16 <= octets.length; at += 16) found.push(address6(octets.subarray(at)));
  return found;
}

function address6(octets: Uint8Array): string {
  const view = viewOf(octets);
  return formatIpv6(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12));
}

/** Some servers end texts with a zero octet. */
const textOf = (octets: Uint8Array = new Uint8Array()) => Buffer.from(octets).toString('utf8').replace(/\0+$/, '');

const hexadecimal = (octets: Uint8Array | undefined) =>
  octets === undefined ? undefined : Buffer.from(octets).toString('hex');

/** Longest name on the wire, and so an end to any chain of pointers. */
const mostNameBytes = 255;

/** Names of DNS one behind the other, with pointers into the same option (RFC 3397); those before one that is none. */
function namesOf(octets: Uint8Array = new Uint8Array()): string[] {
  const names: string[] = [];
  for (let at = 0; at < octets.length; ) {
    const name = nameAt(octets, at);
    if (name === undefined) break;
    names.push(name.text);
    at = name.end;
  }
  return names;
}

function nameAt(octets: Uint8Array, start: number): { text: string; end: number } | undefined {
  const labels: string[] = [];
  let end: number | undefined;
  for (let at = start, steps = 0; steps < mostNameBytes; steps++) {
    const length = octets[at];
    if (length === undefined) return undefined;
    if (length === 0) return { text: labels.join('.'), end: end ?? at + 1 };
    if (length >= 0xc0) {
      const low = octets[at + 1];
      if (low === undefined) return undefined;
      end ??= at + 2;
      at = ((length & 0x3f) << 8) | low;
      continue;
    }
    if (length > 63 || at + 1 + length > octets.length) return undefined;
    labels.push(Buffer.from(octets.subarray(at + 1, at + 1 + length)).toString('latin1'));
    at += 1 + length;
  }
  return undefined;
}
