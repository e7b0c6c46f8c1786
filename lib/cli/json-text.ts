// SPDX-License-Identifier: MIT
// JSON of pictures and changes, written piece by piece: a routing table of a million entries is never one string.

import type { HostChange, Noun, Snapshot } from '../snapshot/change.ts';

/**
 * `{ "generation": …, "interfaces": [ … ], … }`.
 * @param separator what stands between two records: a line end for documents, nothing where one line is one document
 */
export function* snapshotText(snapshot: Snapshot, nouns: readonly Noun[], separator: '\n' | ''): Generator<string> {
  yield `{"generation":${snapshot.generation}`;
  for (const noun of nouns) {
    yield `,${separator}"${noun}":`;
    yield* listText(snapshot[noun], separator);
  }
  yield `${separator}}`;
}

/** `{ "generation", "epoch", "synced", "cause", "added", "changed", "removed" }`, of the given nouns, in one line. */
export function* changeText(change: HostChange, nouns: readonly Noun[]): Generator<string> {
  const { generation, epoch, synced, cause } = change;
  yield JSON.stringify({ generation, epoch, synced, cause }).slice(0, -1);
  for (const part of ['added', 'changed', 'removed'] as const) {
    yield `,"${part}":{`;
    let comma = '';
    for (const noun of nouns) {
      const records = change[part][noun];
      if (!records?.length) continue;
      yield `${comma}"${noun}":`;
      yield* listText(records, '');
      comma = ',';
    }
    yield '}';
  }
  yield '}';
}

/** Whether a change says anything about one of the nouns. */
export function touches(change: HostChange, nouns: readonly Noun[]): boolean {
  return nouns.some((noun) => [change.added, change.changed, change.removed].some((part) => part[noun]?.length));
}

function* listText(records: Iterable<unknown>, separator: string): Generator<string> {
  let before = `[${separator}`;
  let count = 0;
  for (const record of records) {
    yield before;
    yield* recordText(record);
    before = `,${separator}`;
    count++;
  }
  yield count === 0 ? '[]' : `${separator}]`;
}

/** A domain may have all routes of a large table, and a changed one twice as many. */
function* recordText(record: unknown): Generator<string> {
  if (typeof record !== 'object' || record === null || !('routes' in record || 'before' in record)) {
    yield JSON.stringify(record);
    return;
  }
  let before = '{';
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    if (Array.isArray(value)) yield* listText(value, '');
    else yield* recordText(value);
    before = ',';
  }
  yield '}';
}
