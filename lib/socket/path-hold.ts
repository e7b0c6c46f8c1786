// SPDX-License-Identifier: MIT
// Which open sockets are held to which interface, by its id. When the interface ends they end, with ERR_MIF_PATH_LOST: the
// kernel leaves them open, and a later device of the same index would inherit them (trap F5). Costs nothing while other
// interfaces come and go.

import { MifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { Interface } from '../snapshot/change.ts';
import { keepToHandle } from './held-handle.ts';
import { dropUnsent } from './unsent-data.ts';

/** A socket of Node's, or of somebody else's, that can be ended. */
export interface Endable {
  destroy(error: Error): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** Who has a socket that is held to an interface. */
export interface PathHolder {
  /** Undefined only for one that is not held. */
  readonly interfaceId: string | undefined;
  /** The interface has ended. */
  lose(): void;
}

/** What a socket ends with when its interface has ended. */
export function pathLost({ name, index }: Interface, pvd: string | undefined): MifError {
  return new MifError('ERR_MIF_PATH_LOST', `interface ${name} (index ${index}) is gone; the socket was held to it`, {
    interface: name,
    pvd,
  });
}

/** Who holds an interface: one socket, whoever owns it. Let go of when the socket is closed. */
export class PathHold implements PathHolder {
  readonly #host: Host;
  readonly #link: Interface;
  readonly #pvd: string | undefined;
  #end: ((error: MifError) => void) | undefined;
  #error: MifError | undefined;

  /** Use holdPath. */
  constructor(host: Host, link: Interface, pvd: string | undefined) {
    this.#host = host;
    this.#link = link;
    this.#pvd = pvd;
  }

  get interfaceId(): string {
    return this.#link.id;
  }

  /** ERR_MIF_PATH_LOST, once the interface has ended. */
  get error(): MifError | undefined {
    return this.#error;
  }

  /** Says how the socket is ended, in place of what was said before; at once if the interface has ended. */
  whenLost(end: (error: MifError) => void): void {
    this.#end = end;
    if (this.#error !== undefined) this.#tell(this.#error);
  }

  /** The socket belongs to an object now, which is ended when the interface ends, and is not kept alive for that. */
  pass<T extends Pick<Endable, 'once'> & object>(owner: T, end: (owner: T, error: MifError) => void): void {
    const weak = new WeakRef(owner);
    keepToHandle(owner);
    owner.once('close', () => this.release());
    forgotten.register(owner, this);
    this.whenLost((error) => {
      const present = weak.deref();
      if (present === undefined) return;
      dropUnsent(present);
      end(present, error);
    });
  }

  /** The socket is closed, or nobody's affair any more. Safe twice. */
  release(): void {
    this.#end = undefined;
    registries.get(this.#host)?.remove(this);
  }

  /** The interface has ended. */
  lose(): void {
    this.#error = pathLost(this.#link, this.#pvd);
    this.#tell(this.#error);
  }

  #tell(error: MifError): void {
    const end = this.#end;
    this.#end = undefined;
    try {
      end?.(error);
    } catch (thrown) {
      // Of somebody else's socket: the others end all the same.
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}

/**
 * Takes note of a socket that is held to an interface. The interface may have ended since it was looked up: then the hold has
 * an error.
 * @throws MifError ERR_MIF_CLOSED
 */
export function holdPath(host: Host, link: Interface, pvd?: string): PathHold {
  const hold = new PathHold(host, link, pvd);
  heldPathsOf(host).add(hold);
  return hold;
}

/** The holders of a host's interfaces. */
export function heldPathsOf(host: Host): HeldPaths {
  let paths = registries.get(host);
  if (paths === undefined) {
    paths = new HeldPaths(host);
    registries.set(host, paths);
  }
  return paths;
}

/** The holders of one host's interfaces. Observes it while there are any. */
export class HeldPaths {
  readonly #host: Host;
  readonly #byInterface = new Map<string | undefined, Set<PathHolder>>();
  /** Ids of the interfaces that there are, as far as was told. */
  #present: ReadonlySet<string | undefined> | undefined;
  #stop: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /**
   * The holder loses at once if the interface has ended; when it ends later, it is told.
   * @throws MifError ERR_MIF_CLOSED
   */
  add(holder: PathHolder): void {
    const { interfaceId } = holder;
    const holders = this.#byInterface.get(interfaceId);
    // Before anything is looked at, which may tell of ends: with nobody to tell, that would be the end of observing.
    if (holders === undefined) this.#byInterface.set(interfaceId, new Set([holder]));
    else holders.add(holder);
    this.#stop ??= accessOf(this.#host).observeInterfaces({ interfacesChanged: (ids) => this.#lose(ids) });
    this.#present ??= new Set(Array.from(accessOf(this.#host).snapshot().interfaces, ({ id }) => id));
    if (this.#present.has(interfaceId) || !this.#byInterface.get(interfaceId)?.delete(holder)) return;
    holder.lose();
  }

  remove(holder: PathHolder): void {
    this.#byInterface.get(holder.interfaceId)?.delete(holder);
  }

  #lose(endedIds: readonly string[]): void {
    this.#present = undefined;
    for (const id of endedIds) {
      const holders = this.#byInterface.get(id);
      this.#byInterface.delete(id);
      for (const holder of holders ?? []) holder.lose();
    }
    // Not when the last socket is closed: the next one may come at once.
    for (const holders of this.#byInterface.values()) if (holders.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }
}

const registries = new WeakMap<Host, HeldPaths>();

/** Sockets that were collected without having been closed. */
const forgotten = new FinalizationRegistry<PathHold>((hold) => hold.release());
