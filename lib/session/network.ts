// SPDX-License-Identifier: MIT
// What a session needs of the world: a picture that changes, a clock, and somebody who can connect.
// Types only. The composition room implements them over a host, tests over plain records; the session itself
// knows neither a socket nor a kernel (draft-ietf-mif-api-extension-05 sec. 3.2.4, 3.2.5).

import type { Socket } from 'node:net';
import type { InterfaceIntent } from '../pvd/interface-intent.ts';
import type { ProvisioningDomain, PvdAddress } from '../pvd/provisioning-domain.ts';
import type { HostChange, Interface, Snapshot } from '../snapshot/change.ts';
import type { NameTranslation, TranslationStatus } from './message.ts';

/** The network below a session. */
export interface SessionNetwork {
  /** The present picture. Between `snapshot()` and `subscribe()` in one tick no change is lost. */
  snapshot(): DatedSnapshot;
  /** Reports every change from now on until the returned function is called. */
  subscribe(observer: NetworkObserver): () => void;
  /** Milliseconds on the clock that lifetimes run on: monotonic, counting suspend (MIF-86). */
  now(): number;
  /** The domain's own addresses that may be the source for a destination, best first (MIF-56, PVD-37). */
  chooseSources(pvd: ProvisioningDomain, destination: Destination): readonly PvdAddress[];
  /**
   * Starts one attempt to connect from one address over one interface; the socket is held to both before the
   * first packet leaves (MIF-63). `done` is called once, now or later, and not after `cancel()`.
   */
  connect(request: ConnectRequest, done: (outcome: ConnectOutcome) => void): ConnectAttempt;
  /**
   * Asks for the addresses of a name in a domain, of one family, and asks nobody outside of it (MIF-55). `done` is called once, never
   * at once, and not after `cancel()`. Absent: there is nobody to ask.
   */
  translate?(request: TranslateRequest, done: (outcome: TranslationOutcome) => void): { cancel(): void };
  /** What somebody has said is about to happen to an interface (MIF-75). Absent: nobody can say. */
  intentOf?(interfaceId: string): InterfaceIntent | undefined;
  /** A subscriber lacks a network (MIF-68). Absent: nobody can bring one up. */
  wantsToConnect?(wish: { interface?: string; pvd?: string }): void;
  /** What a subscriber says of all its connections over an interface; undefined when it has none (MIF-71). */
  useChanged?(subscriber: object, interfaceId: string, use: ConnectionUse | undefined): void;
  /** The system's default domain, where it has one (PVD-33). Absent: it knows of none. */
  defaultPvd?(): ProvisioningDomain | undefined;
  /** Keeps the event loop alive until `release()`; called while somebody waits for a message. Calls are paired. */
  retain(): void;
  release(): void;
}

/** What is true of all of some connections. */
export interface ConnectionUse {
  readonly isIdle: boolean;
  readonly canBeBroken: boolean;
}

/** A picture of some moment, which may be long ago when nothing has changed since. */
export interface DatedSnapshot extends Snapshot {
  /** The moment from which its lifetimes count, on the clock of `SessionNetwork.now()`. */
  readonly now: number;
}

/** Who is told of changes, synchronously: all of one change before anything else of it is read (MIF-81). */
export interface NetworkObserver {
  /** The lifetimes in the records of a change count from `SessionNetwork.now()`. */
  changed(change: HostChange): void;
  /** `SessionNetwork.intentOf` says something else of an interface. */
  intentChanged?(interfaceId: string): void;
  /** Nothing follows; `error` says why when nobody asked for it. */
  closed(error?: Error): void;
}

/** Where to connect to. */
export interface Destination {
  family: 4 | 6;
  /** Without zone. */
  address: string;
}

export interface ConnectRequest {
  family: 4 | 6;
  /** Address to leave from, without zone. */
  source: string;
  /** Interface to leave through. */
  interface: Interface;
  /** Destination address, without zone. */
  destination: string;
  port: number;
}

export interface TranslateRequest {
  pvd: ProvisioningDomain;
  /** As it was posted. */
  name: string;
  family: 4 | 6;
}

/** What became of a name. */
export type TranslationOutcome =
  | {
      readonly addresses: readonly string[];
      readonly origin: NameTranslation['origin'];
      readonly server: string | null;
    }
  | { readonly status: TranslationStatus };

export interface ConnectAttempt {
  /** Gives the attempt up and closes its socket. Safe twice, and after the outcome. */
  cancel(): void;
}

/** How an attempt ended. */
export type ConnectOutcome =
  | { readonly connection: AdoptableConnection }
  /** A MifError, or an error with the system's code such as `ECONNREFUSED`. */
  | { readonly error: Error };

/** A connection that nobody reads yet. Its owner calls `take` or `close`, once. */
export interface AdoptableConnection {
  readonly localPort?: number | undefined;
  /** The socket; from now on the caller's. Throws when it cannot be made, and the descriptor is closed. */
  take(options?: TakeOptions): Socket;
  /** Closes a connection that nobody took. */
  close(): void;
}

export interface TakeOptions {
  /** As of `net.Socket`. Default false. */
  allowHalfOpen?: boolean;
}
