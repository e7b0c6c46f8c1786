// SPDX-License-Identifier: MIT
// Two multisets of records, and in words what one has and the other has not.

import type { Entry } from './oracle.ts';

/** Fields that run with the clock: compared within a tolerance, not exactly. */
const clocks = ['preferredLifetime', 'validLifetime', 'lifetime'] as const;

/** Two dumps of a busy machine are taken within this time, seconds. */
const toleranceSeconds = 3;

/** What tells most of which record it is; entries that share these are reported as one that differs. */
const names = ['family', 'name', 'id', 'interface', 'address', 'priority', 'table', 'destination', 'metric'] as const;

/** One line for each record that only one side has, or that both have with different contents; none where equal. */
export function differences(kernel: readonly Entry[], mirror: readonly Entry[]): string[] {
  const unmatched = new Map<string, Entry[]>();
  for (const entry of mirror) bucket(unmatched, contentOf(entry)).push(entry);
  const missing: Entry[] = [];
  for (const entry of kernel) {
    const candidates = unmatched.get(contentOf(entry)) ?? [];
    const match = candidates.findIndex((candidate) => clocksAgree(entry, candidate));
    if (match === -1) missing.push(entry);
    else candidates.splice(match, 1);
  }
  return describe(missing, [...unmatched.values()].flat());
}

function bucket(buckets: Map<string, Entry[]>, key: string): Entry[] {
  const found = buckets.get(key) ?? [];
  buckets.set(key, found);
  return found;
}

function clocksAgree(a: Entry, b: Entry): boolean {
  return clocks.every((field) => {
    const [left, right] = [a[field], b[field]];
    if (typeof left === 'number' && typeof right === 'number') return Math.abs(left - right) <= toleranceSeconds;
    return left === right;
  });
}

function describe(missing: Entry[], surplus: Entry[]): string[] {
  const rest = [...surplus];
  const lines = missing.map((entry) => {
    const twin = rest.findIndex((candidate) => nameOf(candidate) === nameOf(entry));
    if (twin === -1) return `only the kernel has ${canonical(entry)}`;
    const [other] = rest.splice(twin, 1);
    return `${nameOf(entry)} differs: ${fieldByField(entry, other!)}`;
  });
  return [...lines, ...rest.map((entry) => `only the mirror has ${canonical(entry)}`)];
}

function fieldByField(kernel: Entry, mirror: Entry): string {
  const fields = [...new Set([...Object.keys(kernel), ...Object.keys(mirror)])];
  return fields
    .filter((field) => canonical(kernel[field]) !== canonical(mirror[field]))
    .map((field) => `${field} is ${canonical(kernel[field])}, the mirror has ${canonical(mirror[field])}`)
    .join('; ');
}

function nameOf(entry: Entry): string {
  return names
    .filter((field) => entry[field] !== undefined)
    .map((field) => `${field} ${entry[field]}`)
    .join(', ');
}

/** Everything but the clocks, as text that is equal for equal contents. */
export function contentOf(entry: Entry): string {
  return canonical(
    Object.fromEntries(Object.entries(entry).filter(([field]) => !(clocks as readonly string[]).includes(field))),
  );
}

/** JSON with the keys in order. */
function canonical(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
