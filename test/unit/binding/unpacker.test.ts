// SPDX-License-Identifier: MIT
// Words as native/contract/packer.h writes them, made by hand here; native.test.ts reads real ones.

import { describe, expect, it } from 'vitest';
import { codeOf, flagNames, nameOf, Unpacker } from '../../../lib/binding/unpacker.ts';

const now = 1_000_000;
const context = { now, interfaceName: (index: number) => `if${index}` };
const unpack = (...words: number[]) => new Unpacker(Uint32Array.from(words), context);

/** Length and bytes, most significant first, padded to a word. */
function packedBytes(bytes: Uint8Array): number[] {
  const words = [bytes.length];
  for (const [at, byte] of bytes.entries()) {
    if (at % 4 === 0) words.push(0);
    words[words.length - 1] = ((words.at(-1) as number) | (byte << (24 - 8 * (at % 4)))) >>> 0;
  }
  return words;
}

const packedText = (text: string) => packedBytes(new TextEncoder().encode(text));

/** A moment some milliseconds from now, low word first. */
const packedMoment = (fromNow: number) => [(now + fromNow) >>> 0, Math.floor((now + fromNow) / 2 ** 32)];

describe('unpacker', () => {
  it.each(['', 'a', 'lo', 'eth0', 'enp0s31f6', 'wlp0s20f0u1u4i2', 'größe', 'ethé', '日本', '🦆🦆🦆', 'abc🦆'])(
    'unpacker: reads the text %j, and ends where it ends',
    (text) => {
      const u = unpack(...packedText(text), 0xabcdef01);
      expect(u.string()).toBe(text);
      expect(u.word()).toBe(0xabcdef01);
      expect(u.remaining).toBe(0);
    },
  );

  it('unpacker: a name that is not UTF-8 is shown as far as it can be, and nothing after it is lost', () => {
    const u = unpack(...packedBytes(Uint8Array.of(0x65, 0x74, 0x68, 0xff, 0x30)), 7);
    expect(u.string()).toBe('eth\u{fffd}0');
    expect(u.word()).toBe(7);
  });

  it('unpacker: reads link-layer addresses of any length', () => {
    expect(unpack(...packedBytes(Uint8Array.of(0x02, 0, 0, 0, 0xab, 0x0c))).mac()).toBe('02:00:00:00:ab:0c');
    expect(unpack(...packedBytes(new Uint8Array(20).fill(0xff))).mac()).toBe(
      'ff'.repeat(20).replace(/..(?!$)/g, '$&:'),
    );
    expect(unpack(0).mac()).toBe('');
  });

  it('unpacker: reads addresses and prefixes of both families, and absent ones', () => {
    expect(unpack(4, 0xc0000201).address()).toBe('192.0.2.1');
    expect(unpack(6, 0x20010db8, 0, 0, 1).address()).toBe('2001:db8::1');
    expect(unpack(0).address()).toBe('');
    expect(unpack(4 | (24 << 8), 0xc0000200).prefix()).toBe('192.0.2.0/24');
    expect(unpack(4 | (32 << 8), 0xffffffff).prefix()).toBe('255.255.255.255/32');
    expect(unpack(6 | (128 << 8), 0xffffffff, 0, 0, 0xffffffff).prefix()).toBe('ffff:ffff::ffff:ffff/128');
    expect(unpack(6, 0, 0, 0, 0).prefix()).toBe('::/0');
  });

  it('unpacker: addresses that share a slot of the cache stay apart', () => {
    // The same low bits, again and again, in both families.
    const addresses: [number[], string][] = [
      [[4, 0x0a000001], '10.0.0.1'],
      [[6, 0x0a000001, 0, 0, 0], 'a00:1::'],
      [[4, 0x0a010001], '10.1.0.1'],
      [[6, 0xfe800000, 0, 0, 1], 'fe80::1'],
      [[6, 0xfe800000, 1, 0, 1], 'fe80:0:0:1::1'],
      [[6, 0xfe800000, 0, 1, 1], 'fe80::1:0:1'],
    ];
    const twice = [...addresses, ...addresses];
    const u = unpack(...twice.flatMap(([words]) => words));
    expect(twice.map(() => u.address())).toEqual(twice.map(([, text]) => text));
  });

  it.each([
    [0, 0],
    [999, 0],
    [1000, 1],
    [59_999, 59],
    [-1, 0],
    [-100_000, 0],
    [5_000_000_000, 5_000_000],
    [2 ** 40, Math.floor(2 ** 40 / 1000)],
  ])('unpacker: a lifetime that ends in %i ms has %i whole seconds left (MIF-39)', (fromNow, seconds) => {
    expect(unpack(...packedMoment(fromNow)).lifetime()).toBe(seconds);
    expect(unpack(...packedMoment(fromNow)).seconds()).toBe(seconds);
  });

  it('unpacker: a lifetime without end is null, and 2^32 - 1 ms is none of them', () => {
    expect(unpack(0xffffffff, 0xffffffff).lifetime()).toBeNull();
    expect(unpack(0xffffffff, 0).lifetime()).toBe(Math.floor((0xffffffff - now) / 1000));
  });

  it('unpacker: reads lists, and the names of interfaces from its context', () => {
    const u = unpack(3, 10, 20, 30, 0);
    expect(u.list(() => u.interfaceName(u.word()))).toEqual(['if10', 'if20', 'if30']);
    expect(u.list(() => u.word())).toEqual([]);
  });

  it.each([
    ['a word', (u: Unpacker) => u.word(), []],
    ['a text', (u: Unpacker) => u.string(), [5, 0x61616161]],
    ['an address', (u: Unpacker) => u.address(), [6, 1, 2, 3]],
    ['a list', (u: Unpacker) => u.list(() => u.word()), [0xffffffff, 1]],
  ] as const)('unpacker: %s that ends early is an error, not an invention', (_, read, words) => {
    expect(() => read(unpack(...words))).toThrow(RangeError);
  });

  it('unpacker: what the contract has no name for keeps its number', () => {
    const names = { 0: 'none', 7: 'seven' };
    expect([nameOf(names, 7), nameOf(names, 0), nameOf(names, 8)]).toEqual(['seven', 'none', '8']);
    expect([codeOf(names, 'seven'), codeOf(names, 'none'), codeOf(names, '8')]).toEqual([7, 0, undefined]);
    const flags = [
      [1, 'one'],
      [4, 'four'],
      [0x80000000, 'last'],
    ] as const;
    expect(flagNames(flags, 0)).toEqual([]);
    expect(flagNames(flags, 5)).toEqual(['one', 'four']);
    expect(flagNames(flags, 0x80000012)).toEqual(['0x2', '0x10', 'last']);
  });

  it('unpacker: equal flags are one list that nobody can change', () => {
    const flags = [[1, 'one']] as const;
    const first = flagNames(flags, 1);
    expect(flagNames(flags, 1)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    // More combinations than are remembered: what a hostile table could show must not fill the memory.
    for (let word = 0; word < 2000; word++) expect(flagNames(flags, word).includes('one')).toBe(word % 2 === 1);
    expect(flagNames(flags, 1)).not.toBe(first);
  });
});
