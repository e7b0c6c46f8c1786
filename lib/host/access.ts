// SPDX-License-Identifier: MIT
// What the rooms above use of a host beyond its public face, and who is told what without keeping the program alive.

import type { NativeBindRequest, NativeBoundSocket, NativeConnectRequest } from '../binding/native.ts';
import type { HostChange } from '../snapshot/change.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import type { OutcomeReceiver } from './attempts.ts';

/** Who is told of changes without keeping the program alive. */
export interface HostObserver {
  changed(change: HostChange): void;
  /** Nothing follows; `error` says why when nobody asked for it. */
  closed(error?: Error): void;
}

/**
 * Who is told which interfaces there are, at once, without the cost of a change: routes that come and go are not even read for
 * it, and snapshots are not held back. Does not keep the program alive.
 */
export interface InterfaceObserver {
  /** Interfaces ended, came, or differ; those that ended by their id. Called when there is anything to tell. */
  interfacesChanged(endedIds: readonly string[]): void;
}

/** What the rooms above use of a host beyond its public face. */
export interface HostAccess {
  /** Milliseconds on the clock of lifetimes. */
  now(): number;
  /** As Host.snapshot. */
  snapshot(): HostSnapshot;
  /** Tells every change that follows the latest picture, until the returned function is called. */
  observe(observer: HostObserver): () => void;
  /** Tells of interfaces from now on, until the returned function is called or the host ends. */
  observeInterfaces(observer: InterfaceObserver): () => void;
  /** Keeps the event loop alive until `release`. Calls are paired. */
  retain(): void;
  release(): void;
  /** Reads an interface again, by any of its names; what has changed is told. Whether there is one. */
  lookUpInterface(name: string): boolean;
  /** Opens the sources of records; resolves when they have read what is there, or after a while. */
  openSources(): Promise<void>;
  /** Whether that is the namespace of this host. */
  isNamespace(netns: string | number): boolean;
  /** As NativeMonitor.createBoundSocket. */
  createBoundSocket(request: NativeBindRequest): NativeBoundSocket;
  /** Starts an attempt to connect; the returned function gives it up. */
  connect(request: NativeConnectRequest, receive: OutcomeReceiver): () => void;
}
