// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Rest } from '../../../lib/host/rest.ts';

describe('rest', () => {
  let rest: Rest;
  let answers: number;
  beforeEach(() => {
    vi.useFakeTimers();
    // Not at the beginning of the clock, where everything would have just happened.
    vi.advanceTimersByTime(10_000);
    rest = new Rest(() => performance.now());
    answers = 0;
  });
  afterEach(() => vi.useRealTimers());

  const begin = () => rest.begin(() => ++answers);
  /** How long from a wake to its answer, milliseconds. */
  const lengthOfNext = () => {
    const before = answers;
    const start = performance.now();
    begin();
    while (answers === before && performance.now() < start + 5_000) vi.advanceTimersByTime(1);
    return performance.now() - start;
  };

  it('rest: wakes in a row have one answer, 50 ms after the first', () => {
    begin();
    vi.advanceTimersByTime(49);
    begin();
    expect(answers).toBe(0);
    vi.advanceTimersByTime(1);
    expect(answers).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(answers).toBe(1);
  });

  it('rest: doubles up to a second while wakes follow one another, and is short again after a pause', () => {
    expect(Array.from({ length: 7 }, lengthOfNext)).toEqual([50, 100, 200, 400, 800, 1000, 1000]);
    vi.advanceTimersByTime(1000);
    expect(lengthOfNext()).toBe(50);
  });

  it('rest: one that was ended has no answer, and the next one has', () => {
    begin();
    rest.end();
    vi.advanceTimersByTime(5_000);
    expect(answers).toBe(0);
    expect(lengthOfNext()).toBe(50);
  });
});
