// SPDX-License-Identifier: MIT
// Groups that a socket is a member of, on every interface that was named for them, and as these come and go: the kernel forgets
// a membership with its interface and does not take it up with the next one of that name.

import { isMifError } from '../binding/mif-error.ts';
import type { NativeDatagramSocket } from '../binding/native.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';
import { findCarriers, type Via } from '../via/carrier.ts';
import { snapshotNaming } from '../via/named-interface.ts';

/** The names of interfaces that one call has asked for. */
interface Wish {
  readonly group: string;
  readonly via: Via;
}

export class Memberships {
  readonly #host: Host;
  readonly #socket: Pick<NativeDatagramSocket, 'join' | 'leave'>;
  readonly #failed: (error: unknown) => void;
  #wishes: Wish[] = [];
  /** Index by interface id, by group. */
  readonly #joined = new Map<string, Map<string, number>>();
  #stop: (() => void) | undefined;

  /** @param failed - told why an interface that returned could not be joined. */
  constructor(host: Host, socket: Pick<NativeDatagramSocket, 'join' | 'leave'>, failed: (error: unknown) => void) {
    this.#host = host;
    this.#socket = socket;
    this.#failed = failed;
  }

  /**
   * Joins a group on every interface that `via` names, and on those that come later.
   * @throws MifError ERR_MIF_INTERFACE_NOT_FOUND and such when there is none at present; what joining fails with
   */
  add(group: string, via: Via): void {
    const snapshot = snapshotNaming(accessOf(this.#host), via);
    const carriers = findCarriers(snapshot, via);
    // A domain comes after its interface, and groups are of links: the interface is what is followed.
    const hasDomain = carriers.some(({ pvd }) => pvd !== undefined);
    const wish = { group, via: hasDomain ? carriers.map(({ interface: link }) => link.name) : via };
    this.#wishes.push(wish);
    try {
      this.#follow(snapshot, (error) => {
        throw error;
      });
    } catch (error) {
      this.#wishes = this.#wishes.filter((each) => each !== wish);
      this.#follow(snapshot, () => {});
      throw error;
    }
    this.#stop ??= accessOf(this.#host).observeInterfaces({ interfacesChanged: () => this.#changed() });
  }

  /** Leaves a group on all interfaces. */
  drop(group: string): void {
    this.#wishes = this.#wishes.filter((wish) => wish.group !== group);
    for (const index of this.#joined.get(group)?.values() ?? []) this.#leave(group, index);
    this.#joined.delete(group);
    if (this.#wishes.length === 0) this.close();
  }

  /** Follows no more. The kernel leaves all groups when the socket is closed. */
  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #changed(): void {
    this.#follow(accessOf(this.#host).snapshot(), (error) => {
      // It has gone again, which is told next.
      if (!isMifError(error, 'ERR_MIF_INTERFACE_NOT_FOUND')) this.#failed(error);
    });
  }

  /** Joins and leaves until the memberships are those that are wished for. */
  #follow(snapshot: Snapshot, failed: (error: unknown) => void): void {
    for (const group of new Set([...this.#wishes.map((wish) => wish.group), ...this.#joined.keys()])) {
      const wished = this.#wishedFor(group, snapshot);
      const joined = this.#joined.get(group) ?? new Map<string, number>();
      this.#joined.set(group, joined);
      for (const [id, index] of joined) {
        if (wished.has(id)) continue;
        joined.delete(id);
        this.#leave(group, index);
      }
      for (const { id, index } of wished.values()) {
        if (joined.has(id)) continue;
        try {
          this.#socket.join({ group, interfaceIndex: index });
          joined.set(id, index);
        } catch (error) {
          failed(error);
        }
      }
    }
  }

  #wishedFor(group: string, snapshot: Snapshot): ReadonlyMap<string, Interface> {
    const found = new Map<string, Interface>();
    for (const wish of this.#wishes) {
      if (wish.group !== group) continue;
      for (const link of presentOf(snapshot, wish.via)) found.set(link.id, link);
    }
    return found;
  }

  #leave(group: string, index: number): void {
    try {
      this.#socket.leave({ group, interfaceIndex: index });
    } catch {
      // With the interface, the kernel has left it.
    }
  }
}

function presentOf(snapshot: Snapshot, via: Via): Interface[] {
  try {
    return findCarriers(snapshot, via).map(({ interface: link }) => link);
  } catch {
    // None at present: what is written wrongly was refused when it was first named.
    return [];
  }
}
