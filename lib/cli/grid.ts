// SPDX-License-Identifier: MIT
// Aligned columns for people. Widths come from the first rows, so that a table of any length is printed while it is
// read; a later cell that is wider than its column pushes its own line only.

import { padEnd, printable, type Style, widthOf } from './style.ts';

export interface Column<T> {
  title: string;
  /** Empty for nothing to say. */
  cell: (record: T) => string;
  /** Numbers stand at the right. */
  right?: boolean;
}

/** Rows that decide about widths. */
const sampleSize = 1000;

/** Whole lines; none at all without records. */
export function* gridLines<T>(columns: readonly Column<T>[], records: Iterable<T>, style: Style): Generator<string> {
  const rows = rowsOf(columns, records);
  const sample: string[][] = [];
  // Not `for … of`, which would end the rows when it ends.
  let next = rows.next();
  for (; !next.done && sample.length < sampleSize; next = rows.next()) sample.push(next.value);
  if (sample.length === 0) return;
  const isWhole = next.done === true;
  if (!next.done) sample.push(next.value);
  const widths = columns.map((_, at) => Math.max(...sample.map((row) => widthOf(row[at]!))));
  // A column that has nothing to say is left out, once that is certain.
  const shown = columns.flatMap((column, at) =>
    isWhole && widths[at] === 0 ? [] : [{ at, right: column.right, width: Math.max(widths[at]!, column.title.length) }],
  );
  const line = (cells: readonly string[]) =>
    shown
      .map(({ at, right, width }) => (right ? cells[at]!.padStart(width) : padEnd(cells[at]!, width)))
      .join('  ')
      .trimEnd();
  yield `${style.dim(line(columns.map((column) => column.title)))}\n`;
  for (const row of sample) yield `${line(row)}\n`;
  for (const row of rows) yield `${line(row)}\n`;
}

function* rowsOf<T>(columns: readonly Column<T>[], records: Iterable<T>): Generator<string[]> {
  for (const record of records) yield columns.map((column) => printable(column.cell(record)));
}
