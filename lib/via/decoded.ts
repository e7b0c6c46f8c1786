// SPDX-License-Identifier: MIT
// The small tables of a snapshot, decoded once: who asks about one network mostly asks about the next in the same snapshot. Not
// for what is handed to users, whose records are their own.

import type { Table } from '../snapshot/change.ts';

const lists = new WeakMap<Iterable<unknown>, readonly unknown[]>();

/** Its records, the same at each call. */
export function decoded<T>(table: Table<T> | Iterable<T>): readonly T[] {
  let list = lists.get(table) as readonly T[] | undefined;
  if (list === undefined) {
    list = [...table];
    lists.set(table, list);
  }
  return list;
}
