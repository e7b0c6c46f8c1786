// SPDX-License-Identifier: MIT
// The live view of one network namespace: its present picture, and what changes. Owns this environment's handle to the native
// monitor; the monitor itself is shared by the process (native/monitor/registry.h).
//
// A host keeps the program alive only while somebody waits for something of it: a `change` listener, a pending read of
// `changes()`.

import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { MonitorStateNames } from '../binding/contract.gen.ts';
import { MifError } from '../binding/mif-error.ts';
import { errorOf, type NativeCapabilities, type NativeMonitor, type NativeStats, native } from '../binding/native.ts';
import type { SortedDestination } from '../selection/destination-order.ts';
import type { Explanation } from '../selection/explanation.ts';
import type { Path } from '../selection/path.ts';
import type { PathTable } from '../selection/path-table.ts';
import type { HostChange, Snapshot } from '../snapshot/change.ts';
import type { Step } from '../snapshot/difference.ts';
import type { FetchIn } from '../source/domain-fetch.ts';
import type { SourceChoice, SourceReport } from '../source/source-choice.ts';
import type { PvdPolicy } from '../source/told.ts';
import type { Granularity } from '../pvd/granularity.ts';
import type { HostSnapshot, RouteDetail } from '../snapshot/snapshot.ts';
import type { Via } from '../via/carrier.ts';
import type { LocalPath } from '../via/local-path.ts';
import type { HostAccess, HostEnding, HostObserver, InterfaceObserver } from './access.ts';
import { type ChangeParts, differenceBetween, hostChange } from './change.ts';
import { ChangeStream } from './change-stream.ts';
import { closedError } from './closed-error.ts';
import type { SortOptions } from './destination-sort.ts';
import { HostHints } from './hints.ts';
import { HostIntents, type IntentAnnouncement } from './intents.ts';
import { Mirror } from './mirror.ts';
import type { Moment } from './moment.ts';
import { Rest } from './rest.ts';
import type { SelectManyOptions } from './select-many.ts';
import { isSameNamespace } from './same-namespace.ts';
import type { ExplainOptions, SelectOptions } from './select-question.ts';
import { HostSelection } from './selection.ts';
import { HostSources } from './sources.ts';
import { type WhenOptions, waitForNetwork } from './when.ts';

export interface HostEvents {
  /** Something differs from the picture before. Listening keeps the program alive. */
  change: [change: HostChange];
  /** The host ended by itself, and nobody who waits was told otherwise. */
  error: [error: Error];
  /** The host ended, by `close()` or by itself. */
  close: [];
}

/** What a host can tell and do. */
export interface HostCapabilities extends Readonly<NativeCapabilities> {
  /** What each source beside the kernel's tables tells of provisioning domains here, and what is missing. */
  readonly sources: readonly SourceReport[];
}

/** Counters of the monitor, which all hosts of the process in one namespace share, and of this host. */
export interface HostStats extends NativeStats {
  /** Changes that this host told to listeners and iterations. */
  changes: number;
  /** Domains and parts of domains that were told and left out, because there were more than are kept (SEC-17). */
  refusedRecords: number;
  /** Leases of which what routers say does not tell whose they are (PVD-15, PVD-16). */
  unclearLeases: number;
  /** Domains that were told of different captive-portal APIs: a mistake of the network (PVD-79). */
  unclearPortals: number;
}

/** What the rooms above use of a host beyond its public face. */
export let accessOf: (host: Host) => HostAccess;

/** The picture of a host and what changes. Made by openHost (open-host.ts). */
export class Host extends EventEmitter<HostEvents> {
  /** As it was asked for; undefined for the program's own namespace. */
  readonly netns: string | number | undefined;
  /** What MIF sessions need of its interfaces, for those who can do something about it. */
  readonly hints = new HostHints();
  readonly #routes: RouteDetail;
  readonly #monitor: NativeMonitor;
  readonly #mirror: Mirror;
  readonly #mirrorsAll: boolean;
  #selection: HostSelection | undefined;
  readonly #observers = new Set<HostObserver>();
  readonly #interfaceObservers = new Set<InterfaceObserver>();
  readonly #streams = new Set<ChangeStream<Moment>>();
  readonly #endings = new Set<HostEnding>();
  readonly #intents = new HostIntents();
  #waitingReads = 0;
  #holds = 0;
  #isListenedTo = false;
  #isClosed = false;
  #changes = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Until a wake is answered that nobody waits for. */
  readonly #rest = new Rest(() => native().now());
  /** Whether a wake has come since the last look. */
  #isBehind = false;
  /** The change that was told last; readers that have seen the same moment get the same one. */
  #latest: { earlier: Moment; later: Moment; change: HostChange | undefined } | undefined;

  readonly #sources: HostSources;

  /** Hosts are made by openHost. */
  constructor({ monitor, wakes, netns, routes, mirrorsAll, granularity, sources, settle, fetchIn }: HostParts) {
    super();
    this.netns = netns;
    this.#routes = routes;
    this.#mirrorsAll = mirrorsAll;
    this.#monitor = monitor;
    this.#mirror = new Mirror(monitor.snapshot(), native().now(), {
      routes,
      granularity,
      nextHandle,
      onLook: () => this.#lookAtDomains(),
    });
    this.#sources = new HostSources({
      choice: sources,
      place: {
        monitor,
        netns,
        get isOwn() {
          return netns === undefined || isSameNamespace(netns, undefined);
        },
      },
      mirror: this.#mirror,
      now: () => native().now(),
      settle,
      onTold: () => this.#hear(),
      fetchIn: fetchIn?.(this),
    });
    this.#watchListeners();
    this.#schedule();
    wakes.receive = () => this.#wake();
  }

  static {
    accessOf = (host) => host.#access;
  }

  /** What this host can tell and do. */
  get capabilities(): HostCapabilities {
    this.#requireOpen();
    return { ...this.#monitor.capabilities(), sources: this.#sources.reports };
  }

  /** Whether it has ended. */
  get closed(): boolean {
    return this.#isClosed;
  }

  /**
   * The present picture; while somebody listens to changes, the one that the last change led to. Cheap.
   * @throws MifError ERR_MIF_CLOSED
   */
  snapshot(): Snapshot {
    return this.#present();
  }

  /**
   * Changes from now on; after `snapshot()` in the same turn, those that follow that snapshot, so that none is lost in
   * between. A reader that is slow gets one change that merges what it missed. Waiting for one keeps the program alive.
   * @param options.signal - ends the iteration: the read that waits, or else the next one, fails with its reason.
   * @throws MifError ERR_MIF_CLOSED
   */
  changes({ signal }: { signal?: AbortSignal } = {}): AsyncIterableIterator<HostChange> {
    this.#requireOpen();
    this.#lookAtDomains();
    this.#catchUp();
    const stream = new ChangeStream<Moment>(
      {
        current: () => this.#mirror.current,
        between: (earlier, later) => this.#between(earlier, later),
        waiting: (isWaiting) => {
          if (isWaiting) this.#catchUp();
          this.#waitingReads += isWaiting ? 1 : -1;
          this.#hold(isWaiting);
        },
        ended: (stream) => this.#streams.delete(stream),
      },
      signal,
    );
    if (!stream.isEnded) this.#streams.add(stream);
    return stream;
  }

  /**
   * Which way traffic to an address would go: interface, source, first hop. Without `via` what the kernel would do for a
   * socket that nobody bound; with it, for one that is held to that interface or provisioning domain. Synchronous, answered
   * from the live tables; the first call of a host arranges its routes, a fifth of a second for a million of them. With `oracle` the
   * kernel itself is asked.
   * @param destination - an address, of link-local ones with zone (`fe80::1%eth0`).
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_NO_ROUTE, ERR_MIF_NO_ADDRESS, ERR_MIF_SCOPE_REQUIRED,
   * ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_INTERFACE_DOWN, ERR_MIF_NO_CARRIER, ERR_MIF_LOOPBACK, ERR_MIF_UNKNOWN_ID, ERR_MIF_NO_PATH with the reason for each of
   * several, ERR_MIF_UNSUPPORTED on a host that mirrors only some routes, and with `oracle` for protocols of which the kernel does
   * not answer; ERR_MIF_CLOSED
   */
  select(destination: string, options?: SelectOptions): Path {
    return this.#selecting().select(destination, options);
  }

  /**
   * The same question, answered with its reasons: every candidate with what decided for or against it, the policy rules and
   * routes that were looked at, and what may go wrong all the same. That there is no way is an answer here: `chosen` is null
   * and `error` says what `select` throws. For people and logs; it takes many times as long as `select`.
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_UNSUPPORTED, ERR_MIF_CLOSED
   */
  explain(destination: string, options: ExplainOptions = {}): Explanation {
    return this.#selecting().explain(destination, options);
  }

  /**
   * Addresses in the order in which they should be tried (RFC 6724 section 6), both families together: each with the source
   * and the way that `select` says, and the rule that puts it before the next. What cannot be reached comes last and is
   * no error. What no rule tells apart stays in the order given.
   * @param addresses - of link-local ones with zone (`fe80::1%eth0`).
   * @throws MifError ERR_MIF_INVALID_ARG; of `via` ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_UNKNOWN_ID, ERR_MIF_NO_PATH;
   * ERR_MIF_UNSUPPORTED on a host that mirrors only some routes, ERR_MIF_CLOSED
   */
  sortDestinations(addresses: readonly string[], options: SortOptions = {}): SortedDestination[] {
    return this.#selecting().sortDestinations(addresses, options);
  }

  /**
   * The same for many destinations of one family, in columns: a tenth of the time for each, and no object until one is looked
   * at. `via` is found once for all. What is wrong with one destination is in the table; see PathTable.
   * @param destinations - addresses without zone; or packed, 4 or 16 bytes each in network order, as `options.family` says.
   * @throws MifError as select, but for the destinations: ERR_MIF_INVALID_ARG when there are none, when one is no address of the
   * family, or when the bytes are cut
   */
  selectMany(destinations: Uint8Array | readonly string[], options: SelectManyOptions = {}): PathTable {
    return this.#selecting().selectMany(destinations, options);
  }

  /**
   * Waits for a network that `via` stands for: its interface up, with carrier, and with a usable address. One that is not there, or
   * not fit, may come. Waiting keeps the program alive.
   * @returns the first one, without destination; a `via` itself. Its source is null where the destination will decide.
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_CLOSED when the host ends; the signal's reason; what a function throws
   */
  when(via: Via, options: WhenOptions = {}): Promise<LocalPath> {
    return waitForNetwork(this.#access, (signal) => this.changes(signal === undefined ? {} : { signal }), via, options);
  }

  /** @throws MifError ERR_MIF_CLOSED */
  stats(): HostStats {
    this.#requireOpen();
    const { refused, misconfigured, unclearPortals } = this.#mirror.counts;
    return {
      ...this.#monitor.stats(),
      changes: this.#changes,
      refusedRecords: refused,
      unclearLeases: misconfigured,
      unclearPortals,
    };
  }

  /**
   * Tells this host what the network does not say: a provisioning domain of the program's own, or more about others. It is
   * in the next snapshot, and holds until the returned function is called. What a policy says stands above the network.
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_CLOSED
   */
  tell(policy: PvdPolicy): () => void {
    this.#requireOpen();
    return this.#sources.tell(policy);
  }

  /**
   * Tells the MIF sessions of this host that an interface is about to be taken up or down, as only who does it can know: call it
   * before, and the returned function when nothing comes of it.
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_CLOSED
   */
  announceIntent(announcement: IntentAnnouncement): () => void {
    const { interfaces } = this.#present();
    return this.#intents.announce(announcement, interfaces, native().now());
  }

  /** Ends it: iterations are done, attempts to connect fail, sockets that were handed out stay. Safe twice. */
  close(): Promise<void> {
    this.#end();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** As of EventEmitter; listeners that this class has itself stay. */
  override removeAllListeners(event?: string | symbol): this {
    if (event === undefined) {
      for (const name of this.eventNames()) this.removeAllListeners(name);
    } else if (event !== 'newListener' && event !== 'removeListener') {
      super.removeAllListeners(event as keyof HostEvents);
      this.#countListeners();
    }
    return this;
  }

  readonly #access: HostAccess = {
    now: () => native().now(),
    snapshot: () => this.#present(),
    observe: (observer) => {
      this.#requireOpen();
      this.#lookAtDomains();
      this.#catchUp();
      this.#observers.add(observer);
      return () => this.#observers.delete(observer);
    },
    observeInterfaces: (observer) => {
      this.#requireOpen();
      this.#catchUp();
      this.#interfaceObservers.add(observer);
      return () => this.#interfaceObservers.delete(observer);
    },
    retain: () => this.#hold(true),
    release: () => this.#hold(false),
    lookUpInterface: (name) => {
      this.#requireOpen();
      const isFound = this.#monitor.lookUpInterface(name);
      this.#look();
      return isFound;
    },
    openSources: () => this.#sources.open(),
    isOwnNamespace: () => this.netns === undefined || isSameNamespace(this.netns, undefined),
    isNamespace: (netns) => isSameNamespace(netns, this.netns),
    createBoundSocket: (request) => {
      this.#requireOpen();
      const { family, type, interface: link, source, sourcePort = 0, options } = request;
      const index = link?.index ?? 0;
      const name = link?.name ?? '';
      return this.#monitor.createBoundSocket(family, socketTypes[type], index, name, source, sourcePort, options);
    },
    intents: this.#intents,
    addEnding: (ending) => {
      this.#requireOpen();
      this.#endings.add(ending);
    },
    removeEnding: (ending) => this.#endings.delete(ending),
  };

  #selecting(): HostSelection {
    this.#requireOpen();
    if (!this.#mirrorsAll) {
      throw new MifError('ERR_MIF_UNSUPPORTED', 'cannot select: this host mirrors only some routes', {
        hint: "Open one with routes: 'all' and without tables.",
      });
    }
    this.#selection ??= new HostSelection({
      monitor: this.#monitor,
      snapshot: () => this.#present(),
      lookUpInterface: (name) => this.#access.lookUpInterface(name),
      isNamespace: (netns) => this.#access.isNamespace(netns),
    });
    return this.#selection;
  }

  /** Whether somebody waits to be told of changes. */
  get #isWanted(): boolean {
    return this.#isListenedTo || this.#observers.size > 0 || this.#waitingReads > 0 || changeChannel.hasSubscribers;
  }

  /** The picture of now; of the last change told, while somebody wants to be told: it is never ahead of what they know. */
  #present(): HostSnapshot {
    this.#requireOpen();
    if (!this.#isWanted) {
      this.#look();
      if (this.#sources.isWaiting) this.#hear();
    }
    return this.#mirror.snapshotAt(native().now());
  }

  #wake(): void {
    if (this.#isClosed) return;
    if (this.#isWanted || this.#interfaceObservers.size > 0 || resyncChannel.hasSubscribers) {
      this.#answer();
    } else {
      this.#isBehind = true;
      this.#rest.begin(() => this.#answer());
    }
  }

  /**
   * Before somebody waits for changes: what woke us until now is none of them, and what comes next wakes at once. Never between a
   * snapshot and what is asked for in the same turn, in which no wake arrives.
   */
  #catchUp(): void {
    if (this.#isBehind && !this.#isClosed && !this.#isWanted) this.#look();
  }

  #answer(): void {
    this.#rest.end();
    if (this.#isClosed) return;
    // Looking answers the wake. Only then is a state that has moved on meanwhile another wake.
    this.#look();
    if (this.#isClosed || MonitorStateNames[this.#monitor.state()] !== 'closed') return;
    const failure = this.#monitor.failure();
    this.#end(failure === undefined ? closedError() : errorOf(failure));
  }

  /** Follows the monitor to its present view and tells what changed. */
  #look(): void {
    this.#isBehind = false;
    const view = this.#monitor.snapshot();
    const { current } = this.#mirror;
    const { native: known, epoch, synced } = current.snapshot;
    if (view.generation === known.generation && view.epoch === epoch && view.synced === synced) return;
    const difference = this.#mirror.follow(view, native().now(), this.#isWanted);
    if ((view.epoch !== epoch || view.synced !== synced) && resyncChannel.hasSubscribers) {
      resyncChannel.publish({ host: this, epoch: view.epoch, synced: view.synced });
    }
    this.#schedule();
    // Before anybody who may use them again: sockets of an interface that has gone end first.
    if (this.#interfaceObservers.size > 0) this.#tellInterfaces(difference.steps);
    this.#tell(current, difference);
  }

  #tellInterfaces(steps: readonly Step[]): void {
    const touched = steps.filter((step) => step.kind === 'interface');
    if (touched.length === 0) return;
    const endedIds = touched.flatMap(({ before, after }) =>
      before === undefined || before.id === after?.id ? [] : [before.id],
    );
    for (const observer of [...this.#interfaceObservers]) observer.interfacesChanged(endedIds);
  }

  /** Somebody looks at domains, or waits for theirs to change: whoever knows of them is asked from now on. */
  #lookAtDomains(): void {
    if (!this.#isClosed) void this.#sources.open();
  }

  /** Takes what sources have been told. */
  #hear(): void {
    this.#sources.taken();
    if (this.#isClosed) return;
    const { current } = this.#mirror;
    const isMoved = this.#mirror.hear(native().now());
    this.#schedule();
    if (isMoved) this.#tell(current, { cause: this.#sources.cause, steps: [] });
  }

  /** Ends domains whose time is up. */
  #expire(): void {
    const { current } = this.#mirror;
    const isMoved = this.#mirror.expire(native().now());
    this.#schedule();
    if (isMoved) this.#tell(current, { cause: 'inferred', steps: [] });
  }

  #tell(earlier: Moment, difference: ChangeParts): void {
    if (!this.#isWanted) {
      this.#latest = undefined;
      return;
    }
    const later = this.#mirror.current;
    const change = hostChange(earlier, later, difference, (handle) => this.#mirror.endReason(handle));
    this.#latest = { earlier, later, change };
    for (const stream of [...this.#streams]) stream.wake();
    if (change === undefined) return;
    for (const { id } of change.removed.interfaces ?? []) this.#intents.forget(id);
    ++this.#changes;
    for (const observer of [...this.#observers]) observer.changed(change);
    if (changeChannel.hasSubscribers) changeChannel.publish({ host: this, change });
    // Last: a listener that throws, or closes this host, finds everybody else told.
    this.emit('change', change);
  }

  #between(earlier: Moment, later: Moment): HostChange | undefined {
    if (this.#latest?.earlier === earlier && this.#latest.later === later) return this.#latest.change;
    const difference = differenceBetween(earlier, later, this.#routes);
    return hostChange(earlier, later, difference, (handle) => this.#mirror.endReason(handle));
  }

  #schedule(): void {
    this.#sources.follow(this.#mirror.current.states);
    const deadline = this.#mirror.nextDeadline;
    if (deadline === undefined && this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (deadline === undefined) return;
    this.#timer = setTimeout(
      () => this.#expire(),
      Math.min(Math.max(0, deadline - native().now()) + 1, longestTimerMs),
    ).unref();
  }

  #watchListeners(): void {
    // The map of HostEvents leaves out the two events that every emitter has.
    const emitter = this as unknown as EventEmitter;
    // The one comes before the listener is there, the other after it is gone.
    emitter.on('newListener', (event) => {
      if (event !== 'change') return;
      this.#catchUp();
      this.#setListenedTo(true);
    });
    emitter.on('removeListener', (event) => {
      if (event === 'change') this.#countListeners();
    });
  }

  #countListeners(): void {
    this.#setListenedTo(this.listenerCount('change') > 0);
  }

  #setListenedTo(isListenedTo: boolean): void {
    if (isListenedTo === this.#isListenedTo) return;
    this.#isListenedTo = isListenedTo;
    if (isListenedTo) this.#lookAtDomains();
    this.#hold(isListenedTo);
  }

  #hold(isHeld: boolean): void {
    this.#holds += isHeld ? 1 : -1;
    if (this.#isClosed) return;
    if (this.#holds === (isHeld ? 1 : 0)) this.#monitor.hold(isHeld);
  }

  #requireOpen(): void {
    if (this.#isClosed) throw closedError();
  }

  #end(error?: MifError): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#rest.end();
    this.#monitor.close();
    this.#sources.close();
    const isTold = this.#waitingReads > 0 || this.#observers.size > 0;
    for (const ending of [...this.#endings]) ending.hostEnded(error ?? closedError());
    this.#endings.clear();
    for (const stream of [...this.#streams]) stream.end(error);
    for (const observer of [...this.#observers]) observer.closed(error);
    this.#observers.clear();
    this.#interfaceObservers.clear();
    try {
      // As of any emitter, an error that nobody listens for is thrown, unless somebody who waits has it.
      if (error !== undefined && (!isTold || this.listenerCount('error') > 0)) this.emit('error', error);
    } finally {
      this.emit('close');
    }
  }
}

/** Where the monitor's wake-ups go at present. */
export interface Wakes {
  receive: () => void;
}

/** What a host is made of. */
export interface HostParts {
  readonly monitor: NativeMonitor;
  readonly wakes: Wakes;
  readonly netns: string | number | undefined;
  readonly routes: RouteDetail;
  /** Whether no route is left out of the mirror. */
  readonly mirrorsAll: boolean;
  readonly granularity: Granularity;
  readonly sources: SourceChoice;
  readonly settle: number;
  /** Makes what asks servers over single domains; absent where none are to be asked. */
  readonly fetchIn: ((host: Host) => FetchIn) | undefined;
}

const socketTypes = { stream: 0, datagram: 1, multipath: 2 } as const;

// Lifetimes of months are more than a timer can wait, and its clock stops in suspend while lifetimes run on.
const longestTimerMs = 600_000;

const changeChannel = channel('mif:host:change');
const resyncChannel = channel('mif:host:resync');

let handles = 0;

/** Handles are unique in this environment, so that one of another host is unknown rather than another domain (PVD-27). */
function nextHandle(): string {
  return `pvd:${++handles}`;
}
