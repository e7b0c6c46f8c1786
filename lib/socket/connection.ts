// SPDX-License-Identifier: MIT
// One attempt to connect from one address over one interface, made in the namespace of a host by its monitor: bound, then
// connected, then read back, and only then a socket of Node's. A socket that Node connects itself may be replaced by an
// unbound one on the way: by the second address of a name, or when it reads before it is connected.

import type { Socket } from 'node:net';
import { type NativeOutcome, native } from '../binding/native.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { Interface } from '../snapshot/change.ts';
import { heldElsewhere } from './bind.ts';
import { connectError } from './connect-error.ts';
import type { Endpoint } from './endpoint.ts';
import { HeldDescriptor } from './held-descriptor.ts';
import { holdPath } from './path-hold.ts';

export interface ConnectionRequest {
  readonly endpoint: Endpoint;
  /** Interface to leave through; absent leaves that to the kernel. */
  readonly interface?: Interface | undefined;
  /** Address to leave from, without zone; absent leaves that to the kernel. */
  readonly source?: string | undefined;
  /** Id of the domain, for errors. */
  readonly pvd?: string | undefined;
}

/** A connection that nobody reads yet. Its owner calls `take` or `close`; when its interface ends before, it is closed. */
export class Connection {
  readonly #descriptor: HeldDescriptor;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  /** From the start of the attempt to its end, milliseconds. */
  readonly elapsedMs: number;

  constructor(descriptor: HeldDescriptor, { localAddress, localPort, elapsedMs }: NativeOutcome) {
    this.#descriptor = descriptor;
    this.localAddress = localAddress;
    this.localPort = localPort;
    this.elapsedMs = elapsedMs;
  }

  /**
   * The socket, connected; from now on the caller's, and destroyed with ERR_MIF_PATH_LOST when its interface ends. Throws
   * when Node cannot make it, and the descriptor is closed.
   * @throws MifError ERR_MIF_CLOSED the second time, ERR_MIF_PATH_LOST
   */
  take({ allowHalfOpen = false }: { allowHalfOpen?: boolean } = {}): Socket {
    return this.#descriptor.pass(
      (fd) => {
        // Not an import: who only looks at networks does not load Node's sockets.
        const { Socket } = process.getBuiltinModule('node:net');
        return new Socket({ fd, readable: true, writable: true, allowHalfOpen });
      },
      (socket, error) => socket.destroy(error),
    );
  }

  /** Closes a connection that nobody took. Safe twice. */
  close(): void {
    this.#descriptor.close();
  }
}

export type ConnectionOutcome = { readonly connection: Connection } | { readonly error: Error };

/**
 * Starts an attempt.
 * @param done - called once, later, and not after the attempt was given up.
 * @returns gives the attempt up. Safe twice, and after the outcome.
 * @throws MifError ERR_MIF_CLOSED, ERR_MIF_INVALID_ARG
 */
export function attemptConnection(
  host: Host,
  request: ConnectionRequest,
  done: (outcome: ConnectionOutcome) => void,
): () => void {
  const { endpoint, interface: link, source, pvd } = request;
  return accessOf(host).connect(
    {
      family: endpoint.family,
      type: 'stream',
      interfaceIndex: link?.index ?? 0,
      ...(link === undefined ? {} : { interfaceName: link.name }),
      ...(source === undefined ? {} : { source }),
      destination: endpoint.address,
      port: endpoint.port,
    },
    (outcome) => done(judge(outcome, request)),
  );

  function judge(outcome: NativeOutcome, { endpoint }: ConnectionRequest): ConnectionOutcome {
    const { fd, failure } = outcome;
    if (fd === undefined) {
      const told = failure ?? { code: 'ERR_MIF_KERNEL', message: 'the attempt ended without an outcome' };
      return { error: connectError(told, endpoint, { interface: link?.name, pvd }) };
    }
    if (link === undefined) return { connection: new Connection(new HeldDescriptor(fd, undefined), outcome) };
    // Read back after connecting: nothing was sent yet that a peer could mistake for ours (trap F5, F7).
    const hold = outcome.interfaceIndex === link.index ? holdPath(host, link, pvd) : undefined;
    if (hold !== undefined && hold.error === undefined) {
      return { connection: new Connection(new HeldDescriptor(fd, hold), outcome) };
    }
    native().closeDescriptor(fd);
    return { error: hold?.error ?? heldElsewhere(link) };
  }
}
