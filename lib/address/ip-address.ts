// SPDX-License-Identifier: MIT
// IPv4 and IPv6 addresses as text and as numbers. Pure: knows no interface and no kernel, asks nobody, throws nothing.
// Reads the forms of RFC 4291 section 2.2 and RFC 4007 section 11, writes the one form of RFC 5952.

/** An address as a value. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** Unsigned 32-bit groups, most significant first: one of IPv4, four of IPv6. */
  readonly groups: readonly [number] | readonly [number, number, number, number];
  /** Interface name or index of a scoped IPv6 address, without `%` (RFC 4007 section 11). */
  readonly zone?: string;
}

/**
 * Reads an address with or without a zone.
 * @returns undefined for anything that is not exactly one address: ports, brackets, prefix lengths, spaces, IPv4 octets
 * with leading zeros, which some readers take for octal
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (!text.includes(':')) {
    const group = parseIpv4(text);
    return group === undefined ? undefined : { family: 4, groups: [group] };
  }
  const percent = text.indexOf('%');
  const groups = parseIpv6(percent < 0 ? text : text.slice(0, percent));
  if (groups === undefined) return undefined;
  if (percent < 0) return { family: 6, groups };
  const zone = text.slice(percent + 1);
  return isZone(zone) ? { family: 6, groups, zone } : undefined;
}

/** The text of an address, with its zone if it has one. */
export function formatIpAddress({ groups, zone }: IpAddress): string {
  const text = groups.length === 1 ? formatIpv4(groups[0]) : formatIpv6(...groups);
  return zone === undefined ? text : `${text}%${zone}`;
}

/** Dotted decimal text of an unsigned 32-bit number. */
export function formatIpv4(group: number): string {
  return `${group >>> 24}.${(group >>> 16) & 0xff}.${(group >>> 8) & 0xff}.${group & 0xff}`;
}

/** RFC 5952 text of four unsigned 32-bit groups; native/address/ip-address.cc writes the same. */
export function formatIpv6(a: number, b: number, c: number, d: number): string {
  // Section 5: with an IPv4 address inside where a well-known prefix says that there is one, ::ffff:0:0/96.
  if (a === 0 && b === 0 && c === 0xffff) return `::ffff:${formatIpv4(d)}`;
  const hextets = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff];
  const { start, length } = longestZeroRun(hextets);
  let text = '';
  for (let at = 0; at < hextets.length; at++) {
    if (at === start) {
      text += '::';
      at += length - 1;
      continue;
    }
    if (at > 0 && at !== start + length) text += ':';
    text += (hextets[at] as number).toString(16);
  }
  return text;
}

/** Whether the text is an address of 0.0.0.0 or `::`. */
export function isUnspecified(text: string): boolean {
  const groups = parseIpAddress(text)?.groups;
  return groups?.every((group) => group === 0) ?? false;
}

/** Whether the text is an address of 127.0.0.0/8 or `::1`. */
export function isLoopback(text: string): boolean {
  // Most are told apart unread, here and below: every address that comes is asked.
  const first = text.charCodeAt(0);
  if (first !== 0x30 && first !== 0x3a && !text.startsWith('127.')) return false;
  const groups = parseIpAddress(text)?.groups;
  if (groups === undefined) return false;
  if (groups.length === 1) return startsWith(groups[0], 0x7f000000, 8);
  return groups[0] === 0 && groups[1] === 0 && groups[2] === 0 && groups[3] === 1;
}

/** Whether the text is an address of 169.254.0.0/16 (RFC 3927) or fe80::/10. The IPv6 ones mean nothing without a zone. */
export function isLinkLocal(text: string): boolean {
  if ((text.charCodeAt(0) | 0x20) !== 0x66 && !text.startsWith('169.254.')) return false;
  return startsWithEither(text, [0xa9fe0000, 16], [0xfe800000, 10]);
}

/** Whether the text is an address of 224.0.0.0/4 or ff00::/8. */
export function isMulticast(text: string): boolean {
  return startsWithEither(text, [0xe0000000, 4], [0xff000000, 8]);
}

/** Whether the text is an address of fc00::/7 (RFC 4193). */
export function isUniqueLocal(text: string): boolean {
  const groups = parseIpAddress(text)?.groups;
  return groups?.length === 4 && startsWith(groups[0], 0xfc000000, 7);
}

function startsWithEither(text: string, v4: readonly [number, number], v6: readonly [number, number]): boolean {
  const groups = parseIpAddress(text)?.groups;
  return groups !== undefined && startsWith(groups[0], ...(groups.length === 1 ? v4 : v6));
}

/** Whether the top `length` bits, 1 to 32, are those of `bits`. */
function startsWith(group: number, bits: number, length: number): boolean {
  return (group ^ bits) >>> (32 - length) === 0;
}

/**
 * The number that a dotted decimal address is, or undefined. In one pass: it is asked with every selection. Each address has
 * only one text that is taken here.
 */
export function parseIpv4(text: string): number | undefined {
  let group = 0;
  let dots = 0;
  /** Of the part under way; less than 0 before its first digit. */
  let octet = -1;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x2e) {
      if (octet < 0) return undefined;
      group = group * 0x100 + octet;
      octet = -1;
      dots++;
      continue;
    }
    const digit = character - 0x30;
    // Behind a zero nothing may follow: some readers would take it for octal.
    if (digit < 0 || digit > 9 || octet === 0) return undefined;
    octet = octet < 0 ? digit : octet * 10 + digit;
    if (octet > 0xff) return undefined;
  }
  return dots === 3 && octet >= 0 ? group * 0x100 + octet : undefined;
}

function parseIpv6(text: string): [number, number, number, number] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  // Only the very last part may be an IPv4 address.
  const head = parseHextets(halves[0] as string, halves.length === 1);
  const tail = halves.length === 1 ? [] : parseHextets(halves[1] as string, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // RFC 4291 section 2.2: `::` stands for one or more groups.
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const hextets = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const group = (at: number) => (hextets[at] as number) * 0x10000 + (hextets[at + 1] as number);
  return [group(0), group(2), group(4), group(6)];
}

function parseHextets(text: string, mayEndDotted: boolean): number[] | undefined {
  if (text === '') return [];
  const hextets: number[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    if (mayEndDotted && at === parts.length - 1 && part.includes('.')) {
      const group = parseIpv4(part);
      if (group === undefined) return undefined;
      hextets.push(group >>> 16, group & 0xffff);
      continue;
    }
    const value = parseDigits(part, 16, 4);
    if (value === undefined) return undefined;
    hextets.push(value);
  }
  return hextets;
}

/** A number of 1 to `longest` digits and nothing else: Number() would take signs, spaces and the empty text too. */
function parseDigits(text: string, base: 10 | 16, longest: number): number | undefined {
  if (text.length === 0 || text.length > longest) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = digitOf(text.charCodeAt(at));
    if (digit >= base) return undefined;
    value = value * base + digit;
  }
  return value;
}

function digitOf(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const letter = character | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Number.POSITIVE_INFINITY;
}

/** What can be the name of an interface or its index (dev_valid_name of the kernel), and cannot end a URL or a line. */
function isZone(text: string): boolean {
  return text !== '' && !/[\s/%:\]]/.test(text);
}

/** RFC 5952 section 4.2: the longest run of zero groups, the first of equals, never a single group. */
function longestZeroRun(hextets: readonly number[]): { start: number; length: number } {
  let start = -1;
  let length = 1;
  let run = 0;
  for (let at = 0; at < hextets.length; at++) {
    run = hextets[at] === 0 ? run + 1 : 0;
    if (run > length) {
      length = run;
      start = at - run + 1;
    }
  }
  return { start, length };
}
