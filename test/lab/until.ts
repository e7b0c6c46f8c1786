// SPDX-License-Identifier: MIT
// Waiting for a condition instead of for a time.

import { setTimeout as delay } from 'node:timers/promises';

/** Long enough for a busy two-core machine; a condition that holds is noticed within milliseconds. */
const patienceMs = 10_000;

/**
 * Asks again and again until the answer is neither `undefined` nor false, and returns it.
 * @param what completes the sentence "waited in vain for …"; a function tells the last state seen
 */
export async function until<T>(
  what: string | (() => string),
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = patienceMs,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${typeof what === 'string' ? what : what()}`);
    }
    await delay(pauseMs);
  }
}
