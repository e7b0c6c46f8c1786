// SPDX-License-Identifier: MIT
// Records tell the names of interfaces, the kernel's records only their indexes. When an interface is renamed, comes or
// goes, records that name it read differently though the kernel says nothing of them (trap B7); a difference
// that left them out would not lead from the earlier snapshot to the later one.
//
// A snapshot that is not in sync may have the routes of a table that was read again and not yet the interface that they
// name, or no longer: they read `if7` there. A snapshot in sync never does, so that an interface that comes or goes
// between two such costs no walk.

import type { Interface, Table } from './change.ts';
import type { Step, StepRecord } from './difference.ts';
import { referencesOf, viewInterface } from './interface-view.ts';
import type { HostSnapshot } from './snapshot.ts';

/**
 * Steps for records that differ only in the name of an interface. Walks the tables of the kinds concerned, so only when an
 * interface got another name, or came or went where that was not yet told of all tables.
 * @param steps - the native difference between the two snapshots.
 */
export function renamingSteps(steps: readonly Step[], earlier: HostSnapshot, later: HostSnapshot): Step[] {
  if (!steps.some(({ kind }) => kind === 'interface')) return [];
  const affected = new Set<number>();
  const renamed = new Set<number>();
  const told = new Set<string>();
  for (const step of steps) {
    if (step.kind !== 'interface') continue;
    const { before, after } = step;
    told.add((after ?? before)!.id);
    if (before?.name === after?.name) continue;
    affected.add((after ?? before)!.index);
    if (before === undefined ? !earlier.synced : after !== undefined || !later.synced) {
      renamed.add((after ?? before)!.index);
    }
  }
  if (affected.size === 0) return [];
  const found = interfacesNaming(affected, told, earlier, later);
  if (renamed.size === 0) return found;
  return [
    ...found,
    ...recordsNaming('address', renamed, steps, earlier.addresses, later.addresses),
    ...recordsNaming('nexthop', renamed, steps, earlier.nexthops, later.nexthops),
    ...recordsNaming('route', renamed, steps, earlier.routes, later.routes),
    ...recordsNaming('neighbour', renamed, steps, earlier.neighbours, later.neighbours),
  ];
}

/** Interfaces that hang on one whose name came, went or changed. */
function interfacesNaming(
  affected: ReadonlySet<number>,
  told: ReadonlySet<string>,
  earlier: HostSnapshot,
  later: HostSnapshot,
): Step[] {
  const found: Step[] = [];
  for (const after of later.interfaces) {
    if (told.has(after.id)) continue;
    if (!referencesOf(after).some((index) => index !== undefined && affected.has(index))) continue;
    const before: Interface = viewInterface(after, earlier.names);
    if (before.parent === after.parent && before.master === after.master) continue;
    found.push({ kind: 'interface', operation: 'changed', before, after });
  }
  return found;
}

type NamingKind = 'address' | 'nexthop' | 'route' | 'neighbour';

function recordsNaming<K extends NamingKind>(
  kind: K,
  renamed: ReadonlySet<number>,
  steps: readonly Step[],
  earlier: Table<StepRecord[K]>,
  later: Table<StepRecord[K]>,
): Step[] {
  const told = new Set(
    steps.filter((step) => step.kind === kind && step.after).map((step) => contentOf(kind, step.after!)),
  );
  const before = new Map<string, StepRecord[K]>();
  for (const record of earlier) if (names(record, renamed)) before.set(contentOf(kind, record), record);
  const found: Step[] = [];
  for (const after of later) {
    if (!names(after, renamed)) continue;
    const content = contentOf(kind, after);
    const same = before.get(content);
    if (same === undefined || told.has(content)) continue;
    found.push({ kind, operation: 'changed', before: same, after } as Step);
  }
  return found;
}

function names(record: StepRecord[NamingKind], renamed: ReadonlySet<number>): boolean {
  const hops = 'nexthops' in record ? (record.nexthops ?? []) : [];
  return [record, ...hops].some(({ index }) => index !== undefined && renamed.has(index));
}

/**
 * Everything of a record that neither a name nor the passing of time changes. Flags of routes and nexthops are left out:
 * the kernel changes them in silence (trap B3), so the native difference does not tell a record that differs in them alone.
 */
function contentOf(kind: NamingKind, record: object): string {
  const left = kind === 'route' || kind === 'nexthop' ? silent : passing;
  return JSON.stringify(record, (key, value) => (left.has(key) ? undefined : value));
}

const passing: ReadonlySet<string> = new Set(['interface', 'preferredLifetime', 'validLifetime', 'lifetime']);
const silent: ReadonlySet<string> = new Set([...passing, 'flags']);
