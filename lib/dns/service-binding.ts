// SPDX-License-Identifier: MIT
// The data of SVCB and HTTPS records (RFC 9460 section 2.2), which the codec lacks. Strict: what is malformed is refused
// as a whole, as section 2.2 has it.

import { formatIpv4, formatIpv6 } from '../address/ip-address.ts';
import type { ServiceBinding, ServiceParameters } from './record.ts';

/** @throws RangeError when it is malformed */
export function readServiceBinding(data: Buffer): ServiceBinding {
  const priority = data.readUInt16BE(0);
  const { target, end } = readTarget(data, 2);
  const params: Writable<ServiceParameters> = {};
  const others: Record<string, Uint8Array> = {};
  let last = -1;
  for (let at = end; at < data.length; ) {
    const key = data.readUInt16BE(at);
    const length = data.readUInt16BE(at + 2);
    const value = data.subarray(at + 4, at + 4 + length);
    if (value.length !== length) throw malformed('a parameter is cut');
    if (key <= last) throw malformed('parameters are not in order');
    const read = readers[key];
    if (read === undefined) others[`key${key}`] = value;
    else read(params, value);
    last = key;
    at += 4 + length;
  }
  if (Object.keys(others).length > 0) params.others = others;
  return { priority, target, params };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const readers: Readonly<Record<number, (params: Writable<ServiceParameters>, value: Buffer) => void>> = {
  0: (params, value) => {
    params.mandatory = pieces(value, 2).map((piece) => piece.readUInt16BE(0));
  },
  1: (params, value) => {
    const alpn: string[] = [];
    for (let at = 0; at < value.length; at += 1 + value[at]!) {
      const id = value.subarray(at + 1, at + 1 + value[at]!);
      if (id.length === 0 || id.length !== value[at]) throw malformed('a protocol is cut');
      alpn.push(id.toString('latin1'));
    }
    if (alpn.length === 0) throw malformed('it names no protocol');
    params.alpn = alpn;
  },
  2: (params, value) => {
    if (value.length > 0) throw malformed('no-default-alpn has a value');
    params.noDefaultAlpn = true;
  },
  3: (params, value) => {
    if (value.length !== 2) throw malformed('its port is no port');
    params.port = value.readUInt16BE(0);
  },
  4: (params, value) => {
    params.ipv4hint = pieces(value, 4).map((piece) => formatIpv4(piece.readUInt32BE(0)));
  },
  5: (params, value) => {
    params.ech = value;
  },
  6: (params, value) => {
    params.ipv6hint = pieces(value, 16).map(ipv6Of);
  },
};

/** The text of the 16 bytes of an address. */
export function ipv6Of(bytes: Buffer): string {
  return formatIpv6(bytes.readUInt32BE(0), bytes.readUInt32BE(4), bytes.readUInt32BE(8), bytes.readUInt32BE(12));
}

/** Names in here are never compressed. */
function readTarget(data: Buffer, from: number): { target: string; end: number } {
  const labels: string[] = [];
  let at = from;
  for (;;) {
    const length = data.readUInt8(at++);
    if (length === 0) break;
    if (length > 63 || at + length > data.length || at + length - from > 254) throw malformed('its target is no name');
    labels.push(data.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  return { target: labels.length > 0 ? labels.join('.') : '.', end: at };
}

function pieces(value: Buffer, size: number): Buffer[] {
  if (value.length === 0 || value.length % size !== 0) throw malformed('a list is cut');
  return Array.from({ length: value.length / size }, (_, at) => value.subarray(at * size, (at + 1) * size));
}

function malformed(why: string): RangeError {
  return new RangeError(`malformed service binding: ${why}`);
}
