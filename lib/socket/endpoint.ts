// SPDX-License-Identifier: MIT
// Where a connection goes, read from what a user wrote. Names are told apart, and resolved per provisioning domain in another
// room.

import { formatIpAddress, isMulticast, isUnspecified, parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';

/** `192.0.2.1:80`, `[2001:db8::1]:80`, `[fe80::1%eth0]:80`, or the same in parts. */
export type ConnectTarget =
  | string
  | { readonly host: string; readonly port: number }
  | { readonly address: string; readonly port: number };

/** One address and port. */
export interface Endpoint {
  readonly family: 4 | 6;
  /** RFC 5952 text without zone. */
  readonly address: string;
  /** Interface name or index of a link-local address, as it was written. */
  readonly zone?: string | undefined;
  readonly port: number;
}

const highestPort = 65_535;

/**
 * @throws MifError ERR_MIF_INVALID_ARG; ERR_MIF_UNSUPPORTED for a host name
 */
export function parseEndpoint(target: ConnectTarget): Endpoint {
  const { host, port } = typeof target === 'string' ? splitTarget(target) : partsOf(target);
  if (!Number.isInteger(port) || port < 1 || port > highestPort) {
    throw invalid(target, `the port is not a number from 1 to ${highestPort}`);
  }
  const parsed = parseIpAddress(host);
  if (parsed === undefined) {
    if (!looksLikeName(host)) throw invalid(target, 'it has no IP address');
    throw new MifError('ERR_MIF_UNSUPPORTED', `cannot connect to ${host}: names are not resolved in this version`, {
      hint: 'Give an IP address, such as 192.0.2.1:80 or [2001:db8::1]:80.',
      destination: host,
    });
  }
  const { zone, ...bare } = parsed;
  const address = formatIpAddress(bare);
  if (isUnspecified(address) || isMulticast(address) || address === '255.255.255.255') {
    throw invalid(target, `nobody can be connected to at ${address}`);
  }
  if (address.startsWith('::ffff:')) throw invalid(target, 'an IPv4-mapped address hides its family; write it as IPv4');
  return { family: parsed.family, address, zone, port };
}

/** A target whose host is a name. */
export interface NamedTarget {
  readonly name: string;
  readonly port: number;
}

/** @returns undefined for an address, and for what parseEndpoint refuses */
export function namedTarget(target: ConnectTarget): NamedTarget | undefined {
  // Most are addresses, which are told apart unread.
  if (
    typeof target === 'string'
      ? /^(\[|[\d.]+:)/.test(target)
      : typeof target !== 'object' || target === null || 'address' in target
  ) {
    return undefined;
  }
  const { host, port } = typeof target === 'string' ? splitTarget(target) : partsOf(target);
  const isValid = Number.isInteger(port) && port >= 1 && port <= highestPort;
  return isValid && parseIpAddress(host) === undefined && looksLikeName(host) ? { name: host, port } : undefined;
}

/** The text of an endpoint, as it is written in a URL. */
export function formatEndpoint({ family, address, zone, port }: Endpoint): string {
  const scoped = zone === undefined ? address : `${address}%${zone}`;
  return family === 4 ? `${scoped}:${port}` : `[${scoped}]:${port}`;
}

interface Parts {
  readonly host: string;
  readonly port: number;
}

function splitTarget(target: string): Parts {
  const bracketed = /^\[([^\]]*)\]:([^:]*)$/.exec(target);
  const [, host, digits] = bracketed ?? /^([^:]*):([^:]*)$/.exec(target) ?? [];
  if (host === undefined || digits === undefined) {
    // `2001:db8::1:80` could end in a port or not.
    const isBareIpv6 = target.includes('::') && !target.startsWith('[');
    throw invalid(target, isBareIpv6 ? 'an IPv6 address needs brackets: [address]:port' : 'it is not host:port');
  }
  return { host, port: /^\d{1,5}$/.test(digits) ? Number(digits) : Number.NaN };
}

function partsOf(target: Exclude<ConnectTarget, string>): Parts {
  const { host, address, port } = (target ?? {}) as { host?: unknown; address?: unknown; port?: unknown };
  const text = address ?? host;
  if (typeof text !== 'string') throw invalid(target, 'it has neither address nor host');
  return { host: text, port: port as number };
}

/** What can be a host name (RFC 1123 section 2.1), IDN included; digits and dots alone are a broken address. */
function looksLikeName(text: string): boolean {
  return /^[^\s/:@%[\]]{1,253}$/.test(text) && !/^[\d.]*$/.test(text);
}

function invalid(target: unknown, why: string): MifError {
  const text = typeof target === 'string' ? `'${target}'` : (JSON.stringify(target) ?? String(target));
  return new MifError('ERR_MIF_INVALID_ARG', `cannot connect to ${text}: ${why}`);
}
