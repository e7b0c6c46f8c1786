// SPDX-License-Identifier: MIT
// What selection is asked, read from what a user wrote. Everything wrong is refused by name; nothing is coerced.

import { type IpAddress, parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import { shown } from './shown.ts';

/** What the kernel's rules can tell traffic by, besides its destination. */
export interface TrafficOptions {
  /** Source address, without zone. Default: as it is chosen. */
  source?: string | undefined;
  /** Firewall mark of the socket (SO_MARK), 0 to 2^32 - 1. Default 0. */
  mark?: number | undefined;
  /** User whose socket it is. Default: the effective user of this process. */
  uid?: number | undefined;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, or an IP protocol number. Default: not told, which rules that name one do not match. */
  protocol?: string | number | undefined;
  /** 0 to 65535. Default 0: not told. */
  sourcePort?: number | undefined;
  /** 0 to 65535. Default 0: not told. */
  destinationPort?: number | undefined;
  /** Differentiated services code point, 0 to 63 (RFC 2474). Default 0. */
  dscp?: number | undefined;
}

/** The same, checked. */
export interface Traffic {
  readonly source: IpAddress | undefined;
  readonly mark: number;
  readonly uid: number;
  readonly trafficClass: number;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const most32 = 0xffff_ffff;
const mostPort = 0xffff;
const mostDscp = 63;
const mostProtocol = 255;
const bitsBelowCodePoint = 2;

// IANA, Protocol Numbers.
const protocols: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 };

/**
 * @param family - of the destination.
 * @throws MifError ERR_MIF_INVALID_ARG, naming the option
 */
export function readTraffic(options: TrafficOptions, family: 4 | 6): Traffic {
  return {
    source: options.source === undefined ? undefined : readSource(options.source, family),
    mark: wholeNumber('mark', options.mark, most32),
    uid: options.uid === undefined ? ownUser() : wholeNumber('uid', options.uid, most32),
    trafficClass: wholeNumber('dscp', options.dscp, mostDscp) << bitsBelowCodePoint,
    protocol: readProtocol(options.protocol),
    sourcePort: wholeNumber('sourcePort', options.sourcePort, mostPort),
    destinationPort: wholeNumber('destinationPort', options.destinationPort, mostPort),
  };
}

/** Effective user of this process; 0 where there are none. A system call. */
export function ownUser(): number {
  return process.geteuid?.() ?? 0;
}

/**
 * Refuses what is misspelt.
 * @throws MifError ERR_MIF_INVALID_ARG
 */
export function checkNames(options: object, names: ReadonlySet<string>): void {
  if (typeof options !== 'object' || options === null) {
    throw new MifError('ERR_MIF_INVALID_ARG', `options: ${shown(options)} is no object`);
  }
  for (const name of Object.keys(options)) {
    if (!names.has(name)) throw new MifError('ERR_MIF_INVALID_ARG', `option ${name}: there is none of that name`);
  }
}

/**
 * The address that a destination is, with its zone.
 * @throws MifError ERR_MIF_INVALID_ARG
 */
export function readDestination(destination: unknown): IpAddress {
  const address = typeof destination === 'string' ? parseIpAddress(destination) : undefined;
  if (address === undefined) {
    throw new MifError('ERR_MIF_INVALID_ARG', `destination: ${shown(destination)} is not an IP address`, {
      hint: 'Give one address such as 192.0.2.1, 2001:db8::1 or fe80::1%eth0; names are resolved elsewhere.',
    });
  }
  if (isMapped(address)) {
    throw new MifError('ERR_MIF_INVALID_ARG', `destination: ${shown(destination)} hides its family; write it as IPv4`);
  }
  return address;
}

/** Whether it is an IPv4 address in IPv6 clothes (RFC 4291 section 2.5.5.2): a socket sends IPv4 there. */
export function isMapped({ groups }: IpAddress): boolean {
  const mappedMark = 0xffff;
  return groups.length === 4 && groups[0] === 0 && groups[1] === 0 && groups[2] === mappedMark;
}

/**
 * An option that is there or not.
 * @throws MifError ERR_MIF_INVALID_ARG, naming it
 */
export function readSwitch(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true;
  throw invalid(name, value, 'true or false');
}

function readSource(source: unknown, family: 4 | 6): IpAddress {
  const address = typeof source === 'string' ? parseIpAddress(source) : undefined;
  if (address === undefined || address.zone !== undefined)
    throw invalid('source', source, 'an IP address without zone');
  if (address.family !== family) throw invalid('source', source, `an IPv${family} address, as the destination is`);
  return address;
}

function readProtocol(protocol: unknown): number {
  if (typeof protocol !== 'string') return wholeNumber('protocol', protocol, mostProtocol);
  const number = Object.hasOwn(protocols, protocol) ? protocols[protocol] : undefined;
  if (number === undefined)
    throw invalid('protocol', protocol, `one of ${Object.keys(protocols).join(', ')}, or a number`);
  return number;
}

function wholeNumber(name: string, value: unknown, most: number): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw invalid(name, value, `a whole number from 0 to ${most}`);
}

function invalid(name: string, value: unknown, allowed: string): MifError {
  return new MifError('ERR_MIF_INVALID_ARG', `option ${name}: ${shown(value)} is not ${allowed}`);
}
