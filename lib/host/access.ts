// SPDX-License-Identifier: MIT
// What the rooms above use of a host beyond its public face, and who is told what without keeping the program alive.

import type { MifError } from '../binding/mif-error.ts';
import type { NativeSocketOptions } from '../binding/native.ts';
import type { Interface } from '../snapshot/change.ts';
import type { HostChange } from '../snapshot/change.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import type { HostIntents } from './intents.ts';

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

/** What lasts only as long as the host. */
export interface HostEnding {
  /** The host has ended; `error` is ERR_MIF_CLOSED, or why nobody asked for it. */
  hostEnded(error: MifError): void;
}

/** A socket that is wanted. */
export interface SocketRequest {
  readonly family: 4 | 6;
  /** `multipath`: a stream that speaks MPTCP where the peer does. */
  readonly type: 'stream' | 'datagram' | 'multipath';
  /** Absent: held to none. */
  readonly interface?: Pick<Interface, 'index' | 'name'> | undefined;
  /** Address without zone; absent lets the kernel choose. */
  readonly source?: string | undefined;
  /** Absent lets the kernel choose, for streams as late as they connect. */
  readonly sourcePort?: number | undefined;
  readonly options?: NativeSocketOptions | undefined;
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
  /** Whether this host is of the program's own namespace. */
  isOwnNamespace(): boolean;
  /** Whether that is the namespace of this host. */
  isNamespace(netns: string | number): boolean;
  /**
   * A socket that is held to an interface and a source, in the namespace of this host, verified by reading it back. The caller
   * owns the descriptor.
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_NO_ADDRESS, ERR_MIF_SCOPE_REQUIRED,
   * ERR_MIF_PERMISSION, ERR_MIF_UNSUPPORTED, ERR_MIF_BIND_UNSUPPORTED, ERR_MIF_BIND_FAILED, ERR_MIF_CLOSED
   */
  createBoundSocket(request: SocketRequest): number;
  /** What is about to happen to its interfaces, as somebody has said. */
  readonly intents: HostIntents;
  /** Is told when the host ends, until it is removed. */
  addEnding(ending: HostEnding): void;
  removeEnding(ending: HostEnding): void;
}
