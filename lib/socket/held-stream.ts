// SPDX-License-Identifier: MIT
// The net.Socket of a descriptor that was bound before Node had it. It is told one address and nothing else, connects once, and is
// read back before anybody may use it: with a second address, or when it is connected again after its end, Node's own would go
// on with a new descriptor that is bound to nothing (trap H3).
//
// What happens to it is told by what it overrides, not by listeners: a server opens thousands of these a second.

import type { Socket } from 'node:net';
import { isLinkLocal } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import { native } from '../binding/native.ts';
import type { HostAccess, HostEnding } from '../host/access.ts';
import type { Interface } from '../snapshot/change.ts';
import { heldElsewhere } from './bind.ts';
import { describeFailure } from './connect-error.ts';
import type { Endpoint } from './endpoint.ts';
import { type HeldPaths, type PathHolder, pathLost } from './path-hold.ts';
import { dropUnsent } from './unsent-data.ts';

/** Who waits for a connection: told once. */
export interface StreamReceiver {
  /** The socket is the receiver's from now on. */
  connected(socket: Socket): void;
  failed(error: Error): void;
}

/** Where it goes, and over what. */
export interface StreamPath {
  readonly endpoint: Endpoint;
  /** What its descriptor is held to; absent for nothing. */
  readonly interface?: Interface | undefined;
  /** Id of the domain. */
  readonly pvd?: string | undefined;
  /** Another way was asked for, could not be had, and need not be. */
  readonly isLoose?: boolean | undefined;
}

export interface HeldStreamParts {
  /** The socket's from now on, unless its constructor throws. */
  readonly fd: number;
  readonly allowHalfOpen: boolean;
  readonly path: StreamPath;
  readonly access: HostAccess;
  readonly paths: HeldPaths;
  readonly receiver: StreamReceiver;
}

export interface HeldStream extends Socket {
  /** What it was made for. */
  readonly path: StreamPath;
  /** Ends it without a word to the receiver; nothing, once that has been told. */
  giveUp(): void;
}

export type HeldStreamClass = new (parts: HeldStreamParts) => HeldStream;

let madeClass: HeldStreamClass | undefined;

/** Whether a socket is one of these. */
export function isHeldStream(socket: object): socket is HeldStream {
  return madeClass !== undefined && socket instanceof madeClass;
}

/** The class, made with the first use: who only looks at networks does not load Node's sockets. Its objects connect at once. */
export function heldStream(): HeldStreamClass {
  madeClass ??= makeClass(process.getBuiltinModule('node:net'));
  return madeClass;
}

function makeClass({ Socket: NodeSocket }: typeof import('node:net')): HeldStreamClass {
  return class Socket extends NodeSocket implements HeldStream, PathHolder, HostEnding {
    readonly #fd: number;
    readonly #path: StreamPath;
    readonly #access: HostAccess;
    readonly #paths: HeldPaths;
    /** Until it has been told. */
    #receiver: StreamReceiver | undefined;

    constructor({ fd, allowHalfOpen, path, access, paths, receiver }: HeldStreamParts) {
      // manualStart: else Node reads from the descriptor at once, fails, and connects with another one.
      super({ fd, manualStart: true, allowHalfOpen } as ConstructorParameters<typeof NodeSocket>[0]);
      this.#fd = fd;
      this.#path = path;
      this.#access = access;
      this.#paths = paths;
      this.#receiver = receiver;
      this.#begin();
    }

    get path(): StreamPath {
      return this.#path;
    }

    get interfaceId(): string | undefined {
      return this.#path.interface?.id;
    }

    giveUp(): void {
      if (this.#receiver === undefined) return;
      this.#receiver = undefined;
      this.destroy();
    }

    lose(): void {
      dropUnsent(this);
      this.destroy(pathLost(this.#path.interface!, this.#path.pvd));
    }

    hostEnded(error: MifError): void {
      this.destroy(error);
    }

    override connect(): this {
      throw new MifError('ERR_MIF_CLOSED', 'a socket that is held to a network connects once', {
        hint: 'Ask connect() for another one: this would connect over whatever network the system likes.',
      });
    }

    override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
      if (this.#path.interface !== undefined) this.#paths.remove(this);
      this.#access.removeEnding(this);
      const receiver = this.#receiver;
      this.#receiver = undefined;
      // The receiver hears of it, and nobody listens to the socket yet.
      super._destroy(receiver === undefined ? error : null, callback);
      const { endpoint, interface: link, pvd } = this.#path;
      receiver?.failed(describeFailure(error, endpoint, { interface: link?.name, pvd }));
    }

    #begin(): void {
      const { endpoint, interface: link } = this.#path;
      this.#access.addEnding(this);
      if (link !== undefined) this.#paths.add(this);
      // Connected after its end it would take a new descriptor, bound to nothing.
      if (this.destroyed) return;
      this.on('connect', this.#judge);
      // Without a zone libuv takes that of the first interface that comes, from 1.50 on (Node 22); names of another namespace it
      // does not know.
      const needsZone = link !== undefined && isLinkLocal(endpoint.address) && this.#access.isOwnNamespace();
      const zone = needsZone ? `%${link.name}` : '';
      super.connect({ host: `${endpoint.address}${zone}`, port: endpoint.port, autoSelectFamily: false });
    }

    /** Nothing was sent yet that a peer could mistake for the caller's. */
    #judge(): void {
      const receiver = this.#receiver;
      if (receiver === undefined) return;
      const error = this.#deviation();
      if (error !== undefined) {
        this.destroy(error);
        return;
      }
      this.#receiver = undefined;
      this.#access.removeEnding(this);
      receiver.connected(this);
    }

    /** Why it must not be used: its descriptor is not held to the interface any more, or it is another one (traps F5, F7). */
    #deviation(): MifError | undefined {
      const link = this.#path.interface;
      if (link === undefined) return undefined;
      try {
        return native().heldDevice(this.#fd) === link.index ? undefined : heldElsewhere(link);
      } catch (error) {
        return error as MifError;
      }
    }
  };
}
