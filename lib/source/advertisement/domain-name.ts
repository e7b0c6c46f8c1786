// SPDX-License-Identifier: MIT
// Domain names as they stand in options: labels with their lengths, never compressed, ended by the root (RFC 1035 section
// 3.1, RFC 8106 section 5.2, RFC 8801 section 3.1). What comes out is lower case, without the last dot, and harmless
// wherever a name may stand.

/** Octets of a whole name, the root included (RFC 1035 section 2.3.4). */
const longestName = 255;
const longestLabel = 63;

/** A name, and where the bytes after it begin. */
export interface FoundName {
  /** Empty for the root alone. */
  readonly name: string;
  readonly end: number;
}

/**
 * Reads the name at an offset.
 * @returns undefined where it does not end within the bytes, is too long, compressed, or has other characters than letters, digits,
 * hyphens inside and underscores
 */
export function readDomainName(bytes: Uint8Array, start: number): FoundName | undefined {
  const labels: string[] = [];
  let at = start;
  while (at < bytes.length && at - start < longestName) {
    const length = bytes[at++] as number;
    if (length === 0) return { name: labels.join('.'), end: at };
    // Two set bits would be a pointer: they are above the longest label too.
    if (length > longestLabel || at + length > bytes.length) return undefined;
    const label = labelOf(bytes.subarray(at, at + length));
    if (label === undefined) return undefined;
    labels.push(label);
    at += length;
  }
  return undefined;
}

/**
 * Whether a name that readDomainName gave can be the host of a URL as it is (SEC-16): no underscore, and nothing that readers of
 * URLs take for an IPv4 address because its end is a number.
 */
export function canBeHost(name: string): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return name !== '' && !name.includes('_') && !/^([0-9]+|0x[0-9a-f]*)$/.test(last);
}

function labelOf(bytes: Uint8Array): string | undefined {
  const label = String.fromCharCode(...bytes).toLowerCase();
  return /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label) ? label : undefined;
}
