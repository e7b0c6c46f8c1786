// SPDX-License-Identifier: MIT
// A socket held to an interface and a source address before anything can leave through another, as a bare descriptor: the
// lowest level, for other libraries. Fails closed: what could not be bound as asked does not exist (trap 9).

import { isLinkLocal, parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import { type NativeBoundSocket, native } from '../binding/native.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { Interface } from '../snapshot/change.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import { snapshotNaming } from '../via/named-interface.ts';
import { requireNoMark, sourceFor } from './carrier-source.ts';

export interface BoundSocketOptions {
  family: 4 | 6;
  type: 'stream' | 'datagram';
  via: Via;
  /**
   * Address to bind to, without zone. Default: with a domain its first preferred address, with an interface the kernel
   * chooses.
   */
  source?: string;
  /** Port to bind to. Default: the kernel chooses, for streams as late as connect. */
  sourcePort?: number;
}

/** A descriptor that is non-blocking, close-on-exec, and held to `interface`. Whoever made it closes or adopts it. */
export class BoundSocket {
  #fd: number;
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
  constructor(bound: NativeBoundSocket, { family, type }: BoundSocketOptions, carrier: Carrier, source?: string) {
    this.#fd = bound.fd;
    this.family = family;
    this.type = type;
    this.interface = carrier.interface.name;
    this.index = bound.interfaceIndex;
    this.pvd = carrier.pvd?.id;
    this.source = source;
  }

  /** The descriptor; -1 once it was closed or adopted. */
  get fd(): number {
    return this.#fd;
  }

  /**
   * Gives the descriptor away: closing it is the caller's task from now on.
   * @throws MifError ERR_MIF_CLOSED the second time
   */
  adopt(): number {
    const fd = this.#fd;
    if (fd < 0) throw new MifError('ERR_MIF_CLOSED', 'the bound socket was closed or adopted before');
    this.#fd = -1;
    return fd;
  }

  /** Closes the descriptor, unless it was adopted. Safe twice. */
  close(): void {
    if (this.#fd >= 0) native().closeDescriptor(this.adopt());
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Makes a socket held to what `via` stands for now.
 * @throws MifError ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_UNKNOWN_ID, ERR_MIF_NO_PATH, ERR_MIF_NO_ADDRESS, ERR_MIF_INVALID_ARG,
 * ERR_MIF_PERMISSION, ERR_MIF_BIND_UNSUPPORTED, ERR_MIF_BIND_FAILED, ERR_MIF_CLOSED
 */
export function createBoundSocket(host: Host, options: BoundSocketOptions): BoundSocket {
  const { family, type, via, sourcePort } = options;
  const access = accessOf(host);
  let source: string | undefined;
  const carrier = findCarrier(snapshotNaming(access, via), via, (candidate) => {
    requireNoMark(candidate);
    source =
      options.source === undefined ? sourceFor(candidate, family) : checkSource(candidate, family, options.source);
  });
  const bound = access.createBoundSocket({
    family,
    type,
    interfaceIndex: carrier.interface.index,
    interfaceName: carrier.interface.name,
    ...(source === undefined ? {} : { source }),
    ...(sourcePort === undefined ? {} : { sourcePort }),
  });
  if (bound.interfaceIndex !== carrier.interface.index) {
    native().closeDescriptor(bound.fd);
    throw heldElsewhere(carrier.interface);
  }
  return new BoundSocket(bound, options, carrier, source);
}

/** A socket that does not read back as held to its interface: nothing may leave through it. */
export function heldElsewhere({ name }: Interface): MifError {
  return new MifError('ERR_MIF_BIND_FAILED', `cannot hold a socket to ${name}: the kernel reads back another device`, {
    interface: name,
  });
}

/** A source of another domain would leave through this one's router (trap F7). */
function checkSource({ pvd, sources, interface: link }: Carrier, family: 4 | 6, source: string): string {
  const parsed = parseIpAddress(source);
  if (parsed?.family !== family || parsed.zone !== undefined) {
    throw new MifError('ERR_MIF_INVALID_ARG', `option source: '${source}' is not an IPv${family} address without zone`);
  }
  if (pvd !== undefined && !isLinkLocal(source) && !pvd.addresses.some(({ address }) => address === source)) {
    throw new MifError('ERR_MIF_NO_ADDRESS', `provisioning domain '${pvd.id}' does not have the address ${source}`, {
      pvd: pvd.id,
    });
  }
  if (sources?.includes(source) === false) {
    throw new MifError(
      'ERR_MIF_NO_ADDRESS',
      `via is held to other addresses of ${pvd?.id ?? link.name} than ${source}`,
      {
        interface: link.name,
        pvd: pvd?.id,
      },
    );
  }
  return source;
}
