// SPDX-License-Identifier: MIT
// `mif watch [nouns…]`: what changes. JSON: the snapshot in the first line, then one settled change a line; applied in
// order they give the next snapshot, always. A slow reader gets fewer, merged changes, never a longer queue.

import { openHost } from '../mif/mif.ts';
import type { HostChange, Noun, Snapshot } from '../snapshot/change.ts';
import { type Command, namespaceOf } from './command.ts';
import { arrival, departure, difference, singular } from './description.ts';
import { exitCodes } from './exit-code.ts';
import { changeText, snapshotText, touches } from './json-text.ts';
import { nouns, parseNouns, sourcesFor } from './nouns.ts';
import { printable, type Style } from './style.ts';

/** Changes are collected for this long, milliseconds: what belongs together arrives together. */
const settle = { people: 50, programs: 10 };

/** Lines that one change may fill on a screen, for each noun and kind of change. */
const linesAtMost = 20;

export const watch: Command = {
  name: 'watch',
  operands: '[NOUN…]',
  summary: 'what changes, settled and diffed, until a signal or nobody reads',
  details: [
    `NOUN is any of ${nouns.join(', ')}; all of them when none is given.`,
    `Changes are settled for ${settle.people} ms; with --json for ${settle.programs} ms.`,
    'With --json the first line is {"snapshot": …}, each further line one change.',
  ],
  options: ['json', 'netns'],
  maxOperands: nouns.length,
  endsBySignal: true,
  async run({ options, operands, output, style, stop }) {
    const asked = parseNouns('watch', operands);
    const settleMs = options.json ? settle.programs : settle.people;
    const sources = sourcesFor(asked);
    const host = await openHost({ ...namespaceOf(options), sources, settle: settleMs, signal: stop });
    try {
      // While somebody listens, snapshot() is the picture that the next change starts from: none is lost or told twice.
      host.on('change', () => {}).on('error', () => {});
      const changes = host.changes({ signal: stop });
      const snapshot = host.snapshot();
      if (options.json) await output.pour(jsonLine('{"snapshot":', snapshotText(snapshot, asked, ''), '}'));
      else await output.line(style.dim(`watching ${sizes(snapshot, asked)}`));
      for await (const change of changes) {
        if (!touches(change, asked)) continue;
        await output.pour(options.json ? jsonLine('', changeText(change, asked), '') : story(change, asked, style));
      }
    } finally {
      await host.close();
    }
    return exitCodes.ok;
  },
};

function* jsonLine(before: string, texts: Iterable<string>, after: string): Generator<string> {
  yield before;
  yield* texts;
  yield `${after}\n`;
}

function sizes(snapshot: Snapshot, asked: readonly Noun[]): string {
  return asked
    .map((noun) => `${snapshot[noun].length} ${snapshot[noun].length === 1 ? singular[noun] : noun}`)
    .join(', ');
}

/** Departures first, as messages of a session tell them (MIF-77). */
function* story(change: HostChange, asked: readonly Noun[], style: Style): Generator<string> {
  const time = style.dim(new Date().toTimeString().slice(0, 8));
  const cause = change.cause === 'kernel' ? '' : style.dim(`  (${change.cause})`);
  let margin = time;
  for (const text of facts(change, asked, style)) {
    yield `${margin}  ${text}${margin === time ? cause : ''}\n`;
    margin = ' '.repeat(8);
  }
}

function* facts(change: HostChange, asked: readonly Noun[], style: Style): Generator<string> {
  for (const noun of asked.toReversed()) yield* removed(change, noun, style);
  for (const noun of asked) yield* addedAndChanged(change, noun, style);
}

function* removed<N extends Noun>(change: HostChange, noun: N, style: Style): Generator<string> {
  yield* atMost(change.removed[noun] ?? [], noun, (record) => style.red(line('-', noun, departure(noun, record))));
}

function* addedAndChanged<N extends Noun>(change: HostChange, noun: N, style: Style): Generator<string> {
  yield* atMost(change.added[noun] ?? [], noun, (record) => style.green(line('+', noun, arrival(noun, record))));
  yield* atMost(change.changed[noun] ?? [], noun, ({ before, after }) =>
    style.yellow(line('~', noun, difference(noun, before, after))),
  );
}

const labelWidth = Math.max(...nouns.map((noun) => singular[noun].length));

function line(sign: string, noun: Noun, text: string): string {
  return `${sign} ${singular[noun].padEnd(labelWidth)} ${printable(text)}`;
}

function* atMost<T>(records: readonly T[], noun: Noun, text: (record: T) => string): Generator<string> {
  for (const record of records.slice(0, linesAtMost)) yield text(record);
  if (records.length > linesAtMost) yield `… and ${records.length - linesAtMost} more ${noun}`;
}
