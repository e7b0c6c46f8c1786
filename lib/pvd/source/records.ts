// SPDX-License-Identifier: MIT
// What sources of records add to the drafts of the kernel's tables: asks them for the records of an interface, groups, and
// knows when to look again because something is over. Without sources, and at the usual granularity, costs nothing.

import type { Interface } from '../../snapshot/change.ts';
import type { DomainDraft } from '../draft.ts';
import type { Granularity } from '../granularity.ts';
import { group, metricOf } from '../grouping.ts';
import type { PolicyRecord, PvdRecord, RecordOrigin, ResolverRecord } from '../record.ts';
import type { RecordSource } from '../source.ts';
import { ToldMemory } from '../told-memory.ts';

/** What was refused, and what was found wrong, so far. */
export interface GroupingCounts {
  /** Domains and items beyond the most that are kept (SEC-17). */
  readonly refused: number;
  /** Leases of which it is not clear whose they are (PVD-15, PVD-16). */
  readonly misconfigured: number;
  /** Domains that were told of different captive-portal APIs (PVD-79). */
  readonly unclearPortals: number;
}

interface Known {
  memory: ToldMemory;
  refused: number;
  misconfigured: number;
  unclearPortals: number;
  /** Its best default route; undefined when it has none that works. */
  wayOut: WayOut | undefined;
}

interface WayOut {
  readonly metric: number;
  readonly preference: number;
}

const preferenceOrder: readonly (string | undefined)[] = ['high', 'medium', 'low'];

export class RecordGrouping {
  readonly #granularity: Granularity;
  #sources: readonly RecordSource[] = [];
  readonly #known = new Map<string, Known>();
  /** The interface that has the default domain, where that matters. */
  #defaultOn: string | undefined;
  /** Of which sources `takeChanged` last had something. */
  readonly heardFrom = new Set<RecordOrigin>();
  #refused = 0;
  #misconfigured = 0;
  #unclearPortals = 0;

  constructor(granularity: Granularity) {
    this.#granularity = granularity;
  }

  /** Asked in this order; the order decides nothing. */
  set sources(sources: readonly RecordSource[]) {
    this.#sources = sources;
  }

  get counts(): GroupingCounts {
    return { refused: this.#refused, misconfigured: this.#misconfigured, unclearPortals: this.#unclearPortals };
  }

  /** When something is over that was told of an interface, or a source wants to look again. */
  get nextDeadline(): number | undefined {
    let next: number | undefined;
    const take = (deadline: number | undefined) => {
      if (deadline !== undefined && (next === undefined || deadline < next)) next = deadline;
    };
    for (const { memory } of this.#known.values()) take(memory.nextEnd);
    for (const source of this.#sources) take(source.nextDeadline);
    return next;
  }

  /**
   * The interfaces of which something else is known.
   * @param present - all interfaces; asked when something of the whole host is.
   */
  *takeChanged(present: () => Iterable<string>): Generator<string> {
    this.heardFrom.clear();
    for (const source of this.#sources) {
      for (const interfaceId of source.takeChanged()) {
        this.heardFrom.add(source.origin);
        if (interfaceId === undefined) yield* present();
        else yield interfaceId;
      }
    }
  }

  /** The interfaces of which something is over at a moment; sources forget it first. */
  *takeExpired(now: number): Generator<string> {
    for (const source of this.#sources) {
      if (source.nextDeadline !== undefined && source.nextDeadline <= now) source.expire(now);
    }
    for (const [interfaceId, { memory }] of this.#known) {
      if (memory.nextEnd !== undefined && memory.nextEnd <= now) yield interfaceId;
    }
  }

  /** Tells sources that interfaces came or went. */
  followInterfaces(): void {
    for (const source of this.#sources) source.followInterfaces();
  }

  /** The domains of an interface; the given drafts themselves where nothing is known of it. */
  describe(link: Interface, drafts: readonly DomainDraft[], now: number): readonly DomainDraft[] {
    if (this.#sources.length === 0 && this.#granularity === 'router') return drafts;
    const records: PvdRecord[] = [];
    for (const source of this.#sources) records.push(...source.records(link.id));
    const { policies, resolvers } = this.#ofHost();
    records.push(...policies);
    let known = this.#known.get(link.id);
    if (known === undefined) {
      known = { memory: new ToldMemory(), refused: 0, misconfigured: 0, unclearPortals: 0, wayOut: undefined };
      this.#known.set(link.id, known);
    }
    const lastResort = link.id === this.#defaultOn ? resolvers : [];
    if (records.length === 0 && lastResort.length === 0 && this.#granularity === 'router') {
      if (known.memory.isUsed) known.memory = new ToldMemory();
      known.wayOut = resolvers.length > 0 && link.running && link.adminUp ? wayOutOf(drafts) : undefined;
      return drafts;
    }
    const input = { link, drafts, records, lastResort, granularity: this.#granularity, now, memory: known.memory };
    const { drafts: grouped, refused, misconfigured, unclearPortals } = group(input);
    // What is refused now and was before is the same once more.
    this.#refused += Math.max(0, refused - known.refused);
    this.#misconfigured += Math.max(0, misconfigured - known.misconfigured);
    known.refused = refused;
    known.misconfigured = misconfigured;
    this.#unclearPortals += Math.max(0, unclearPortals - known.unclearPortals);
    known.unclearPortals = unclearPortals;
    known.wayOut = link.running && link.adminUp ? wayOutOf(grouped) : undefined;
    return grouped;
  }

  /** Forgets an interface that is gone. */
  forget(interfaceId: string): void {
    this.#known.delete(interfaceId);
  }

  /**
   * Finds out which interface has the default domain (PVD-33): only that is told what the whole host asks for names (DNS-11).
   * @param present - all interfaces, in their order.
   * @returns those to be described again.
   */
  moveDefault(present: () => Iterable<string>): readonly string[] {
    const before = this.#defaultOn;
    if (this.#sources.length === 0 || this.#ofHost().resolvers.length === 0) {
      this.#defaultOn = undefined;
    } else {
      let best: WayOut | undefined;
      this.#defaultOn = undefined;
      for (const interfaceId of present()) {
        const wayOut = this.#known.get(interfaceId)?.wayOut;
        if (wayOut === undefined || (best !== undefined && !isBetter(wayOut, best))) continue;
        best = wayOut;
        this.#defaultOn = interfaceId;
      }
    }
    if (this.#defaultOn === before) return [];
    return [before, this.#defaultOn].filter((interfaceId) => interfaceId !== undefined);
  }

  #ofHost(): { policies: readonly PolicyRecord[]; resolvers: readonly ResolverRecord[] } {
    const policies: PolicyRecord[] = [];
    const resolvers: ResolverRecord[] = [];
    for (const source of this.#sources) {
      for (const record of source.records(undefined)) {
        if (record.type === 'policy') policies.push(record);
        else if (record.type === 'resolver') resolvers.push(record);
      }
    }
    return { policies, resolvers };
  }
}

function wayOutOf(drafts: readonly DomainDraft[]): WayOut | undefined {
  let best: WayOut | undefined;
  for (const draft of drafts) {
    const { connectivity } = draft.told ?? {};
    const metric = metricOf(draft);
    if (metric === undefined || draft.told?.hidden || (connectivity !== undefined && connectivity !== 'full')) continue;
    const router = draft.routers.find((each) => each.metric === metric);
    const wayOut = { metric, preference: preferenceOrder.indexOf(router?.preference ?? 'medium') };
    if (best === undefined || isBetter(wayOut, best)) best = wayOut;
  }
  return best;
}

function isBetter(one: WayOut, other: WayOut): boolean {
  return one.metric < other.metric || (one.metric === other.metric && one.preference < other.preference);
}
