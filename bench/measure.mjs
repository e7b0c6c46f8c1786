// SPDX-License-Identifier: MIT
// Interleaved measuring: every contender once a round, in an order that changes, so that a busy minute of the machine
// falls on all of them. What counts are ratios of the same round; absolute numbers travel badly.

/**
 * @typedef {Record<string, number>} Measures what one run found, by the keys of the columns
 * @typedef {{ name: string, measure: () => Promise<Measures | undefined> }} Contender undefined: it died
 * @typedef {{ name: string, runs: (Measures | undefined)[] }} Row
 * @typedef {{ key: string, title: string, isRatio?: boolean }} Column
 */

/**
 * Runs all contenders `rounds` times.
 * @param {Contender[]} contenders
 * @returns {Promise<Row[]>} a run a round
 */
export async function interleave(contenders, rounds) {
  const rows = contenders.map(({ name }) => ({ name, runs: [] }));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (turn + round) % contenders.length;
      rows[index].runs.push(await contenders[index].measure());
    }
  }
  return rows;
}

export function median(values) {
  return percentile(values, 0.5);
}

/** The value below which so many of all are, between two of them where it falls so. */
export function percentile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at % 1);
}

/** One column of a row, without the rounds in which it died. */
export function valuesOf(row, key) {
  return row.runs.map((run) => run?.[key]).filter((value) => value !== undefined);
}

/** The median of the ratios of two rows, round by round; undefined when they have no round in common. */
export function ratioOf(row, reference, key) {
  const ratios = row.runs
    .map((run, round) => run?.[key] / reference.runs[round]?.[key])
    .filter((ratio) => !Number.isNaN(ratio));
  return ratios.length === 0 ? undefined : median(ratios);
}

/**
 * A table in Markdown: medians with their range, and the ratio to the first row where a column asks for it.
 * @param {Row[]} rows
 * @param {Column[]} columns
 */
export function format(rows, columns) {
  const head = ['', ...columns.flatMap(({ title, isRatio }) => (isRatio ? [title, 'x'] : [title]))];
  const body = rows.map((row) => [
    row.name + mortality(row),
    ...columns.flatMap(({ key, isRatio }) => {
      const values = valuesOf(row, key);
      const ratio = ratioOf(row, rows[0], key);
      const cell = values.length === 0 ? '' : range(values);
      return isRatio ? [cell, ratio === undefined ? '' : digits(ratio)] : [cell];
    }),
  ]);
  const widths = head.map((_, column) => Math.max(3, ...[head, ...body].map((cells) => cells[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
}

function mortality({ runs }) {
  const deaths = runs.filter((run) => run === undefined).length;
  return deaths === 0 ? '' : ` (died in ${deaths} of ${runs.length})`;
}

function range(values) {
  const middle = digits(median(values));
  return values.length === 1 ? middle : `${middle} [${digits(Math.min(...values))}-${digits(Math.max(...values))}]`;
}

/** Three significant digits. */
export function digits(value) {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value === 0 ? '0' : value.toPrecision(3);
}
