// SPDX-License-Identifier: MIT
// What a subscriber says of its connections: nothing is expected of them for now, or they may break
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.26.2, .3). Added up by interface, so that a radio is idle only when every
// connection over it is (MIF-71). Hints: nothing here ends a connection.

import type { ConnectionUse } from './network.ts';
import type { ConnectionId } from './reference.ts';

type Hint = keyof ConnectionUse;

interface Hinted {
  readonly interfaceId: string;
  readonly hints: Set<Hint>;
}

type Counts = Record<Hint | 'live', number>;

export class ConnectionHints {
  readonly #report: (interfaceId: string, use: ConnectionUse | undefined) => void;
  readonly #connections = new Map<ConnectionId, Hinted>();
  /** Counts, because a program may have many connections. */
  readonly #interfaces = new Map<string, Counts>();
  #hinted = 0;

  /** @param report - is told what is true of an interface when it may have changed; undefined without connections. */
  constructor(report: (interfaceId: string, use: ConnectionUse | undefined) => void) {
    this.#report = report;
  }

  /** A connection came about. */
  add(id: ConnectionId, interfaceId: string): void {
    this.#connections.set(id, { interfaceId, hints: new Set() });
    this.#count(interfaceId, 'live', 1);
    this.#tell(interfaceId);
  }

  /** It has ended. Safe for what is not there. */
  remove(id: ConnectionId): void {
    const connection = this.#connections.get(id);
    if (!connection) return;
    this.#connections.delete(id);
    this.#forget(connection);
    this.#count(connection.interfaceId, 'live', -1);
    this.#tell(connection.interfaceId);
  }

  removeAll(): void {
    for (const id of [...this.#connections.keys()]) this.remove(id);
  }

  /** Says something of one connection, or of all there are. */
  say(hint: Hint, id?: ConnectionId): void {
    const meant = id === undefined ? [...this.#connections.values()] : [this.#connections.get(id)];
    for (const connection of meant) {
      if (!connection || connection.hints.has(hint)) continue;
      connection.hints.add(hint);
      this.#hinted += 1;
      this.#count(connection.interfaceId, hint, 1);
      this.#tell(connection.interfaceId);
    }
  }

  /** Whoever wants to connect, or does, is not idle. */
  clear(): void {
    if (this.#hinted === 0) return;
    for (const connection of this.#connections.values()) {
      if (connection.hints.size === 0) continue;
      this.#forget(connection);
      this.#tell(connection.interfaceId);
    }
  }

  #forget({ interfaceId, hints }: Hinted): void {
    for (const hint of hints) this.#count(interfaceId, hint, -1);
    this.#hinted -= hints.size;
    hints.clear();
  }

  #count(interfaceId: string, what: keyof Counts, by: number): void {
    const counts = this.#interfaces.get(interfaceId) ?? { live: 0, isIdle: 0, canBeBroken: 0 };
    counts[what] += by;
    this.#interfaces.set(interfaceId, counts);
  }

  #tell(interfaceId: string): void {
    const { live, isIdle, canBeBroken } = this.#interfaces.get(interfaceId)!;
    if (live === 0) this.#interfaces.delete(interfaceId);
    this.#report(interfaceId, live === 0 ? undefined : { isIdle: isIdle === live, canBeBroken: canBeBroken === live });
  }
}
