// SPDX-License-Identifier: MIT
// Which open sockets are held to which interface, by its id. When the interface ends they end, with ERR_MIF_PATH_LOST: the
// kernel leaves them open, and a later device of the same index would inherit them (trap F5). Costs nothing while other
// interfaces come and go.

import { MifError } from '../binding/mif-error.ts';
import type { NativeSnapshot } from '../binding/native.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { Interface } from '../snapshot/change.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { dropUnsent } from './unsent-data.ts';

/** A socket of Node's, or of somebody else's, that can be ended. */
export interface Endable {
  destroy(error: Error): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** Who holds an interface: one socket, whoever owns it. Let go of when the socket is closed. */
export class PathHold {
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
    const { name, index } = this.#link;
    this.#error = new MifError(
      'ERR_MIF_PATH_LOST',
      `interface ${name} (index ${index}) is gone; the socket was held to it`,
      { interface: name, pvd: this.#pvd },
    );
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
  let registry = registries.get(host);
  if (registry === undefined) {
    registry = new HeldPaths(host);
    registries.set(host, registry);
  }
  registry.add(hold);
  // What ends from now on is told; only what ended before has to be asked for.
  if (!idsOf(accessOf(host).snapshot()).has(link.id) && hold.error === undefined) {
    registry.remove(hold);
    hold.lose();
  }
  return hold;
}

/** The holds of one host. Observes it while there are any. */
class HeldPaths {
  readonly #host: Host;
  readonly #byInterface = new Map<string, Set<PathHold>>();
  #stop: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  add(hold: PathHold): void {
    this.#stop ??= accessOf(this.#host).observeInterfaces({ interfacesChanged: (ids) => this.#lose(ids) });
    const holds = this.#byInterface.get(hold.interfaceId);
    if (holds === undefined) this.#byInterface.set(hold.interfaceId, new Set([hold]));
    else holds.add(hold);
  }

  remove(hold: PathHold): void {
    const holds = this.#byInterface.get(hold.interfaceId);
    if (holds === undefined || !holds.delete(hold) || holds.size > 0) return;
    this.#byInterface.delete(hold.interfaceId);
    this.#restIfEmpty();
  }

  #lose(endedIds: readonly string[]): void {
    for (const id of endedIds) {
      const holds = this.#byInterface.get(id);
      this.#byInterface.delete(id);
      for (const hold of holds ?? []) hold.lose();
    }
    this.#restIfEmpty();
  }

  #restIfEmpty(): void {
    if (this.#byInterface.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }
}

const registries = new WeakMap<Host, HeldPaths>();

/** Sockets that were collected without having been closed. */
const forgotten = new FinalizationRegistry<PathHold>((hold) => hold.release());

/** Ids of the interfaces of a snapshot, read once for each view. */
function idsOf(snapshot: HostSnapshot): ReadonlySet<string> {
  let ids = knownIds.get(snapshot.native);
  if (ids === undefined) {
    ids = new Set(Array.from(snapshot.interfaces, ({ id }) => id));
    knownIds.set(snapshot.native, ids);
  }
  return ids;
}

const knownIds = new WeakMap<NativeSnapshot, ReadonlySet<string>>();
