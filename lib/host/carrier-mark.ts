// SPDX-License-Identifier: MIT
// Which firewall mark a question is asked with, where `via` requires one.

import { MifError } from '../binding/mif-error.ts';
import type { Traffic } from '../selection/question.ts';
import type { Carrier } from '../via/carrier.ts';

/** What is asked about, as it would be over a carrier. */
export function trafficOver(carrier: Pick<Carrier, 'mark'>, traffic: Traffic): Traffic {
  return carrier.mark === undefined ? traffic : { ...traffic, mark: markOver(carrier, traffic.mark) };
}

/**
 * @param mark - what the call was given; 0 for none.
 * @throws MifError ERR_MIF_INVALID_ARG where both are given and differ
 */
export function markOver({ mark: required }: Pick<Carrier, 'mark'>, mark: number): number {
  if (required === undefined || required === mark) return mark;
  if (mark === 0) return required;
  throw new MifError('ERR_MIF_INVALID_ARG', `option mark: it is ${mark}, and via requires ${required}`);
}
