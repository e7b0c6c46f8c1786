// SPDX-License-Identifier: MIT
// The connections of one subscriber, from the request to the moment when its socket is somebody else's: attempts,
// outcomes, tokens, ids (draft-ietf-mif-api-extension-05 sec. 3.2.7.22 to 3.2.7.25). Opens no socket itself.

import type { Socket } from 'node:net';
import { MifError } from '../binding/mif-error.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { Interface } from '../snapshot/change.ts';
import { ConnectionHints } from './connection-hints.ts';
import type { AddressLiteral } from './destination.ts';
import type { MifMessage, NotConnectedReason } from './message.ts';
import type { AdoptableConnection, ConnectAttempt, ConnectOutcome, SessionNetwork, TakeOptions } from './network.ts';
import { describeError, isLocalFault, reasonOf } from './not-connected.ts';
import type { QueueEntry } from './queue.ts';
import type { ConnectionId } from './reference.ts';

/** One way to leave. */
export interface SourceChoice {
  /** Without zone. */
  address: string;
  /** The interface that has it. */
  interface: Interface;
}

/** A request that may be tried. */
export interface ConnectOrder {
  connectionId: ConnectionId;
  destination: AddressLiteral;
  port: number;
  pvd: ProvisioningDomain;
  /** At least one; tried in this order as long as the fault is local. */
  sources: readonly SourceChoice[];
}

/** Queues an answer; `onRead` is called when it is read. */
export type AnswerQueue = {
  add(message: MifMessage, onRead?: () => void): QueueEntry;
  remove(entry: QueueEntry): void;
};

// A domain may have thousands of addresses; that many failures in a row are not the fault of the next one.
const maxSources = 8;

type Phase =
  | { is: 'trying'; order: ConnectOrder; since: number; source: SourceChoice; attempt: ConnectAttempt | undefined }
  | { is: 'failed'; answer: QueueEntry }
  | { is: 'connected'; answer: QueueEntry; token: string; connection: AdoptableConnection }
  | { is: 'taken' };

export class Connections {
  readonly #network: SessionNetwork;
  /** What the subscriber says of those that came about, as long as they are open. */
  readonly hints: ConnectionHints;
  readonly #answers: AnswerQueue;
  readonly #phases = new Map<ConnectionId, Phase>();
  readonly #idOfToken = new Map<string, ConnectionId>();
  #trying = 0;

  constructor(network: SessionNetwork, answers: AnswerQueue) {
    this.#network = network;
    this.#answers = answers;
    this.hints = new ConnectionHints((interfaceId, use) => network.useChanged?.(this, interfaceId, use));
  }

  /** Attempts without an outcome. */
  get trying(): number {
    return this.#trying;
  }

  /** Whether an id still names something: an attempt, an unread outcome, a token or an open socket (MIF-61). */
  has(id: ConnectionId): boolean {
    return this.#phases.has(id);
  }

  /** Starts with the first source. The id must be free. */
  start(order: ConnectOrder): void {
    this.hints.clear();
    this.#trying += 1;
    this.#try(order, 0, this.#network.now());
  }

  /** Answers a request that cannot be tried. The id must be free. */
  refuse(connectionId: ConnectionId, reason: NotConnectedReason, error: Error): void {
    const answer = this.#answers.add(
      { type: 'not-connected', connectionId, reason, error: describeError(error) },
      // Free once read: before, a second outcome of the same name could not be told from the first.
      () => this.#phases.delete(connectionId),
    );
    this.#phases.set(connectionId, { is: 'failed', answer });
  }

  /** Gives up whatever the id names, unless its socket was taken; no outcome follows (MIF-60). */
  stop(id: ConnectionId): void {
    const phase = this.#phases.get(id);
    if (!phase || phase.is === 'taken') return;
    this.#phases.delete(id);
    this.hints.remove(id);
    this.#abandon(phase);
  }

  /** Ends the attempts inside a domain that has gone (MIF-64). */
  endPvd(handle: string): void {
    this.#failTrying(
      ({ order }) => order.pvd.handle === handle,
      'pvd-gone',
      ({ pvd }) =>
        new MifError('ERR_MIF_PATH_LOST', `${pvd.handle} (${pvd.id}) ended during the attempt`, { pvd: pvd.id }),
    );
  }

  /** Ends the attempts over an interface that a domain, which lives on, has left. */
  endPvdOn(handle: string, interfaceId: string): void {
    this.#failTrying(
      ({ order, source }) => order.pvd.handle === handle && source.interface.id === interfaceId,
      'interface-gone',
      ({ pvd }, { interface: { name } }) =>
        new MifError('ERR_MIF_PATH_LOST', `${pvd.handle} (${pvd.id}) left ${name} during the attempt`, {
          interface: name,
        }),
    );
  }

  /** Turns a token into its socket, once (MIF-62). */
  take(token: string, options: TakeOptions | undefined): Socket {
    const id = this.#idOfToken.get(token);
    const phase = id === undefined ? undefined : this.#phases.get(id);
    if (id === undefined || phase?.is !== 'connected') {
      throw new MifError('ERR_MIF_UNKNOWN_ID', `no connection waits under the token "${token}"`, {
        hint: 'A token can be taken once; stop-connecting and close() end it.',
      });
    }
    this.#idOfToken.delete(token);
    this.#phases.delete(id);
    const socket = this.#takeSocket(id, phase.connection, options);
    // The id names the connection as long as the socket is open: later messages may speak of it (MIF-61, MIF-71).
    const taken: Phase = { is: 'taken' };
    this.#phases.set(id, taken);
    socket.once('close', () => {
      if (this.#phases.get(id) !== taken) return;
      this.#phases.delete(id);
      this.hints.remove(id);
    });
    return socket;
  }

  /** Cancels attempts and closes what nobody took (MIF-12). Sockets that were taken live on. */
  close(): void {
    for (const phase of this.#phases.values()) if (phase.is !== 'taken') this.#abandon(phase);
    this.#phases.clear();
    this.hints.removeAll();
  }

  /** One that cannot be made is closed. */
  #takeSocket(id: ConnectionId, connection: AdoptableConnection, options: TakeOptions | undefined): Socket {
    try {
      return connection.take(options);
    } catch (error) {
      this.hints.remove(id);
      throw error;
    }
  }

  #try(order: ConnectOrder, turn: number, since: number): void {
    const { connectionId, destination, port } = order;
    const source = order.sources[turn]!;
    const phase: Phase = { is: 'trying', order, since, source, attempt: undefined };
    this.#phases.set(connectionId, phase);
    phase.attempt = this.#network.connect(
      {
        family: destination.family,
        source: source.address,
        interface: source.interface,
        destination: destination.address,
        port,
      },
      (outcome) => {
        if (this.#phases.get(connectionId) !== phase) {
          // Given up in the meantime. An outcome should not follow, a connection must not leak.
          if ('connection' in outcome) outcome.connection.close();
          return;
        }
        this.#conclude(order, turn, since, outcome);
      },
    );
  }

  #conclude(order: ConnectOrder, turn: number, since: number, outcome: ConnectOutcome): void {
    const { connectionId, sources } = order;
    if ('error' in outcome) {
      if (isLocalFault(outcome.error) && turn + 1 < Math.min(sources.length, maxSources)) {
        this.#try(order, turn + 1, since);
        return;
      }
      this.#trying -= 1;
      this.refuse(connectionId, reasonOf(outcome.error), outcome.error);
      return;
    }
    this.#trying -= 1;
    const { connection } = outcome;
    const source = sources[turn]!;
    const token = crypto.randomUUID();
    const answer = this.#answers.add({
      type: 'connected',
      connectionId,
      token,
      source: source.address,
      ...(connection.localPort !== undefined && { localPort: connection.localPort }),
      address: order.destination.address,
      port: order.port,
      pvd: { handle: order.pvd.handle, id: order.pvd.id },
      interface: { id: source.interface.id, index: source.interface.index, name: source.interface.name },
      elapsedMs: Math.round(this.#network.now() - since),
      enforcement: 'strict',
    });
    this.#idOfToken.set(token, connectionId);
    this.#phases.set(connectionId, { is: 'connected', answer, token, connection });
    this.hints.add(connectionId, source.interface.id);
  }

  #failTrying(
    isConcerned: (phase: Extract<Phase, { is: 'trying' }>) => boolean,
    reason: NotConnectedReason,
    errorFor: (order: ConnectOrder, source: SourceChoice) => Error,
  ): void {
    for (const [id, phase] of [...this.#phases]) {
      if (phase.is !== 'trying' || !isConcerned(phase)) continue;
      this.#phases.delete(id);
      this.#abandon(phase);
      this.refuse(id, reason, errorFor(phase.order, phase.source));
    }
  }

  #abandon(phase: Phase): void {
    switch (phase.is) {
      case 'trying':
        this.#trying -= 1;
        phase.attempt?.cancel();
        break;
      case 'failed':
        this.#answers.remove(phase.answer);
        break;
      case 'connected':
        this.#answers.remove(phase.answer);
        this.#idOfToken.delete(phase.token);
        phase.connection.close();
        break;
      case 'taken':
        break;
    }
  }
}
