// SPDX-License-Identifier: MIT
// Random questions to a host, answered by select() and by explain(): they must say the same, each candidate must have a
// reason, and whoever follows a hint must get what it promises.

import { isMifError } from '../../lib/binding/mif-error.ts';
import type { Host } from '../../lib/host/host.ts';
import type { SelectOptions } from '../../lib/host/select-question.ts';
import type { Candidate } from '../../lib/selection/candidate.ts';
import type { Explanation } from '../../lib/selection/explanation.ts';
import { Random } from '../lab/random.ts';
import { Questions } from './questions.ts';

export interface Explained {
  asked: number;
  paths: number;
  rejected: number;
  /** Hints that were followed. */
  hints: number;
  /** One line each. */
  disagreements: string[];
}

/** @param questions - of each family. */
export function explainAtRandom(host: Host, seed: number, questions: number): Explained {
  const snapshot = host.snapshot();
  const random = new Random(seed);
  const domains = snapshot.pvds.map(({ id }) => id);
  const names = Array.from(snapshot.interfaces, ({ name }) => name);
  const result: Explained = { asked: 0, paths: 0, rejected: 0, hints: 0, disagreements: [] };
  for (const family of [4, 6] as const) {
    const maker = new Questions(seed + family, family, snapshot);
    for (let n = 0; n < questions; ++n) {
      const { destination: bare, device, tos = 0, ...told } = maker.next();
      const options: SelectOptions = { ...told, dscp: tos >> 2, via: device };
      if (domains.length > 0 && random.chance(0.2)) options.via = random.pick(domains);
      else if (random.chance(0.1)) options.via = [random.pick(names), random.pick(names), 'no-such-link'];
      const isZoned = /^fe80:/.test(bare) && random.chance(0.5);
      const destination = isZoned ? `${bare}%${random.pick(names)}` : bare;
      judge(host, destination, options, result);
    }
  }
  return result;
}

function judge(host: Host, destination: string, options: SelectOptions, result: Explained): void {
  const before = selected(host, destination, options);
  const explanation = explained(host, destination, options);
  const after = selected(host, destination, options);
  const about: string[] = [];
  // What lapses meanwhile is neither's fault.
  if (![before, after].includes(outcomeOf(explanation))) {
    about.push(`select says ${after}, explain ${outcomeOf(explanation)}`);
  }
  ++result.asked;
  if (typeof explanation !== 'string') {
    about.push(...flawsOf(explanation));
    const { chosen, candidates } = explanation;
    if (chosen !== null) ++result.paths;
    for (const candidate of candidates) {
      if (candidate.verdict === 'rejected') ++result.rejected;
      if (candidate.hint === undefined) continue;
      ++result.hints;
      about.push(...disappointments(host, destination, options, candidate));
    }
  }
  for (const each of about) result.disagreements.push(`${JSON.stringify({ destination, ...options })}: ${each}`);
}

/** The path, or the code and message of what is thrown. */
function selected(host: Host, destination: string, options: SelectOptions): string {
  try {
    return JSON.stringify(host.select(destination, options));
  } catch (error) {
    return thrown(error);
  }
}

function explained(host: Host, destination: string, options: SelectOptions): Explanation | string {
  try {
    return host.explain(destination, options);
  } catch (error) {
    return thrown(error);
  }
}

function thrown(error: unknown): string {
  if (!isMifError(error)) throw error;
  return `${error.code} ${error.message}`;
}

function outcomeOf(explanation: Explanation | string): string {
  if (typeof explanation === 'string') return explanation;
  const { chosen, error } = explanation;
  return chosen === null ? `${error?.code} ${error?.message}` : JSON.stringify(chosen);
}

function flawsOf({ chosen, candidates, rules, routes, warnings }: Explanation): string[] {
  const flaws: string[] = [];
  const winners = candidates.filter(({ verdict }) => verdict === 'chosen');
  if (winners.length !== (chosen === null ? 0 : 1)) flaws.push(`${winners.length} candidates are chosen`);
  const [first] = candidates;
  if (chosen !== null && (first?.interface !== chosen.interface || first.source !== chosen.source)) {
    flaws.push(`the first candidate is ${first?.interface} ${first?.source}`);
  }
  const texts = [...candidates, ...rules, ...routes].map(({ reason }) => reason);
  for (const text of [...texts, ...warnings]) {
    if (!/\S/.test(text) || /undefined|null|NaN/.test(text)) flaws.push(`a reason is '${text}'`);
  }
  if (candidates.some((candidate) => candidate.interface === '')) flaws.push('a candidate has no interface');
  return flaws;
}

/** What of a hint does not lead to the candidate. */
function disappointments(host: Host, destination: string, options: SelectOptions, candidate: Candidate): string[] {
  const [, wanted] = /^Ask with (.*)\.$/.exec(candidate.hint ?? '') ?? [];
  // Bringing a link up would be another host.
  if (wanted === undefined) return [];
  return wanted.split(', or with ').flatMap((each) => {
    const [name = '', value = ''] = each.split(' ');
    const change = { [name]: name === 'mark' || name === 'uid' ? Number(value) : value };
    const way = selected(host, destination, { ...options, ...change });
    const got = way.startsWith('{') ? JSON.parse(way) : undefined;
    const isKept = got?.interface === candidate.interface && (name !== 'source' || got.source === value);
    return isKept ? [] : [`'${each}' should lead to ${candidate.interface}, but: ${way}`];
  });
}
