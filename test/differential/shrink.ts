// SPDX-License-Identifier: MIT
// Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002): the least of a
// sequence that still fails, by leaving out ever smaller parts. Least means that none of what is left can be spared,
// unless time was up before.

export interface Shrunk<T> {
  items: readonly T[];
  /** How often it was tried. */
  attempts: number;
  /** Whether nothing more can be left out; false when time was up. */
  isLeast: boolean;
}

/**
 * @param items fail as they are
 * @param fails whether a part of them, in the same order, fails too
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
  timeLimitMs: number,
): Promise<Shrunk<T>> {
  const deadline = performance.now() + timeLimitMs;
  let kept = items;
  let attempts = 0;
  let size = Math.ceil(kept.length / 2);
  while (kept.length > 1) {
    let hasShrunk = false;
    // From the end: what failed failed there, and what came after most of it is least needed.
    for (let end = kept.length; end > 0; end = Math.min(end - size, kept.length)) {
      if (performance.now() >= deadline) return { items: kept, attempts, isLeast: false };
      const part = [...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)];
      if (part.length === 0) continue;
      ++attempts;
      if (!(await fails(part))) continue;
      kept = part;
      hasShrunk = true;
    }
    if (size === 1 && !hasShrunk) break;
    if (size > 1) size = Math.ceil(size / 2);
  }
  return { items: kept, attempts, isLeast: true };
}
