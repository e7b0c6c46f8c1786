// SPDX-License-Identifier: MIT
// Pooled sockets and the paths that they are held to: tells which have lost theirs, and looks only while there are some.

import type { Socket } from 'node:net';
import { MifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { HostChange } from '../snapshot/change.ts';
import type { Carrier } from '../via/carrier.ts';

/** What becomes of sockets whose path is lost: all end at once, or those in use may end what they are at. */
export type PathLostPolicy = 'destroy' | 'drain';

interface Watched {
  readonly carrier: Carrier;
  /** Address that it is bound to. */
  readonly source: string | undefined;
  readonly onLost: (error: MifError) => void;
}

export class PathWatch {
  readonly #host: Host;
  readonly #watched = new Map<Socket, Watched>();
  #unobserve: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Sockets whose path is not lost. */
  get size(): number {
    return this.#watched.size;
  }

  /** Until the socket closes. `onLost` is called once at most. */
  add(socket: Socket, carrier: Carrier, source: string | undefined, onLost: (error: MifError) => void): void {
    this.#watched.set(socket, { carrier, source, onLost });
    socket.once('close', () => this.#forget(socket));
    this.#unobserve ??= accessOf(this.#host).observe({
      changed: (change) => this.#look(change),
      // Sockets outlive the host that made them, but nobody tells of their paths any more.
      closed: () => {
        this.#unobserve = undefined;
        this.#watched.clear();
      },
    });
  }

  #forget(socket: Socket): void {
    this.#watched.delete(socket);
    if (this.#watched.size > 0) return;
    this.#unobserve?.();
    this.#unobserve = undefined;
  }

  #look(change: HostChange): void {
    const { added, changed, removed } = change;
    if (!removed.interfaces && !changed.interfaces && !removed.pvds && !removed.addresses) return;
    // An address that was replaced is both; what it is used for goes on.
    const returned = new Set(added.addresses?.map(({ index, address }) => `${index} ${address}`));
    for (const [socket, { carrier, source, onLost }] of [...this.#watched]) {
      const { interface: link, pvd } = carrier;
      let why: string | undefined;
      if (removed.interfaces?.some(({ id }) => id === link.id)) why = 'the interface went away';
      else if (changed.interfaces?.some(({ after }) => after.id === link.id && !after.adminUp))
        why = 'the interface was set down';
      else if (pvd !== undefined && removed.pvds?.some(({ handle }) => handle === pvd.handle))
        why = 'the provisioning domain ended';
      else if (
        removed.addresses?.some(
          ({ index, address }) => index === link.index && address === source && !returned.has(`${index} ${address}`),
        )
      )
        why = `its address ${source} was removed`;
      if (why === undefined) continue;
      this.#forget(socket);
      onLost(lost(carrier, why));
    }
  }
}

function lost({ interface: link, pvd }: Carrier, why: string): MifError {
  return new MifError('ERR_MIF_PATH_LOST', `the connection over ${pvd?.id ?? link.name} is lost: ${why}`, {
    interface: link.name,
    pvd: pvd?.id,
  });
}
