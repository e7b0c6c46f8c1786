// SPDX-License-Identifier: MIT
// The words for what a host consists of, as operands of `ls` and `watch`.

import type { Noun } from '../snapshot/change.ts';
import { usageError } from './exit-code.ts';

/** In the order in which a host is told: what a record hangs on comes first. */
export const nouns = [
  'interfaces',
  'addresses',
  'nexthops',
  'routes',
  'rules',
  'neighbours',
  'pvds',
] as const satisfies readonly Noun[];

/** What `ls` has besides: parts of records that people look for by themselves. */
export const dnsNoun = 'dns';

/** Who is to tell of provisioning domains where these nouns are asked for: nobody is asked about what is not shown. */
export function sourcesFor(asked: readonly Noun[]): 'all' | 'kernel' {
  return asked.includes('pvds') ? 'all' : 'kernel';
}

/** The nouns among the operands of a command, in the order of `nouns`; all of them when there are none. */
export function parseNouns(command: string, operands: readonly string[]): readonly Noun[] {
  const unknown = operands.find((operand) => !nouns.some((noun) => noun === operand));
  if (unknown !== undefined) {
    throw usageError(`mif ${command}: there are no ${JSON.stringify(unknown)}`, `There are ${nouns.join(', ')}.`);
  }
  return operands.length === 0 ? nouns : nouns.filter((noun) => operands.includes(noun));
}
