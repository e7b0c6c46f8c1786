// SPDX-License-Identifier: MIT
// One comparison: a host made by random changes from a seed, random questions about it, our answers and the kernel's.

import { fileURLToPath } from 'node:url';
import { native } from '../../lib/binding/native.ts';
import { accessOf } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { readTraffic } from '../../lib/selection/question.ts';
import { Selector } from '../../lib/selection/selector.ts';
import { shrink } from '../differential/shrink.ts';
import { Conversation } from '../lab/conversation.ts';
import { Lab } from '../lab/lab.ts';
import { busyHost } from '../lab/topology/busy-host.ts';
import { type Explained, explainAtRandom } from './explained.ts';
import { type RouteQuestion, Questions } from './questions.ts';
import { changeAtRandom } from './random-host.ts';
import { disagreements, type KernelAnswer } from './verdict.ts';

const program = fileURLToPath(new URL('route-oracle.py', import.meta.url));

export interface Disagreement {
  question: RouteQuestion;
  about: string[];
  ours: unknown;
  kernel: KernelAnswer;
}

export interface Comparison {
  /** `ip` commands that made the host, those that the kernel accepted. */
  commands: string[];
  disagreements: Disagreement[];
  /** Of all answers: those with a path, and those that said to be approximate, which are not compared. */
  asked: number;
  paths: number;
  approximate: number;
  byDoubt: Record<string, number>;
  /** What explain() says, beside what select() says. */
  explained: Explained;
}

export interface ComparisonOptions {
  seed: number;
  /** Random changes that make the host. */
  changes: number;
  /** Questions of each family. */
  questions: number;
  /** Instead of random ones. */
  commands?: readonly string[];
  /** Instead of random ones. */
  asked?: readonly RouteQuestion[];
}

export async function compareWithKernel(options: ComparisonOptions): Promise<Comparison> {
  const { seed, questions } = options;
  await using lab = await Lab.up(busyHost);
  const accepted = await changeAtRandom(lab, options);
  await using host = await openHost({ netns: lab.path('host') });
  const monitor = native().openMonitor({ namespacePath: lab.path('host'), settleMs: 0, onWake: () => {} });
  const oracle = new Conversation(['nsenter', `--net=${lab.path('host')}`, '--', 'python3', program]);
  const explained = explainAtRandom(host, seed, options.asked === undefined ? questions : 0);
  const result: Comparison = {
    commands: accepted,
    disagreements: [],
    asked: 0,
    paths: 0,
    approximate: 0,
    byDoubt: {},
    explained,
  };
  try {
    const snapshot = accessOf(host).snapshot();
    const selector = new Selector(
      (words) => monitor.createSelector(words),
      () => snapshot.names,
    );
    for (const family of [4, 6] as const) {
      const maker = new Questions(seed + family, family, snapshot);
      const asked =
        options.asked?.filter(({ destination }) => destination.includes(':') === (family === 6)) ??
        Array.from({ length: questions }, () => maker.next());
      const answers = await oracle.ask<KernelAnswer[]>(asked);
      for (const [n, question] of asked.entries()) {
        const { destination, device = 0, tos = 0, ...told } = question;
        const traffic = { ...readTraffic(told, family), trafficClass: tos };
        const ours = selector.query({ destination, device, traffic });
        ++result.asked;
        if (ours.verdict === 'path') ++result.paths;
        if (ours.doubts.length > 0) {
          ++result.approximate;
          for (const doubt of ours.doubts) result.byDoubt[doubt] = (result.byDoubt[doubt] ?? 0) + 1;
          continue;
        }
        const kernel = answers[n]!;
        const about = isBeyondQuery(question, family) ? [] : disagreements(question, ours, kernel, snapshot);
        if (about.length > 0) result.disagreements.push({ question, about, ours, kernel });
      }
    }
  } finally {
    monitor.close();
    await oracle.end();
  }
  return result;
}

/**
 * The same, judged.
 * @throws Error with the shortest sequence of commands that makes a host about which they disagree; with what explain()
 * should not have said, where that is all
 */
export async function mustAgree(options: ComparisonOptions): Promise<Comparison> {
  const comparison = await compareWithKernel(options);
  const { explained } = comparison;
  if (comparison.disagreements.length === 0) {
    if (explained.disagreements.length === 0) return comparison;
    throw new Error([`seed ${options.seed}: of explanations`, ...explained.disagreements.slice(0, 10)].join('\n'));
  }
  let { disagreements } = comparison;
  const asked = disagreements.map(({ question }) => question);
  const fails = async (commands: readonly string[]): Promise<boolean> => {
    const again = await compareWithKernel({ ...options, commands, asked });
    if (again.disagreements.length > 0) ({ disagreements } = again);
    return again.disagreements.length > 0;
  };
  const { items } = await shrink(comparison.commands, fails, shrinkingMs);
  const report = [
    `seed ${options.seed}: ${comparison.disagreements.length} of ${comparison.asked} answers differ from the kernel's.`,
    'A host that shows it:',
    ...items,
    ...disagreements.slice(0, 10).map((each) => JSON.stringify(each)),
  ].join('\n');
  throw new Error(report);
}

/** How long to look for a smaller host, milliseconds: each takes three seconds to come up. */
const shrinkingMs = 240_000;

/**
 * A route query with an interface and an IPv6 source only prefers the interface, because no socket is bound to it
 * (ip6_route_output_flags). What we are asked about is a socket that is.
 */
function isBeyondQuery({ device, source }: RouteQuestion, family: 4 | 6): boolean {
  return family === 6 && device !== undefined && source !== undefined;
}
