// SPDX-License-Identifier: MIT
// Keeps a picture of a host from its changes alone. Where it differs from a snapshot, a change was lost, invented or
// told twice.

import type { HostChange, Noun, Snapshot } from '../../lib/snapshot/change.ts';
import { contentOf } from './comparison.ts';
import type { Entry } from './oracle.ts';

/** What every change of a host has, also as a line of `mif watch --json`. */
export type Told = Pick<HostChange, 'generation' | 'added' | 'changed' | 'removed'>;

/** A record, and how often it is there. */
interface Count {
  entry: Entry;
  times: number;
}

export class Ledger {
  readonly #tables = new Map<Noun, Map<string, Count>>();
  /** What could not be: the end or the change of something that was never there. */
  readonly contradictions: string[] = [];

  /** @param first a snapshot; what it does not have is not kept */
  constructor(first: { readonly [N in Noun]?: Iterable<unknown> }) {
    for (const noun of Object.keys(nouns) as Noun[]) {
      if (first[noun]) this.#tables.set(noun, count(first[noun]));
    }
  }

  apply({ added, changed, removed, generation }: Told): void {
    for (const [noun, table] of this.#tables) {
      const take = (record: unknown, verb: string) => {
        const key = keyOf(record);
        const known = table.get(key);
        if (!known) this.contradictions.push(`generation ${generation} ${verb} unknown ${noun}: ${key}`);
        else if (--known.times === 0) table.delete(key);
      };
      for (const record of removed[noun] ?? []) take(record, 'removes');
      for (const { before } of changed[noun] ?? []) take(before, 'changes');
      for (const { after } of changed[noun] ?? []) add(table, after);
      for (const record of added[noun] ?? []) add(table, record);
    }
  }

  /** The records of a table, as the changes say. */
  entries(noun: Noun): Entry[] {
    const counts = [...(this.#tables.get(noun)?.values() ?? [])];
    return counts.flatMap(({ entry, times }) => Array<Entry>(times).fill(entry));
  }

  /** What the ledger and a snapshot do not agree on. */
  disagreements(snapshot: Snapshot): string[] {
    const lines = [...this.contradictions];
    for (const [noun, kept] of this.#tables) {
      const shown = count(snapshot[noun]);
      for (const key of new Set([...kept.keys(), ...shown.keys()])) {
        const [a, b] = [kept.get(key)?.times ?? 0, shown.get(key)?.times ?? 0];
        if (a !== b) lines.push(`${noun}: ${a} by changes, ${b} in the snapshot: ${key}`);
      }
    }
    return lines;
  }
}

const nouns: Record<Noun, true> = {
  interfaces: true,
  addresses: true,
  nexthops: true,
  routes: true,
  rules: true,
  neighbours: true,
  pvds: true,
};

function count(records: Iterable<unknown>): Map<string, Count> {
  const table = new Map<string, Count>();
  for (const record of records) add(table, record);
  return table;
}

function add(table: Map<string, Count>, record: unknown): void {
  const key = keyOf(record);
  const known = table.get(key);
  if (known) known.times++;
  else table.set(key, { entry: record as Entry, times: 1 });
}

/**
 * All that a change may be about: lifetimes run on their own, why a domain ended is told only with its end, and what
 * the kernel does not announce of hops (trap B3) is no change by itself.
 */
function keyOf(record: unknown): string {
  const { endReason: _, ...entry } = withoutSilence(JSON.parse(JSON.stringify(record))) as Entry;
  // The routes of a domain are a set: one that goes and comes back between two pictures stands elsewhere, and nothing
  // has changed.
  const { routes } = entry as { routes?: Entry[] };
  return contentOf(routes === undefined ? entry : { ...entry, routes: routes.map(contentOf).sort() });
}

function withoutSilence(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSilence);
  if (value === null || typeof value !== 'object') return value;
  const isOfHop = 'weight' in value || ('destination' in value && !('priority' in value));
  const entries = Object.entries(value).filter(([key]) => !/[lL]ifetime$/.test(key) && !(isOfHop && key === 'flags'));
  return Object.fromEntries(entries.map(([key, part]) => [key, withoutSilence(part)]));
}
