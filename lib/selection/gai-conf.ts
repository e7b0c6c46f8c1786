// SPDX-License-Identifier: MIT
// The configuration file of getaddrinfo, gai.conf(5), as a policy table. Reads what the C library reads and passes over
// what it passes over. That has two tables, of labels and of precedences, each with a longest prefix of its own; here
// they become one that says the same of every address.

import { formatIpAddress } from '../address/ip-address.ts';
import { networkOf, type Prefix, parsePrefix, prefixContains } from '../address/prefix.ts';
import { defaultPolicy, mostPrecedence, type PolicyRow } from './policy.ts';

/** A line that says nothing here. */
export interface SkippedLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export interface GaiConf {
  /** Absent when the file has neither label nor precedence. */
  readonly rows?: readonly PolicyRow[];
  /** `scopev4` and `reload`, which mean nothing here, and what nobody understands. */
  readonly skipped: readonly SkippedLine[];
}

interface Entry {
  readonly prefix: string;
  readonly length: number;
  readonly value: number;
}

const mostOf = { label: 0x7fff_ffff, precedence: mostPrecedence };
type Keyword = keyof typeof mostOf;

/** Where a file has rows, and none for every address, this one is added (as the C library does). */
const everything = { label: 1, precedence: 40 };

export function parseGaiConf(text: string): GaiConf {
  const entries: Record<Keyword, Entry[]> = { label: [], precedence: [] };
  const skipped: SkippedLine[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/);
    if (words[0] === '') continue;
    const keyword = words[0] as Keyword;
    const entry = Object.hasOwn(mostOf, keyword) ? entryOf(words, mostOf[keyword]) : undefined;
    if (entry === undefined) skipped.push({ line: at + 1, text: line.trim() });
    else entries[keyword].push(entry);
  }
  if (entries.label.length === 0 && entries.precedence.length === 0) return { skipped };
  return { rows: merge(completed(entries.label, 'label'), completed(entries.precedence, 'precedence')), skipped };
}

/** Further words are ignored, as by the C library. */
function entryOf([, prefixText = '', valueText = '']: readonly string[], most: number): Entry | undefined {
  const prefix: Prefix | undefined = parsePrefix(prefixText.includes('/') ? prefixText : `${prefixText}/128`);
  const value = /^\d{1,10}$/.test(valueText) ? Number(valueText) : Number.POSITIVE_INFINITY;
  if (prefix?.address.family !== 6 || value > most) return undefined;
  return { prefix: networkOf(formatIpAddress(prefix.address), prefix.length), length: prefix.length, value };
}

/** A kind of which the file has nothing is the standard one. */
function completed(entries: readonly Entry[], keyword: Keyword): readonly Entry[] {
  if (entries.length === 0) {
    return defaultPolicy.map((row) => ({
      prefix: row.prefix,
      length: Number(row.prefix.split('/')[1]),
      value: row[keyword],
    }));
  }
  if (entries.some(({ length }) => length === 0)) return entries;
  return [...entries, { prefix: '::/0', length: 0, value: everything[keyword] }];
}

/** A row for each prefix of either: the longest of them that an address is in is in the longest of each. */
function merge(labels: readonly Entry[], precedences: readonly Entry[]): PolicyRow[] {
  const prefixes = new Set([...labels, ...precedences].map(({ prefix }) => canonical(prefix)));
  return [...prefixes].map((prefix) => ({
    prefix,
    precedence: valueAt(precedences, prefix),
    label: valueAt(labels, prefix),
  }));
}

/** Of the longest entry around a prefix; the last of equals. */
function valueAt(entries: readonly Entry[], prefix: string): number {
  const [address = '', length = ''] = prefix.split('/');
  let found: Entry | undefined;
  for (const entry of entries) {
    if (entry.length > Number(length) || !prefixContains(entry.prefix, address)) continue;
    if (found === undefined || entry.length >= found.length) found = entry;
  }
  // There is always one for everything.
  return found?.value ?? 0;
}

function canonical(prefix: string): string {
  const [address = '', length = ''] = prefix.split('/');
  return networkOf(address, Number(length));
}
