// SPDX-License-Identifier: MIT
// The policy table of RFC 6724 section 2.1 as data (SAS-09): which destinations come first, and which source goes with which
// destination. The longest prefix decides.

import { parsePrefix } from '../address/prefix.ts';
import { MifError } from '../binding/mif-error.ts';
import { shown } from './shown.ts';

/** What the table says of the addresses in a prefix. */
export interface PolicyRow {
  /** `2001:db8::/32`; an IPv4 prefix stands for the IPv4-mapped one. */
  readonly prefix: string;
  /** Of a destination: higher comes first. 0 to 255. */
  readonly precedence: number;
  /** A source and a destination go together when theirs are equal. 0 to 2^32 - 1. */
  readonly label: number;
}

/** The table that RFC 6724 gives; another one is best made from it: `[...defaultPolicy, { prefix, precedence, label }]`. */
export const defaultPolicy: readonly PolicyRow[] = Object.freeze(
  [
    { prefix: '::1/128', precedence: 50, label: 0 },
    { prefix: '::/0', precedence: 40, label: 1 },
    { prefix: '::ffff:0:0/96', precedence: 35, label: 4 },
    { prefix: '2002::/16', precedence: 30, label: 2 },
    { prefix: '2001::/32', precedence: 5, label: 5 },
    { prefix: 'fc00::/7', precedence: 3, label: 13 },
    { prefix: '::/96', precedence: 1, label: 3 },
    { prefix: 'fec0::/10', precedence: 1, label: 11 },
    { prefix: '3ffe::/16', precedence: 1, label: 12 },
  ].map((row) => Object.freeze(row)),
);

/** Precedence is one of eight bits in the rank of a destination (native/selection/destination-order.cc). */
export const mostPrecedence = 255;
const mostLabel = 0xffff_ffff;

/**
 * A table as words for the native library. Of several rows for one prefix the last holds.
 * @throws MifError ERR_MIF_INVALID_ARG, naming the row
 */
export function packPolicy(rows: unknown): number[] {
  if (!Array.isArray(rows)) throw invalid('policy', rows, 'an array of rows');
  const words = [rows.length];
  // Not forEach, which leaves out holes.
  for (const [at, row] of rows.entries()) words.push(...packRow(row, `policy[${at}]`));
  return words;
}

function packRow(row: unknown, name: string): number[] {
  if (typeof row !== 'object' || row === null) throw invalid(name, row, 'a row of the policy table');
  const { prefix, precedence, label } = row as Partial<Record<keyof PolicyRow, unknown>>;
  const parsed = typeof prefix === 'string' ? parsePrefix(prefix) : undefined;
  if (parsed === undefined) throw invalid(`${name}.prefix`, prefix, 'an address prefix such as 2001:db8::/32');
  const { address, length } = parsed;
  const [a, b = 0, c = 0, d = 0] = address.groups;
  return [
    ...[address.family, a, b, c, d, length],
    number(`${name}.precedence`, precedence, mostPrecedence),
    number(`${name}.label`, label, mostLabel),
  ];
}

function number(name: string, value: unknown, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw invalid(name, value, `a whole number from 0 to ${most}`);
}

function invalid(name: string, value: unknown, allowed: string): MifError {
  return new MifError('ERR_MIF_INVALID_ARG', `option ${name}: ${shown(value)} is not ${allowed}`);
}
