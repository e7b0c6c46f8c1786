// SPDX-License-Identifier: MIT
// `mif explain DEST`: every candidate and why it won or lost. That there is no way is an answer, told in the same form, but
// a failure for whoever asks by exit code.

import { openHost } from '../mif/mif.ts';
import type { Candidate } from '../selection/candidate.ts';
import type { ExplainedRule, Explanation } from '../selection/explanation.ts';
import { type Command, namespaceOf, viaOf } from './command.ts';
import { exitCodeOf, exitCodes, usageError } from './exit-code.ts';
import { gridLines } from './grid.ts';
import { printable, type Style } from './style.ts';
import { ruleAction, ruleSelector, tableName } from './wording.ts';

export const explain: Command = {
  name: 'explain',
  operands: 'DEST',
  summary: 'which way traffic would go, every other candidate, and why it won or lost',
  details: [
    'DEST is an IP address, of link-local ones with zone: fe80::1%eth0.',
    'Without --via: what the kernel does with a socket that nobody bound.',
    'With --from, --mark and --uid: the source, firewall mark and user of the traffic.',
  ],
  options: ['json', 'netns', 'via', 'from', 'mark', 'uid'],
  maxOperands: 1,
  async run({ options, operands, output, style, stop }) {
    const [destination] = operands;
    if (destination === undefined) throw usageError('mif explain: which destination?', 'Name it as an IP address.');
    const host = await openHost({ ...namespaceOf(options), signal: stop });
    try {
      const { from: source, mark, uid } = options;
      const explanation = host.explain(destination, { ...viaOf(options), source, mark, uid });
      if (options.json) await output.line(JSON.stringify(explanation));
      else await output.pour(explanationLines(explanation, style), stop);
      return explanation.error === undefined ? exitCodes.ok : exitCodeOf(explanation.error);
    } finally {
      await host.close();
    }
  },
};

/** For people, whole lines: the answer, the candidates, the rules, what may go wrong. */
export function* explanationLines(explanation: Explanation, style: Style): Generator<string> {
  const { candidates, rules, warnings, doubts } = explanation;
  yield `${answer(explanation, style)}\n`;
  yield* section('candidates', candidates, candidateColumns, style);
  yield* section('rules', rules, ruleColumns, style);
  const hints = candidates.filter(({ hint }) => hint !== undefined);
  yield* section('to change it', hints, hintColumns, style);
  if (warnings.length + doubts.length > 0) yield '\n';
  for (const warning of warnings) yield `${style.yellow('warning:')} ${printable(warning)}\n`;
  if (doubts.length > 0) yield `${style.yellow('not certain:')} ${doubts.join(', ')}\n`;
}

function answer({ destination, chosen, error }: Explanation, style: Style): string {
  if (chosen === null) return style.red(printable(error?.message ?? ''));
  const words = [
    style.bold(destination),
    chosen.type === 'unicast' ? '' : chosen.type,
    `by ${style.green(printable(chosen.interface))}`,
    chosen.source === null ? '' : `from ${chosen.source}`,
    chosen.gateway === null ? '' : `via ${chosen.gateway}`,
    chosen.pvd === undefined ? '' : `in ${printable(chosen.pvd)}`,
  ];
  return words.filter((word) => word !== '').join(' ');
}

type Columns<T> = Parameters<typeof gridLines<T>>[0];

function* section<T>(title: string, records: readonly T[], columns: Columns<T>, style: Style): Generator<string> {
  if (records.length === 0) return;
  yield `\n${style.bold(title)}\n`;
  for (const line of gridLines(columns, records, style)) yield `  ${line}`;
}

const candidateColumns: Columns<Candidate> = [
  { title: 'VERDICT', cell: ({ verdict }) => verdict },
  { title: 'INTERFACE', cell: (candidate) => candidate.interface },
  { title: 'SOURCE', cell: ({ source }) => source ?? '-' },
  { title: 'GATEWAY', cell: ({ gateway }) => gateway ?? '' },
  { title: 'TABLE', cell: ({ table }) => (table === undefined ? '' : tableName(table)) },
  { title: 'REASON', cell: ({ reason }) => reason },
];

const ruleColumns: Columns<ExplainedRule> = [
  { title: 'PRIORITY', cell: ({ rule }) => String(rule.priority), right: true },
  { title: 'SELECTS', cell: ({ rule }) => ruleSelector(rule) },
  { title: 'ACTION', cell: ({ rule }) => ruleAction(rule) },
  { title: 'REASON', cell: ({ reason }) => reason },
];

const hintColumns: Columns<Candidate> = [
  { title: 'INTERFACE', cell: (candidate) => candidate.interface },
  { title: 'SOURCE', cell: ({ source }) => source ?? '-' },
  { title: 'HINT', cell: ({ hint }) => hint ?? '' },
];
