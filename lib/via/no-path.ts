// SPDX-License-Identifier: MIT
// That no network will do, with the reason for each.

import { type AttemptReport, MifError } from '../binding/mif-error.ts';

/** As many reasons as a message can bear; the error has all of them. */
const mostReasons = 12;

/** @param refusals - one for each network that was looked at. */
export function noPath(refusals: readonly MifError[]): MifError {
  const [first] = refusals;
  if (first === undefined) return new MifError('ERR_MIF_NO_PATH', 'there is no network to choose from');
  // What is wrong with the question is wrong over every network.
  if (refusals.every(({ code }) => code === 'ERR_MIF_INVALID_ARG')) return first;
  const reasons = refusals.slice(0, mostReasons).map(({ message }) => message);
  const more = refusals.length - reasons.length;
  return new MifError(
    'ERR_MIF_NO_PATH',
    `none of ${refusals.length} networks will do: ${reasons.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    { attempts: refusals.map(refused), cause: new AggregateError(refusals) },
  );
}

function refused(error: MifError): AttemptReport {
  const { interface: name, pvd, destination: address } = error;
  return { address, interface: name, pvd, startedMs: 0, endedMs: 0, outcome: 'refused', error };
}
