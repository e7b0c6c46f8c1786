// SPDX-License-Identifier: MIT
// Which way a connection goes, asked of its socket (PVD-39): an address may be in several domains, and a name says nothing.

import type { Socket } from 'node:net';
import { isHeldStream } from './held-stream.ts';

/** The way of one connection. */
export interface SocketPath {
  /** Name that its interface had when it was made; absent where the system chose. */
  readonly interface?: string | undefined;
  /** Index of that interface. */
  readonly index?: number | undefined;
  /** Id of the provisioning domain, where one was meant. */
  readonly pvd?: string | undefined;
  /** Address that it leaves from; null when the socket is closed. */
  readonly source: string | null;
  /** False where `via` could not be kept to and `strict: false` left the way to the system. */
  readonly strict: boolean;
}

/** The way of a socket that `connect()` made, also of a TLS one; undefined of any other. */
export function pathOf(socket: Socket): SocketPath | undefined {
  const stream = carriers.get(socket) ?? socket;
  if (!isHeldStream(stream)) return undefined;
  const { interface: link, pvd, isLoose = false } = stream.path;
  return Object.freeze({
    interface: link?.name,
    index: link?.index,
    pvd,
    source: stream.localAddress ?? null,
    strict: !isLoose,
  });
}

/** Takes note that a socket talks through another one. */
export function carriedBy(socket: Socket, carrier: Socket): void {
  carriers.set(socket, carrier);
}

const carriers = new WeakMap<Socket, Socket>();
