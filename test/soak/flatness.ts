// SPDX-License-Identifier: MIT
// Whether a measurement that goes up and down grows in the long run: the median of the slopes between all pairs of
// samples (Theil and Sen). Up to a quarter of the samples may be anything without moving it far.

/** One measurement at one time. */
export interface Sample {
  /** Since the beginning, seconds. */
  seconds: number;
  value: number;
}

/** What the samples grow by in one second, in their unit; 0 for fewer than two moments. */
export function slope(samples: readonly Sample[]): number {
  const slopes: number[] = [];
  for (const [n, one] of samples.entries()) {
    for (const other of samples.slice(n + 1)) {
      if (other.seconds !== one.seconds) slopes.push((other.value - one.value) / (other.seconds - one.seconds));
    }
  }
  return median(slopes) ?? 0;
}

/** What the samples grow by from the first to the last, by their slope. */
export function growth(samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  return first && last ? slope(samples) * (last.seconds - first.seconds) : 0;
}

function median(values: number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted.length === 0 ? undefined : mean(sorted, middle);
}

function mean(sorted: readonly number[], middle: number): number {
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}
