// SPDX-License-Identifier: MIT
// A network of plain records under a session: tests set what is there, the differences reach the session as a host
// would report them. Time stands still unless moved. Connects nothing; tests decide how attempts end.

import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { type ConnectWish, HostHints, type InterfaceUse } from '../../../lib/host/hints.ts';
import type { InterfaceIntent } from '../../../lib/pvd/interface-intent.ts';
import { candidateSources } from '../../../lib/pvd/candidate-source.ts';
import type {
  AdoptableConnection,
  ConnectOutcome,
  ConnectRequest,
  DatedSnapshot,
  Destination,
  NetworkObserver,
  SessionNetwork,
} from '../../../lib/session/network.ts';
import type {
  AddressState,
  ProvisioningDomain,
  PvdAddress,
  PvdEndReason,
} from '../../../lib/pvd/provisioning-domain.ts';
import type { HostChange, Interface } from '../../../lib/snapshot/change.ts';

/** An Ethernet interface `eth<index>` that is up. */
export function link(index: number, over: Partial<Interface> = {}): Interface {
  const generation = over.generation ?? 1;
  return {
    id: `if:${index}.${generation}`,
    index,
    generation,
    name: `eth${index}`,
    altNames: [],
    hardwareType: 'ether',
    mac: '02:00:00:00:00:01',
    mtu: 1500,
    flags: ['up', 'running'],
    operState: 'up',
    adminUp: true,
    running: true,
    group: 0,
    transmitQueueLength: 1000,
    ...over,
  };
}

/** An address that will last for ever. */
export function address(on: Interface, text: string, over: Partial<PvdAddress> = {}): PvdAddress {
  const family = text.includes(':') ? 6 : 4;
  return {
    interface: on.name,
    index: on.index,
    family,
    address: text,
    prefixLength: family === 6 ? 64 : 24,
    scope: 'global',
    flags: [],
    preferredLifetime: null,
    validLifetime: null,
    state: 'preferred',
    temporary: false,
    shared: false,
    ...over,
  };
}

/** A domain on some interfaces, with these addresses. */
export function domain(
  number: number,
  on: readonly Interface[],
  addresses: readonly PvdAddress[],
  over: Partial<ProvisioningDomain> = {},
): ProvisioningDomain {
  return {
    handle: `pvd:${number}`,
    id: `${on[0]?.name ?? 'none'}/192.0.2.${number}`,
    interfaces: on.map(({ name }) => name),
    interfaceIds: on.map(({ id }) => id),
    providers: [`192.0.2.${number}`],
    explicit: false,
    elements: [],
    addresses,
    prefixes: [],
    routers: [],
    routes: [],
    advertisedRoutes: [],
    advertisedPrefixes: [],
    dns: { servers: [], searchDomains: [], zones: [] },
    nat64Prefixes: [],
    ntpServers: [],
    categories: [],
    trusted: false,
    origin: 'static',
    ...over,
  };
}

/** An attempt that waits for a test to end it. */
export interface FakeAttempt extends ConnectRequest {
  isCancelled: boolean;
  end(outcome: ConnectOutcome): void;
}

/** A connection that counts what happens to it. */
export class FakeConnection implements AdoptableConnection {
  readonly localPort = 40_000;
  readonly socket = new EventEmitter() as unknown as Socket;
  isTaken = false;
  isClosed = false;

  take(): Socket {
    this.isTaken = true;
    return this.socket;
  }

  close(): void {
    this.isClosed = true;
  }
}

export class FakeNetwork implements SessionNetwork {
  readonly interfaces = new Map<string, Interface>();
  readonly pvds = new Map<string, ProvisioningDomain>();
  /** Why domains end that are removed from now on. */
  readonly endReasons = new Map<string, PvdEndReason>();
  readonly observers = new Set<NetworkObserver>();
  readonly attempts: FakeAttempt[] = [];
  /** Ends attempts before `connect` returns, where it has an opinion. */
  connectAtOnce: ((request: ConnectRequest) => ConnectOutcome | undefined) | undefined;
  /** What sessions ask for, and say of their connections. */
  readonly hints = new HostHints();
  /** What somebody has said, by the id of an interface; `intend` reports it. */
  readonly intents = new Map<string, InterfaceIntent>();
  systemDefault: ProvisioningDomain | undefined;
  retained = 0;
  #now = 1_000_000;
  #takenAt = 1_000_000;
  #generation = 1;

  /** Puts things there, or other versions of them. */
  put(...things: readonly (Interface | ProvisioningDomain)[]): this {
    for (const thing of things) {
      if ('handle' in thing) this.pvds.set(thing.handle, thing);
      else this.interfaces.set(thing.id, thing);
    }
    return this;
  }

  drop(...things: readonly (Interface | ProvisioningDomain)[]): this {
    for (const thing of things) {
      if ('handle' in thing) this.pvds.delete(thing.handle);
      else this.interfaces.delete(thing.id);
    }
    return this;
  }

  /** Makes what `edit` does one change, and reports it. */
  change(edit: (network: this) => void): void {
    const interfaces = new Map(this.interfaces);
    const pvds = new Map(this.pvds);
    edit(this);
    const ended = difference(pvds, this.pvds);
    const removedPvds = ended.removed.map((pvd) => {
      const endReason = this.endReasons.get(pvd.handle);
      return endReason ? { ...pvd, endReason } : pvd;
    });
    const links = difference(interfaces, this.interfaces);
    this.#generation += 1;
    this.#takenAt = this.#now;
    const snapshot = this.snapshot();
    const change: HostChange = {
      generation: this.#generation,
      epoch: 1,
      synced: true,
      cause: 'kernel',
      added: { interfaces: links.added, pvds: ended.added },
      changed: { interfaces: links.changed, pvds: ended.changed },
      removed: { interfaces: links.removed, pvds: removedPvds },
      snapshot,
    };
    for (const observer of [...this.observers]) observer.changed(change);
  }

  /** Says what is about to happen to an interface, or takes it back. */
  intend({ id }: Interface, intent: InterfaceIntent | undefined): void {
    if (intent) this.intents.set(id, intent);
    else this.intents.delete(id);
    for (const observer of [...this.observers]) observer.intentChanged?.(id);
  }

  wantsToConnect(wish: ConnectWish): void {
    this.hints.wantsToConnect(wish);
  }

  useChanged(subscriber: object, interfaceId: string, use: InterfaceUse | undefined): void {
    this.hints.report(subscriber, interfaceId, use);
  }

  intentOf(interfaceId: string): InterfaceIntent | undefined {
    return this.intents.get(interfaceId);
  }

  /** Moves the clock. */
  pass(seconds: number): void {
    this.#now += seconds * 1000;
  }

  fail(error?: Error): void {
    for (const observer of [...this.observers]) observer.closed(error);
  }

  snapshot(): DatedSnapshot {
    return {
      now: this.#takenAt,
      generation: this.#generation,
      epoch: 1,
      synced: true,
      interfaces: table([...this.interfaces.values()]),
      addresses: table([]),
      routes: { ...table([]), where: () => this.snapshot().routes },
      rules: table([]),
      neighbours: table([]),
      nexthops: table([]),
      pvds: [...this.pvds.values()],
    };
  }

  subscribe(observer: NetworkObserver): () => void {
    this.observers.add(observer);
    return () => this.observers.delete(observer);
  }

  now(): number {
    return this.#now;
  }

  chooseSources(pvd: ProvisioningDomain, destination: Destination): readonly PvdAddress[] {
    return candidateSources(pvd, destination);
  }

  connect(request: ConnectRequest, done: (outcome: ConnectOutcome) => void): { cancel(): void } {
    const attempt: FakeAttempt = { ...request, isCancelled: false, end: done };
    this.attempts.push(attempt);
    const outcome = this.connectAtOnce?.(request);
    if (outcome) done(outcome);
    return {
      cancel: () => {
        attempt.isCancelled = true;
      },
    };
  }

  defaultPvd(): ProvisioningDomain | undefined {
    return this.systemDefault;
  }

  retain(): void {
    this.retained += 1;
  }

  release(): void {
    this.retained -= 1;
  }
}

/** An error with a code of the system. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

/** Two interfaces, each with one dual-stack domain: the smallest multi-homed host. */
export function twoUplinks(): {
  network: FakeNetwork;
  eth1: Interface;
  eth2: Interface;
  pvd1: ProvisioningDomain;
  pvd2: ProvisioningDomain;
} {
  const eth1 = link(1);
  const eth2 = link(2);
  const pvd1 = domain(1, [eth1], [address(eth1, '192.0.2.10'), address(eth1, '2001:db8:1::10')]);
  const pvd2 = domain(2, [eth2], [address(eth2, '198.51.100.10'), address(eth2, '2001:db8:2::10')]);
  const network = new FakeNetwork().put(eth1, eth2, pvd1, pvd2);
  return { network, eth1, eth2, pvd1, pvd2 };
}

/** The same domain with other addresses. */
export function withAddresses(pvd: ProvisioningDomain, ...addresses: readonly PvdAddress[]): ProvisioningDomain {
  return { ...pvd, addresses };
}

/** The same domain with each address in another state. */
export function withStates(pvd: ProvisioningDomain, state: AddressState): ProvisioningDomain {
  return { ...pvd, addresses: pvd.addresses.map((record) => ({ ...record, state })) };
}

function difference<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>) {
  const added: T[] = [];
  const changed: { before: T; after: T }[] = [];
  for (const [key, value] of after) {
    const old = before.get(key);
    if (old === undefined) added.push(value);
    else if (old !== value) changed.push({ before: old, after: value });
  }
  return { added, changed, removed: [...before].filter(([key]) => !after.has(key)).map(([, value]) => value) };
}

function table<T>(records: readonly T[]) {
  return { length: records.length, [Symbol.iterator]: () => records[Symbol.iterator]() };
}
