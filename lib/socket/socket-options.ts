// SPDX-License-Identifier: MIT
// What a socket can be asked besides where it is held, read from what a user wrote. The native library reads each option back.

import { MifError } from '../binding/mif-error.ts';
import type { NativeSocketOptions } from '../binding/native.ts';
import { preferenceFlags, type SourcePreferences } from '../selection/source-preferences.ts';
import { shown } from '../selection/shown.ts';

/** Probes of a connection without traffic; what is absent is as the system has it. */
export interface KeepAlive {
  /** Milliseconds without traffic before the first probe, in whole seconds. */
  idle?: number | undefined;
  /** Milliseconds between probes, in whole seconds. */
  interval?: number | undefined;
  /** Unanswered probes that end the connection, 1 to 127. */
  probes?: number | undefined;
}

export interface SocketOptions {
  /** Firewall mark (SO_MARK), 0 to 2^32 - 1. Needs CAP_NET_ADMIN. */
  mark?: number | undefined;
  /** Differentiated services code point, 0 to 63 (RFC 2474). */
  dscp?: number | undefined;
  /** Probes of a connection without traffic, of streams. */
  keepAlive?: boolean | KeepAlive | undefined;
  /** SO_REUSEADDR. Default: true for streams with a port, as Node does. */
  reuseAddress?: boolean | undefined;
  /** SO_REUSEPORT: sockets of one user share the port, and the kernel shares out among them. */
  reusePort?: boolean | undefined;
  /** Whether an IPv6 socket speaks IPv6 only. Default true. */
  ipv6Only?: boolean | undefined;
  /** Which of its IPv6 addresses the kernel rather chooses as source (RFC 5014). */
  preferences?: SourcePreferences | undefined;
}

const most32 = 0xffff_ffff;
const mostDscp = 63;
const bitsBelowCodePoint = 2;
const mostSeconds = 32_767;
const mostProbes = 127;
const msPerSecond = 1000;

/**
 * The part of a request that these options are.
 * @throws MifError ERR_MIF_INVALID_ARG, naming the option
 */
export function readSocketOptions(
  options: SocketOptions,
  { family, isStream }: { family: 4 | 6; isStream: boolean },
): NativeSocketOptions {
  const { mark, dscp, keepAlive, reuseAddress, reusePort, ipv6Only, preferences } = options;
  const request: NativeSocketOptions = {};
  if (mark !== undefined) request.mark = wholeNumber('mark', mark, 0, most32);
  if (dscp !== undefined) request.trafficClass = wholeNumber('dscp', dscp, 0, mostDscp) << bitsBelowCodePoint;
  if (keepAlive !== undefined) {
    if (!isStream) throw new MifError('ERR_MIF_INVALID_ARG', 'option keepAlive: a datagram socket has no connection');
    Object.assign(request, readKeepAlive(keepAlive));
  }
  if (reuseAddress !== undefined) request.reuseAddress = truth('reuseAddress', reuseAddress);
  if (reusePort !== undefined) request.reusePort = truth('reusePort', reusePort);
  if (ipv6Only !== undefined) {
    request.ipv6Only = truth('ipv6Only', ipv6Only);
    if (family === 4) throw new MifError('ERR_MIF_INVALID_ARG', 'option ipv6Only: the socket is an IPv4 one');
  }
  if (preferences !== undefined) {
    request.addressPreferences = preferenceFlags(preferences);
    if (family === 4) throw new MifError('ERR_MIF_INVALID_ARG', 'option preferences: IPv4 sockets have none');
  }
  return request;
}

function readKeepAlive(keepAlive: unknown): NativeSocketOptions {
  if (typeof keepAlive === 'boolean') return { keepAlive };
  if (typeof keepAlive !== 'object' || keepAlive === null) {
    throw invalid('keepAlive', keepAlive, 'true, false or an object');
  }
  const request: NativeSocketOptions = { keepAlive: true };
  for (const [name, value] of Object.entries(keepAlive)) {
    if (value === undefined) continue;
    if (name === 'idle') request.keepAliveIdle = seconds('keepAlive.idle', value);
    else if (name === 'interval') request.keepAliveInterval = seconds('keepAlive.interval', value);
    else if (name === 'probes') request.keepAliveProbes = wholeNumber('keepAlive.probes', value, 1, mostProbes);
    else throw new MifError('ERR_MIF_INVALID_ARG', `option keepAlive.${name}: there is none of that name`);
  }
  return request;
}

/** The kernel counts in seconds: what is not whole would become another time than was asked for. */
function seconds(name: string, value: unknown): number {
  const whole = typeof value === 'number' ? value / msPerSecond : Number.NaN;
  if (Number.isInteger(whole) && whole >= 1 && whole <= mostSeconds) return whole;
  throw invalid(name, value, `whole seconds from 1000 to ${mostSeconds * msPerSecond} milliseconds`);
}

function wholeNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(name, value, `a whole number from ${least} to ${most}`);
}

function truth(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid(name, value, 'true or false');
}

function invalid(name: string, value: unknown, allowed: string): MifError {
  return new MifError('ERR_MIF_INVALID_ARG', `option ${name}: ${shown(value)} is not ${allowed}`);
}
