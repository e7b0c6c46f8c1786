// SPDX-License-Identifier: MIT
// One line for one record, and what is different between two states of it: how `watch` tells a change.

import { isDeepStrictEqual } from 'node:util';
import type { Noun, RecordOf } from '../snapshot/change.ts';
import {
  addressFlags,
  addressText,
  interfaceState,
  neighbourState,
  nexthopWay,
  routeWay,
  ruleAction,
  ruleSelector,
  tableName,
} from './wording.ts';

/** One of each noun. */
export const singular: Readonly<Record<Noun, string>> = {
  interfaces: 'interface',
  addresses: 'address',
  nexthops: 'nexthop',
  routes: 'route',
  rules: 'rule',
  neighbours: 'neighbour',
  pvds: 'pvd',
};

/** What tells a record from the others of its noun. */
const names: { readonly [N in Noun]: (record: RecordOf[N]) => string } = {
  interfaces: (link) => link.name,
  addresses: (address) => `${addressText(address)} on ${address.interface}`,
  nexthops: (nexthop) => String(nexthop.id),
  routes: (route) =>
    words(
      route.type !== 'unicast' && route.type,
      route.destination,
      route.source && `from ${route.source}`,
      routeWay(route),
      route.metric !== 0 && `metric ${route.metric}`,
      route.table !== mainTable && `table ${tableName(route.table)}`,
    ),
  rules: (rule) => `${rule.priority}: ${ruleSelector(rule)} ${ruleAction(rule)} (IPv${rule.family})`,
  neighbours: (neighbour) => `${neighbour.address} on ${neighbour.interface}`,
  pvds: (pvd) => pvd.id,
};

/** What else to say of one that came. */
const details: { readonly [N in Noun]?: (record: RecordOf[N]) => string } = {
  interfaces: (link) => words(interfaceState(link), link.kind),
  addresses: addressFlags,
  nexthops: nexthopWay,
  neighbours: (neighbour) => words(neighbour.mac, neighbourState(neighbour)),
  pvds: (pvd) => words(`on ${pvd.interfaces.join(', ')}`, pvd.routers.length > 0 && `by ${pvd.providers.join(', ')}`),
};

const mainTable = 254;

/** `a0  up veth` */
export function arrival<N extends Noun>(noun: N, record: RecordOf[N]): string {
  return [names[noun](record), details[noun]?.(record)].filter(Boolean).join('  ');
}

/** `a0/fe80::1  withdrawn` */
export function departure<N extends Noun>(noun: N, record: RecordOf[N]): string {
  const reason = 'endReason' in record ? record.endReason : undefined;
  return [names[noun](record), reason].filter(Boolean).join('  ');
}

/** `a0  operState up -> down, running true -> false` */
export function difference<N extends Noun>(noun: N, before: RecordOf[N], after: RecordOf[N]): string {
  const old: Readonly<Record<string, unknown>> = { ...before };
  const now: Readonly<Record<string, unknown>> = { ...after };
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const differing = keys.filter((key) => !isDeepStrictEqual(lasting(old[key]), lasting(now[key])));
  const parts = differing
    .filter((key) => key !== 'flags' || !differing.some((other) => saidByFlags.has(other)))
    .map((key) => `${key} ${valueText(old[key])} -> ${valueText(now[key])}`);
  return [names[noun](before), parts.join(', ')].filter(Boolean).join('  ');
}

/** A value without what is different whenever one looks: the seconds left of what was told. */
function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting);
  if (typeof value !== 'object' || value === null || 'prefixLength' in value) return value;
  const { lifetime: _, preferredLifetime: __, ...rest } = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, lasting(each)]));
}

/** What the flags of an interface only say again. */
const saidByFlags: ReadonlySet<string> = new Set(['adminUp', 'running', 'operState']);

/** Values as people read them; a list of records only by its length, JSON has the rest. */
function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'object' && value !== null && 'servers' in value) return valueText(value.servers);
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  const named = value.flatMap((entry) => nameOf(entry) ?? []);
  if (value.length > 0 && named.length === value.length) return named.join(' ');
  if (value.every((entry) => typeof entry !== 'object')) return value.length === 0 ? 'none' : value.join(' ');
  return String(value.length);
}

/** What a told item is called by; undefined for other records, of which a line would be too long. */
function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || !('origin' in entry && 'element' in entry)) return undefined;
  const { address, prefix, destination } = entry as Readonly<Record<string, string>>;
  return address ?? prefix ?? destination;
}

function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}
