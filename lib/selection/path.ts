// SPDX-License-Identifier: MIT
// One usable way to a destination: what selection answers. A value; it does not follow the network.

import type { RouteType, Selection, SelectionDoubt } from '../binding/contract.gen.ts';
import { tableText } from './finding-text.ts';
import type { FirstHop } from './first-hop.ts';

/** One usable way to a destination. */
export interface Path {
  /** Address without zone. */
  readonly destination: string;
  /** Name of the interface that it leaves by; `lo` for this host's own addresses. */
  readonly interface: string;
  /** Index of that interface. */
  readonly index: number;
  /** Source address; null where the kernel would send from the unspecified one. */
  readonly source: string | null;
  /** First hop; null when the destination is on link or on this host. May be IPv6 for an IPv4 destination (RFC 5549). */
  readonly gateway: string | null;
  /** Routing table that decided; 0 when none was asked, as for a broadcast through a bound socket. */
  readonly table: number;
  /** What becomes of a packet: `unicast`, `local`, `broadcast`, `multicast` or `anycast`. */
  readonly type: RouteType;
  /** Bytes: of the route where it has one, else of the interface. */
  readonly mtu?: number | undefined;
  /** Id of the provisioning domain, where one was asked for. */
  readonly pvd?: string | undefined;
  /** Whose router the gateway is; absent without a domain and without a gateway (ROUTE-16). */
  readonly firstHop?: FirstHop | undefined;
  /** Of the route; lower wins. Absent where the kernel was asked for an IPv4 destination: it does not tell. */
  readonly metric?: number | undefined;
  /**
   * How many hops of a multipath route would do: the kernel takes one by a hash of the flow, this is the first. Where the kernel
   * was asked it has taken one.
   */
  readonly ways: number;
  /** Why it may not be what the kernel does; empty when there is no doubt. */
  readonly doubts: readonly SelectionDoubt[];
  /** What decided, in one line. */
  readonly why: string;
}

/** What only a provisioning domain adds. */
export type DomainPart = Pick<Path, 'pvd' | 'firstHop'>;

/** A way without the destination that it leads to: shared by all destinations that go that way. */
export type Way = Omit<Path, 'destination' | keyof DomainPart>;

/** A way that was found; `selection.verdict` is `path`. */
export function wayOf(selection: Selection): Way {
  return {
    interface: selection.interface ?? '',
    index: selection.index ?? 0,
    source: selection.source ?? null,
    gateway: selection.gateway ?? null,
    table: selection.table,
    type: selection.type,
    mtu: selection.mtu === 0 ? undefined : selection.mtu,
    metric: selection.metric,
    ways: selection.ways,
    doubts: selection.doubts,
    why: reasonOf(selection),
  };
}

const noDomain: DomainPart = {};

/** Field by field, which is one allocation; a spread costs several times the selection. */
export function pathBy(way: Way, destination: string, { pvd, firstHop }: DomainPart = noDomain): Path {
  return {
    destination,
    interface: way.interface,
    index: way.index,
    source: way.source,
    gateway: way.gateway,
    table: way.table,
    type: way.type,
    mtu: way.mtu,
    pvd,
    firstHop,
    metric: way.metric,
    ways: way.ways,
    doubts: way.doubts,
    why: way.why,
  };
}

/** A way that was found; `selection.verdict` is `path`. */
export function pathOf(destination: string, selection: Selection, domain?: DomainPart): Path {
  return pathBy(wayOf(selection), destination, domain);
}

/** The same, where the kernel itself said it of a destination of that family. */
export function askedPathOf(destination: string, selection: Selection, family: 4 | 6, domain?: DomainPart): Path {
  const way: { -readonly [Name in keyof Way]: Way[Name] } = wayOf(selection);
  if (family === 4) way.metric = undefined;
  way.why = kernelsWordsOf(selection);
  return pathBy(way, destination, domain);
}

function kernelsWordsOf({ type, table, gateway, isAssumedOnLink }: Selection): string {
  const way = isAssumedOnLink
    ? 'on the link, for want of a route'
    : table === 0
      ? `${type}, without a route`
      : `by table ${table}${gateway === undefined ? '' : `, by ${gateway}`}`;
  return `the kernel says so: ${way}`;
}

function reasonOf({ type, table, metric, prefixLength, gateway, isAssumedOnLink, ways }: Selection): string {
  if (isAssumedOnLink) return 'no route leads there; the interface was named, so the destination is sought on the link';
  if (table === 0) return `${type} needs no route`;
  const route = prefixLength === 0 ? 'the default route' : `the route for its first ${prefixLength} bits`;
  const choice = ways > 1 ? `, one of ${ways} hops` : '';
  return `${route} of table ${tableText(table)}, metric ${metric}${gateway === undefined ? '' : `, by ${gateway}`}${choice}`;
}
