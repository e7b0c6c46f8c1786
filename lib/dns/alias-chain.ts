// SPDX-License-Identifier: MIT
// From the name that was asked for along its aliases to the records that are meant. What belongs to no name of that chain was
// not asked for, and is not believed (SEC-19).

import type { DnsRecord, RecordType } from './record.ts';

export interface ChainEnd {
  /** The last name of the chain. */
  readonly name: string;
  /** The aliases on the way, in order. */
  readonly aliases: readonly DnsRecord[];
  /** Records of that name. */
  readonly records: readonly DnsRecord[];
}

/** A chain of aliases that leads nowhere. */
export class AliasError extends Error {}

export const longestChain = 16;

/**
 * @param passed - names that earlier replies led through.
 * @throws AliasError when it leads in a circle, or further than longestChain
 */
export function followAliases(
  asked: string,
  type: RecordType,
  answers: readonly DnsRecord[],
  passed: ReadonlySet<string> = new Set(),
): ChainEnd {
  const targets = new Map<string, DnsRecord>();
  for (const record of answers)
    if (record.type === 'CNAME' && !targets.has(record.name)) targets.set(record.name, record);
  const seen = new Set(passed);
  const aliases: DnsRecord[] = [];
  let name = asked;
  // Who asks for aliases wants the first, not where it leads.
  while (type !== 'CNAME') {
    seen.add(name);
    const alias = targets.get(name);
    if (alias === undefined) break;
    const target = alias.data as string;
    if (seen.has(target)) throw new AliasError('its aliases lead in a circle');
    if (seen.size > longestChain) throw new AliasError(`it has more than ${longestChain} aliases`);
    aliases.push(alias);
    name = target;
  }
  return { name, aliases, records: answers.filter((record) => record.type === type && record.name === name) };
}
