// SPDX-License-Identifier: MIT
// Follows the native mirror from moment to moment and keeps the provisioning domains in step. Knows no events and no
// timers; host.ts says when to look.

import { type Neighbour, unpackNeighbour, unpackRoute } from '../binding/contract.gen.ts';
import type { NativeSnapshot } from '../binding/native.ts';
import { type DomainState, isSameRevision } from '../pvd/domain-state.ts';
import type { Granularity } from '../pvd/granularity.ts';
import type { PvdEndReason } from '../pvd/provisioning-domain.ts';
import type { RecordOrigin } from '../pvd/record.ts';
import { maxDefaultLength } from '../pvd/source/kernel.ts';
import type { GroupingCounts } from '../pvd/source/records.ts';
import type { RecordSource, SourceContext } from '../pvd/source.ts';
import { type Difference, decodeDifference, type Step } from '../snapshot/difference.ts';
import type { InterfaceNames } from '../snapshot/interface-view.ts';
import { type HostSnapshot, type RouteDetail, shownRoutes } from '../snapshot/snapshot.ts';
import { nativeFilter, RecordTable } from '../snapshot/table.ts';
import { Domains } from './domains.ts';
import { type Moment, makeMoment } from './moment.ts';

/** The only routes that domains are made of: few, whatever the size of the table. */
const defaultRoutes = nativeFilter({ types: ['unicast'], maxPrefixLength: maxDefaultLength });

export interface MirrorOptions {
  readonly routes: RouteDetail;
  readonly granularity: Granularity;
  /** Makes a handle that was never used before (PVD-27). */
  readonly nextHandle: () => string;
  /** Called when somebody looks at the domains of a moment. */
  readonly onLook: () => void;
}

export class Mirror {
  readonly #routes: RouteDetail;
  readonly #onLook: () => void;
  readonly #domains: Domains;
  /** The view that domains look routers up in: while a look is under way, already the later one. */
  #native: NativeSnapshot;
  #current: Moment;
  /** What was shown last: the snapshot of the moment, or one of the same records with less left of lifetimes. */
  #shown: HostSnapshot;
  /** Changes of domains alone, which the native generation does not count. */
  #extraGenerations = 0;

  /**
   * @param native - a view of a live monitor.
   * @param now - milliseconds on the native clock.
   */
  constructor(native: NativeSnapshot, now: number, { routes, granularity, nextHandle, onLook }: MirrorOptions) {
    this.#routes = routes;
    this.#onLook = onLook;
    this.#native = native;
    this.#current = makeMoment({ native, now, routes, generation: native.generation, states: [], onLook });
    this.#shown = this.#current.snapshot;
    this.#domains = new Domains({ nextHandle, granularity, neighbours: () => neighboursOf(this.#native) });
    this.#domains.apply(this.#everything(), now);
    this.#move(native, now, this.#current.snapshot.names);
  }

  /** The latest moment that was followed to. */
  get current(): Moment {
    return this.#current;
  }

  /** The snapshot of the latest moment; when that is a second old, one of the same records with less left of lifetimes. */
  snapshotAt(now: number): HostSnapshot {
    if (now - this.#shown.now < 1000) return this.#shown;
    const { snapshot, states } = this.#current;
    const { native, names, generation } = snapshot;
    this.#shown = makeMoment({
      native,
      now,
      names,
      routes: this.#routes,
      generation,
      states,
      onLook: this.#onLook,
    }).snapshot;
    return this.#shown;
  }

  /** When to call `expire`, milliseconds on the native clock. */
  get nextDeadline(): number | undefined {
    return this.#domains.nextDeadline;
  }

  /** Why a domain that is in no present moment ended. */
  endReason(handle: string): PvdEndReason {
    return this.#domains.endReason(handle);
  }

  /**
   * Follows to a later view. A move of lifetimes alone moves the moment too.
   * @param wanted - whether somebody wants to know what differs; else routes that no domain is made of are not even read.
   * @returns what differs of what the host shows, domains left out; of use only when wanted.
   */
  follow(native: NativeSnapshot, now: number, wanted: boolean): Pick<Difference, 'cause' | 'steps'> {
    const { snapshot } = this.#current;
    const isWide = wanted && this.#routes !== 'none';
    const words = native.difference(snapshot.native, isWide ? shownRoutes[this.#routes] : defaultRoutes);
    const { cause, steps, names } = decodeDifference(words, {
      names: snapshot.names,
      before: snapshot.now,
      after: now,
    });
    this.#native = native;
    this.#domains.apply(steps, now);
    this.#move(native, now, names);
    return { cause, steps: isWide ? steps : steps.filter(({ kind }) => kind !== 'route') };
  }

  /** What sources of records may ask of the picture. */
  get interfaces(): Pick<SourceContext, 'interfaceAt' | 'interfaceNamed' | 'interfaces'> {
    return this.#domains.interfaces;
  }

  /** What was refused of what sources told, and what was found wrong. */
  get counts(): GroupingCounts {
    return this.#domains.counts;
  }

  /** Of which sources the last `hear` or `follow` heard something new. */
  get heardFrom(): ReadonlySet<RecordOrigin> {
    return this.#domains.heardFrom;
  }

  /** As of Domains. */
  get discreet(): ReadonlySet<string> {
    return this.#domains.discreet;
  }

  /** Has sources of records from now on; `hear` takes what they have. */
  listenTo(sources: readonly RecordSource[]): void {
    this.#domains.listenTo(sources);
  }

  /** Takes what sources have been told. Whether that made a moment in which something differs. */
  hear(now: number): boolean {
    this.#domains.apply([], now);
    return this.#moveDomains(now);
  }

  /** Ends the domains whose time is up, and what is over of others. Whether that made a moment in which something differs. */
  expire(now: number): boolean {
    this.#domains.expire(now);
    return this.#moveDomains(now);
  }

  #moveDomains(now: number): boolean {
    const { states, snapshot } = this.#current;
    const later = this.#domains.states;
    if (later === states) return false;
    const isOther = later.length !== states.length || later.some((state, at) => isOtherThan(state, states[at]!));
    if (isOther) ++this.#extraGenerations;
    this.#move(snapshot.native, now, snapshot.names);
    return isOther;
  }

  #move(native: NativeSnapshot, now: number, names: InterfaceNames): void {
    const generation = native.generation + this.#extraGenerations;
    this.#current = makeMoment({
      native,
      now,
      names,
      routes: this.#routes,
      generation,
      states: this.#domains.states,
      onLook: this.#onLook,
    });
    this.#shown = this.#current.snapshot;
  }

  /** The present picture as steps that lead to it from nothing. */
  *#everything(): Generator<Step> {
    const { snapshot } = this.#current;
    for (const after of snapshot.interfaces) yield { kind: 'interface', operation: 'added', after };
    for (const after of snapshot.addresses) yield { kind: 'address', operation: 'added', after };
    const context = { now: snapshot.now, interfaceName: () => '' };
    const routes = new RecordTable({ native: snapshot.native, context }, 'route', unpackRoute, defaultRoutes);
    for (const after of routes) yield { kind: 'route', operation: 'added', after };
  }
}

function isOtherThan(state: DomainState, before: DomainState): boolean {
  return state.handle !== before.handle || !isSameRevision(before, state);
}

/** Neighbours without what depends on the moment or on names. */
function neighboursOf(native: NativeSnapshot): Iterable<Neighbour> {
  return new RecordTable({ native, context: { now: 0, interfaceName: () => '' } }, 'neighbour', unpackNeighbour);
}
