// SPDX-License-Identifier: MIT
// Interleaved measuring: every contender once a round, in an order that changes, so that a busy minute of the machine
// falls on all of them. What is printed is the ratio to the named reference; absolute numbers travel badly.

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => Promise<number>} measure one run, in the unit of the bench
 */

/**
 * Runs all contenders `rounds` times.
 * @param {Contender[]} contenders the first is the reference
 * @returns {Promise<{ name: string, values: number[], ratios: number[] }[]>} a value and a ratio a round
 */
export async function interleave(contenders, rounds) {
  const rows = contenders.map(({ name }) => ({ name, values: [], ratios: [] }));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (turn + round) % contenders.length;
      rows[index].values.push(await contenders[index].measure());
    }
    for (const row of rows) row.ratios.push(row.values[round] / rows[0].values[round]);
  }
  return rows;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A table of medians with their range, and the median of the per-round ratios. */
export function format(rows, unit) {
  const cells = rows.map(({ name, values, ratios }) => [
    name,
    `${digits(median(values))} [${digits(Math.min(...values))}-${digits(Math.max(...values))}]`,
    digits(median(ratios)),
  ]);
  const table = [['contender', unit, 'x reference'], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Three significant digits. */
function digits(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
