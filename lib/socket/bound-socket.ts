// SPDX-License-Identifier: MIT
// A socket held to an interface and a source address before anything can leave through another, as a bare descriptor: the
// lowest level, for other libraries.

import { MifError } from '../binding/mif-error.ts';
import type { Host } from '../host/host.ts';
import type { Carrier, Via } from '../via/carrier.ts';
import { type Bound, bindDescriptor } from './bind.ts';
import type { HeldDescriptor } from './held-descriptor.ts';
import type { Endable } from './path-hold.ts';
import type { SocketOptions } from './socket-options.ts';

export interface BoundSocketOptions extends SocketOptions {
  family: 4 | 6;
  type: 'stream' | 'datagram';
  via: Via;
  /**
   * Address to bind to, without zone; one of the interface's. Default: with a domain its first preferred address, with an
   * interface the kernel chooses.
   */
  source?: string | undefined;
  /** Port to bind to. Default: the kernel chooses, for streams as late as connect. */
  sourcePort?: number | undefined;
  /**
   * A stream that speaks Multipath TCP (RFC 8684) where the peer does. Its first subflow is held to the interface; further
   * ones leave as the system's own MPTCP endpoints say. Default false.
   */
  multipath?: boolean | undefined;
}

/**
 * A descriptor that is non-blocking, close-on-exec, and held to `interface`. Whoever made it closes or adopts it; when the
 * interface ends before, it is closed.
 */
export class BoundSocket {
  readonly #descriptor: HeldDescriptor;
  readonly family: 4 | 6;
  readonly type: 'stream' | 'datagram';
  /** Name of the interface it is held to. */
  readonly interface: string;
  /** Index that the kernel reads back as the one it is held to. */
  readonly index: number;
  /** Id of the domain that it was made for. */
  readonly pvd: string | undefined;
  /** Address it is bound to; absent where the kernel chooses. */
  readonly source: string | undefined;

  /** Use createBoundSocket. */
  constructor({ descriptor, source }: Bound, { interface: link, pvd }: Carrier, { family, type }: BoundSocketOptions) {
    this.#descriptor = descriptor;
    this.family = family;
    this.type = type;
    this.interface = link.name;
    this.index = link.index;
    this.pvd = pvd?.id;
    this.source = source;
  }

  /** The descriptor; -1 once it was closed or adopted, or its interface ended. */
  get fd(): number {
    return this.#descriptor.fd;
  }

  /**
   * Gives the descriptor away: closing it is the caller's task from now on, also when its interface ends.
   * @throws MifError ERR_MIF_CLOSED the second time, ERR_MIF_PATH_LOST when the interface has ended
   */
  adopt(): number;
  /**
   * Gives the descriptor to a socket that `make` makes of it, such as `new net.Socket({ fd, manualStart: true })`. When the
   * interface ends, the socket is destroyed with ERR_MIF_PATH_LOST. If `make` throws, the descriptor is closed.
   * @throws as above; what `make` throws
   */
  adopt<T extends Endable & object>(make: (fd: number) => T): T;
  adopt<T extends Endable & object>(make?: (fd: number) => T): T | number {
    if (make === undefined) return this.#descriptor.release();
    return this.#descriptor.pass(make, (owner, error) => owner.destroy(error));
  }

  /** Closes the descriptor, unless it was adopted. Safe twice. */
  close(): void {
    this.#descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Makes a socket held to what `via` stands for now.
 * @throws MifError ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_UNKNOWN_ID, ERR_MIF_NO_PATH, ERR_MIF_NO_ADDRESS,
 * ERR_MIF_INVALID_ARG, ERR_MIF_PERMISSION, ERR_MIF_UNSUPPORTED, ERR_MIF_BIND_UNSUPPORTED, ERR_MIF_BIND_FAILED,
 * ERR_MIF_PATH_LOST, ERR_MIF_CLOSED
 */
export function createBoundSocket(host: Host, options: BoundSocketOptions): BoundSocket {
  // Held to nothing it would be an ordinary socket, which is not what was asked for.
  if (options.via === undefined) throw new MifError('ERR_MIF_INVALID_ARG', 'option via: nothing is named');
  const bound = bindDescriptor(host, options);
  return new BoundSocket(bound, bound.carrier!, options);
}
