// SPDX-License-Identifier: MIT
// A trial from a seed, judged, and where it fails shrunk to the least that fails, written so that it can be repeated.

import { asShell, type Chance, type Operation, randomOperations } from './operations.ts';
import { shrink } from './shrink.ts';
import { network, runTrial, type Trial, type TrialOptions } from './trial.ts';

/** How long to look for a shorter sequence, milliseconds. */
const shrinkingMs = 180_000;

/**
 * @returns the trial, where the mirror agreed with the kernel after every operation
 * @throws Error with the least sequence of operations after which it does not
 */
export async function tryOut(chance: Chance, options: TrialOptions = {}): Promise<Trial> {
  const trial = await runTrial(randomOperations(chance), options);
  if (trial.failure.length === 0) return trial;
  const least = await leastFailure(trial, options);
  const report = [
    `seed ${chance.seed}, after ${trial.performed.length} operations${chance.hasFaults ? ' and faults' : ''}:`,
    ...trial.failure.slice(0, 20),
    '',
    `The least that fails (${least.words}):`,
    asShell(network, least.performed),
    '',
    ...least.failure.slice(0, 20),
  ].join('\n');
  // At once: the reports of a long run come when all its trials are done.
  console.log(report);
  throw new Error(report);
}

/** What is left of a failed trial when all is left out that it does not need to fail. */
export async function leastFailure(
  trial: Pick<Trial, 'performed' | 'failure'>,
  options: TrialOptions,
  timeLimitMs = shrinkingMs,
): Promise<{ performed: readonly Operation[]; failure: readonly string[]; words: string }> {
  let { failure } = trial;
  const fails = async (part: readonly Operation[]): Promise<boolean> => {
    const again = await runTrial(part.values(), options);
    if (again.failure.length > 0) failure = again.failure;
    return again.failure.length > 0;
  };
  const { items, attempts, isLeast } = await shrink(trial.performed, fails, timeLimitMs);
  const words = `${items.length} of ${trial.performed.length} operations, ${attempts} attempts`;
  const isAgain = items.length < trial.performed.length;
  return { performed: items, failure, words: isLeast ? words : `${words}, ${isAgain ? 'out of time' : 'never again'}` };
}
