// SPDX-License-Identifier: MIT
// A `via` that is a function of the candidates. It is the caller's own code: what it answers is checked, what it throws is
// theirs to see.

import { MifError } from '../binding/mif-error.ts';
import type { Carrier } from './carrier.ts';
import { type LocalPath, localPathOf } from './local-path.ts';

/** Answers with those that may carry, in order of preference; called at each use, and it must not wait. */
export type ViaChoice = (candidates: readonly LocalPath[]) => readonly LocalPath[];

/**
 * @param label - what to call the function in errors.
 * @throws MifError ERR_MIF_INVALID_ARG for an answer that is no list of candidates; what the function throws
 */
export function chosen(choose: ViaChoice, candidates: readonly Carrier[], label: string): Carrier[] {
  const carriers = new Map(candidates.map((carrier) => [localPathOf(carrier), carrier]));
  const answer: unknown = choose([...carriers.keys()]);
  if (!Array.isArray(answer)) throw invalid(label, notAList(answer));
  const taken = new Set<Carrier>();
  // Not map, which leaves out holes.
  for (const [at, path] of Array.from(answer as unknown[]).entries()) {
    const carrier = carriers.get(path as LocalPath);
    if (carrier === undefined)
      throw invalid(label, `number ${at} of what the function answered is none of the candidates`);
    if (taken.has(carrier)) throw invalid(label, `number ${at} of what the function answered is there twice`);
    taken.add(carrier);
  }
  return [...taken];
}

function notAList(answer: unknown): string {
  if (typeof (answer as { then?: unknown } | null | undefined)?.then !== 'function') {
    return 'the function did not answer with a list of candidates';
  }
  // Nobody will wait for it, so it must not end the program when it fails.
  Promise.resolve(answer).catch(() => {});
  return 'the function answered with a promise; it is asked while a call is under way, which cannot wait';
}

function invalid(label: string, why: string): MifError {
  return new MifError('ERR_MIF_INVALID_ARG', `option ${label}: ${why}`);
}
