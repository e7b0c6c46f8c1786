// SPDX-License-Identifier: MIT
// How soon the API of a captive portal is asked again: often at first while somebody may be logging in, and then less and less;
// when a session is about to be over; otherwise as rarely as any check of a network (PVD-48). Pure.

const captiveFirstMs = 10_000;
const captiveLastMs = 300_000;
const restMs = 600_000;
const failureFirstMs = 30_000;

/** What the last request came to. */
export type LastAnswer =
  | { readonly kind: 'captive' /** How often in a row, this one included. */; readonly count: number }
  | { readonly kind: 'open'; readonly secondsRemaining: number | undefined }
  | { readonly kind: 'failed'; readonly count: number };

/** @param random - from 0 to less than 1 */
export function pauseAfter(answer: LastAnswer, random: number): number {
  switch (answer.kind) {
    case 'captive':
      return backOff(captiveFirstMs, captiveLastMs, answer.count) * (1 + random / 4);
    case 'failed':
      return backOff(failureFirstMs, restMs, answer.count) * (1 + random / 4);
    default: {
      const rest = restMs * (1 - random / 4);
      // A little after the end, not all hosts at once.
      const end = answer.secondsRemaining === undefined ? rest : answer.secondsRemaining * 1000 + random * 5_000;
      return Math.max(captiveFirstMs, Math.min(rest, end));
    }
  }
}

function backOff(firstMs: number, lastMs: number, count: number): number {
  return Math.min(lastMs, firstMs * 2 ** Math.min(count - 1, 16));
}
