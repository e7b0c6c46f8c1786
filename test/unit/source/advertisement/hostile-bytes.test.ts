// SPDX-License-Identifier: MIT
// Anybody on the link can send anything. Whatever the bytes are, reading them ends, throws nothing, and gives no more
// than they could hold (SEC-15, SEC-16).

import { describe, expect, it } from 'vitest';
import { isLinkLocal, isMulticast, parseIpAddress } from '../../../../lib/address/ip-address.ts';
import { parsePrefix } from '../../../../lib/address/prefix.ts';
import { type Advertisement, decodeAdvertisement } from '../../../../lib/source/advertisement/advertisement.ts';
import { decodeOption } from '../../../../lib/source/advertisement/option.ts';
import type { DecodedOptions } from '../../../../lib/source/advertisement/options.ts';
import type { RouterOption } from '../../../../lib/source/advertisement/router-option.ts';
import { Random } from '../../../lab/random.ts';
import { all } from './vectors.ts';

const near = { router: 'fe80::a:1', hopLimit: 255 };
const types = [3, 5, 21, 24, 25, 31, 37, 38];
const smallestOption = 8;

/** Reads bytes and holds what comes out to what is promised. Whether it was an advertisement. */
function judge(bytes: Uint8Array): boolean {
  const before = Uint8Array.from(bytes);
  const decoded = decodeAdvertisement(bytes, near);
  if (!Buffer.from(before).equals(bytes)) throw new Error('the bytes were written to');
  if (typeof decoded === 'string') return false;
  judgeOptions(decoded, bytes.length);
  judgeHeader(decoded.header);
  if (decoded.pvd !== undefined) {
    judgeOptions(decoded.pvd, bytes.length);
    if (!isName(decoded.pvd.id, /^[a-z0-9.-]+$/)) throw new Error(`domain ${decoded.pvd.id}`);
    if (new URL(`https://${decoded.pvd.id}/`).hostname !== decoded.pvd.id) throw new Error(`host ${decoded.pvd.id}`);
    if (decoded.pvd.header !== undefined) judgeHeader(decoded.pvd.header);
  }
  return true;
}

function judgeOptions({ options, refused }: DecodedOptions, length: number): void {
  if (options.length + refused.length > length / smallestOption) throw new Error('more options than there is room for');
  for (const option of options) if (!isSound(option)) throw new Error(JSON.stringify(option));
}

function judgeHeader({ lifetime, preference }: Advertisement['header']): void {
  if (!(lifetime >= 0 && lifetime <= 0xffff) || !['low', 'medium', 'high'].includes(preference))
    throw new Error('header');
}

function isSound(option: RouterOption): boolean {
  switch (option.type) {
    case 'prefix':
      return isPrefix(option.prefix) && isLifetime(option.valid) && option.preferred <= option.valid;
    case 'mtu':
      return option.mtu >= 1280 && option.mtu <= 0xffffffff;
    case 'route':
      return parsePrefix(option.prefix)?.address.family === 6 && isLifetime(option.lifetime);
    case 'resolvers':
      return option.addresses.length > 0 && option.addresses.length <= 127 && option.addresses.every(isUnicast);
    case 'search-domains':
      return option.names.length > 0 && option.names.every((name) => isName(name, /^[a-z0-9._-]+$/));
    case 'nat64':
      return parsePrefix(option.prefix)?.address.family === 6 && option.lifetime <= 65528;
    case 'captive-portal':
      return option.uri === undefined || new URL(option.uri).protocol === 'https:';
    default:
      return false;
  }
}

const isPrefix = (text: string) => !isLinkLocal(text.split('/')[0]!) && parsePrefix(text)?.address.family === 6;
const isLifetime = (seconds: number) => seconds >= 0 && (seconds <= 0xffffffff || seconds === Number.POSITIVE_INFINITY);
const isUnicast = (text: string) => parseIpAddress(text)?.family === 6 && !isMulticast(text);
const isName = (text: string, allowed: RegExp) =>
  allowed.test(text) && text.length <= 253 && text.split('.').every((label) => label.length >= 1 && label.length <= 63);

/** Bytes that look right from afar: a header, then options of known types whose lengths mostly add up. */
function plausible(random: Random): Uint8Array {
  const octets = [134, 0, 0, 0, 64, random.below(256), random.below(256), random.below(256), ...Array(8).fill(0)];
  for (let count = random.below(12); count > 0; count--) {
    const units = random.chance(0.9) ? random.between(1, 12) : random.below(256);
    const body = Array.from({ length: units * 8 - 2 }, () => (random.chance(0.4) ? 0 : random.below(256)));
    // Labels that add up, now and then, so that what is behind a name is reached.
    if (random.chance(0.5)) body.splice(4, 4, 2, 0x61, 0x62, 0);
    octets.push(random.chance(0.9) ? random.pick(types) : random.below(256), units, ...body.slice(0, units * 8 - 2));
  }
  return Uint8Array.from(octets);
}

/** A known advertisement with some bytes otherwise, some gone, some twice. */
function mutated(random: Random): Uint8Array {
  let octets = [...random.pick(Object.values(all))];
  for (let count = random.between(1, 6); count > 0; count--) {
    const at = random.between(2, octets.length - 1);
    switch (random.below(4)) {
      case 0:
        octets[at] = random.below(256);
        break;
      case 1:
        octets[at] = (octets[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 2:
        octets = [...octets.slice(0, at), ...octets.slice(at + random.pick([1, 2, 8, 16]))];
        break;
      default:
        octets = [...octets.slice(0, at), ...octets.slice(at - random.below(at)), ...octets.slice(at)];
        break;
    }
    if (octets.length < 17) octets = [...Array(17).fill(134)];
    octets = octets.slice(0, 4096);
  }
  octets.splice(0, 2, 134, 0);
  return Uint8Array.from(octets);
}

describe('hostile bytes', () => {
  it.each(Object.keys(all))('hostile bytes: every beginning of %s is read or refused (SEC-15)', (name) => {
    const whole = all[name]!;
    expect(judge(whole)).toBe(true);
    for (let length = 0; length < whole.length; length++) judge(whole.subarray(0, length));
  });

  it.each(Object.keys(all))('hostile bytes: every single byte of %s may be anything (SEC-15)', (name) => {
    for (let at = 0; at < all[name]!.length; at++) {
      const bytes = Uint8Array.from(all[name]!);
      for (const value of [0, 1, 4, 21, 63, 64, 127, 128, 192, 255]) {
        bytes[at] = value;
        judge(bytes);
      }
    }
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))('hostile bytes: seed %i (SEC-15, SEC-16)', (seed) => {
    const random = new Random(seed);
    let read = 0;
    for (let round = 0; round < 400; round++) {
      if (judge(plausible(random))) read++;
      if (judge(mutated(random))) read++;
      const noise = Uint8Array.from({ length: random.below(300) }, () => random.below(256));
      judge(noise);
      decodeOption(noise);
    }
    // Were everything refused at the door, nothing behind it would have been tried.
    expect(read).toBeGreaterThan(100);
  });

  it('hostile bytes: the largest message there can be takes no time to speak of, and gives no more than it holds', () => {
    const large = (unit: readonly number[], count = Math.floor((65536 - 16) / unit.length)) =>
      Uint8Array.from([134, 0, ...Array(14).fill(0), ...Array(count).fill(unit).flat()]);
    const shapes = [
      large([5, 1, 0, 0, 0, 0, 5, 0xdc]),
      large([31, 2, 0, 0, 0, 0, 2, 88, 1, 0x61, 0, 1, 0x62, 0, 0, 0]),
      large([31, 255, ...Array(6).fill(0), ...Array(677).fill([1, 0x61, 0]).flat(), 0]),
      large([21, 3, 0, 0, 0, 0, 1, 0x61, 0, 0, 0, 0, 0, 0, 0, 0, 5, 1, 0, 0, 0, 0, 5, 0xdc]),
      large([37, 255, ...Array(2038).fill(0x61)]),
      large([1, 1, 0, 0, 0, 0, 0, 0]),
    ];
    for (const bytes of shapes) {
      const start = performance.now();
      expect(judge(bytes)).toBe(true);
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });
});
