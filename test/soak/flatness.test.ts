// SPDX-License-Identifier: MIT
// The judge of the soak test is judged: it sees a slow leak in noise, and does not take noise for a leak.

import { expect, it } from 'vitest';
import { Random } from '../lab/random.ts';
import { growth, type Sample, slope } from './flatness.ts';

/** A process of 80 MiB with noise of some, a collection now and then, and a leak of so many bytes a second. */
function samples(leak: number, seed: number): Sample[] {
  const random = new Random(seed);
  return Array.from({ length: 100 }, (_, seconds) => {
    const noise = random.below(4 << 20);
    const collected = random.chance(0.15) ? 20 << 20 : 0;
    return { seconds, value: (80 << 20) + seconds * leak + noise - collected };
  });
}

it('soak: noise is not taken for growth', () => {
  for (let seed = 1; seed <= 50; seed++) expect(Math.abs(growth(samples(0, seed)))).toBeLessThan(2 << 20);
});

it('soak: a leak is seen through the noise', () => {
  const leak = 100_000;
  for (let seed = 1; seed <= 50; seed++) {
    const found = slope(samples(leak, seed));
    expect(found).toBeGreaterThan(0.75 * leak);
    expect(found).toBeLessThan(1.25 * leak);
  }
});

it('soak: a step that stays is growth, one sample far off is not', () => {
  const flat = (value: number) => Array.from({ length: 50 }, (_, n) => ({ seconds: n, value }));
  const stepped = flat(10).map((sample, n) => (n < 25 ? sample : { ...sample, value: 20 }));
  expect(growth(stepped)).toBeGreaterThan(0);
  const oneOff = flat(10).map((sample, n) => (n === 49 ? { ...sample, value: 10_000 } : sample));
  expect(growth(oneOff)).toBe(0);
});

it('soak: too little to tell is no growth', () => {
  expect(growth([])).toBe(0);
  expect(growth([{ seconds: 1, value: 5 }])).toBe(0);
});
