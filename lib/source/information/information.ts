// SPDX-License-Identifier: MIT
// The additional information of a domain (RFC 8801 section 4.3): bytes of a server in, what may be believed of it out. Pure.

import { networkOf, parsePrefix } from '../../address/prefix.ts';
import { formatIpAddress } from '../../address/ip-address.ts';
import { foldName } from '../../pvd/reference.ts';
import { isObject, type JsonObject, type JsonValue, readJsonObject } from '../i-json.ts';
import { domainOf } from '../told-values.ts';

export interface Information {
  /** As it was told, without what is of a wrong type. Frozen. */
  readonly object: JsonObject;
  /** Milliseconds on the wall clock. */
  readonly expires: number;
  /** In their one form. */
  readonly prefixes: readonly string[];
  readonly dnsZones: readonly string[];
  readonly noInternet: boolean;
}

/** Keys that are not needed, and what they have to be; others are taken as they are (PVD-70, PVD-71). */
const optionalKeys: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  dnsZones: (value) => Array.isArray(value) && value.every((zone) => typeof zone === 'string'),
  noInternet: (value) => typeof value === 'boolean',
  splitDnsClaims: (value) => Array.isArray(value) && value.every(isObject),
  proxies: (value) => Array.isArray(value) && value.every(isObject),
};

/**
 * @param id - of the domain, in lower case
 * @param wallNow - milliseconds on the wall clock
 * @returns why it is not to be used, where that is so
 */
export function readInformation(body: Uint8Array, id: string, wallNow: number): Information | string {
  const told = readJsonObject(body);
  if (typeof told === 'string') return told;
  const { identifier, expires, prefixes } = told;
  if (typeof identifier !== 'string' || foldName(identifier) !== id) return 'its identifier is not that of the domain';
  const end = typeof expires === 'string' ? readDate(expires) : undefined;
  if (end === undefined) return 'it does not say until when it holds';
  if (end <= wallNow) return 'it is over';
  const own = Array.isArray(prefixes) ? prefixes.map(readPrefix) : [undefined];
  if (!own.every((prefix) => prefix !== undefined)) return 'its prefixes are not IPv6 prefixes';

  const object: Record<string, JsonValue> = Object.create(null);
  for (const [key, value] of Object.entries(told)) {
    if (!Object.hasOwn(optionalKeys, key) || optionalKeys[key]!(value)) object[key] = value;
  }
  const zones = (object['dnsZones'] ?? []) as readonly string[];
  return {
    object: Object.freeze(object),
    expires: end,
    prefixes: own,
    dnsZones: [...new Set(zones.map(domainOf).filter((zone) => zone !== undefined))],
    noInternet: object['noInternet'] === true,
  };
}

function readPrefix(value: JsonValue): string | undefined {
  const prefix = typeof value === 'string' ? parsePrefix(value) : undefined;
  return prefix?.address.family === 6 ? networkOf(formatIpAddress(prefix.address), prefix.length) : undefined;
}

const dateForm = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** A date-time of RFC 3339, milliseconds of the wall clock; undefined for days that no month has. */
function readDate(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = '', zone = ''] = dateForm.exec(text) ?? [];
  if (year === undefined) return undefined;
  // A leap second is the second after it; no clock here has any.
  const seconds = second === '60' ? '59' : second;
  const plain = `${year}-${month}-${day}T${hour}:${minute}:${seconds}`;
  const bare = Date.parse(`${plain}Z`);
  if (Number.isNaN(bare) || new Date(bare).toISOString().slice(0, 19) !== plain) return undefined;
  const moment = Date.parse(`${plain}${fraction.slice(0, 4)}${zone.toUpperCase()}`);
  return Number.isNaN(moment) ? undefined : moment;
}
