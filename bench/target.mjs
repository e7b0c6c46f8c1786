// SPDX-License-Identifier: MIT
// What a bench has to reach, and whether it did: a bound on the ratio of two rows, or on a value. A target is no test; it
// is printed beside the table.

import { digits, median, ratioOf, valuesOf } from './measure.mjs';

/**
 * @typedef {object} Target
 * @property {string} row the contender that is held to it
 * @property {string} key the column
 * @property {string} [to] the contender that it is divided by; absent for the value itself
 * @property {number} [most] must be at most this
 * @property {number} [least] must be at least this
 * @property {number} [goal] what we are here for, on the same side
 * @property {'median' | 'worst'} [of] of the values of all rounds; the median if absent
 */

/**
 * @param {Target[]} targets
 * @param {import('./measure.mjs').Row[]} rows
 */
export function judge(targets, rows) {
  return targets.map((target) => {
    const value = measuredOf(target, rows);
    const bound = target.most ?? target.least;
    const sign = target.most === undefined ? '>=' : '<=';
    const reaches = (limit) => (target.most === undefined ? value >= limit : value <= limit);
    const what = `${target.row}${target.to === undefined ? `, ${target.key}` : ` / ${target.to}, ${target.key}`}`;
    if (value === undefined) return `- ${what} ${sign} ${bound}: not measured`;
    const must = reaches(bound) ? 'met' : 'MISSED';
    const goal = target.goal === undefined ? '' : `, goal ${target.goal} ${reaches(target.goal) ? 'met' : 'missed'}`;
    return `- ${what}: ${digits(value)}, must be ${sign} ${bound} ${must}${goal}`;
  });
}

function measuredOf({ row, key, to, most, of }, rows) {
  const own = rows.find(({ name }) => name === row);
  const other = rows.find(({ name }) => name === to);
  if (own === undefined || (to !== undefined && other === undefined)) return undefined;
  if (to !== undefined) return ratioOf(own, other, key);
  const values = valuesOf(own, key);
  if (values.length === 0) return undefined;
  if (of === 'worst') return most === undefined ? Math.min(...values) : Math.max(...values);
  return median(values);
}
