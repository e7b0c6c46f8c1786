// SPDX-License-Identifier: MIT
// Holds the UDP sockets that Node opens in a scope. Sending and connecting bind a socket that is not bound yet, so binding is
// the one place.

import type { Socket } from 'node:dgram';
import { isUnspecified } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import type { Interface } from '../snapshot/change.ts';
import { createBoundSocket } from '../socket/bound-socket.ts';
import { isHeldDatagram } from '../socket/create-udp-socket.ts';
import { sourceFor } from '../socket/carrier-source.ts';
import { endDatagram } from '../socket/create-udp-socket.ts';
import { checkZone } from '../socket/held-zone.ts';
import type { Endable } from '../socket/path-hold.ts';
import { viaOf } from './chosen-path.ts';
import type { EnteredScope, ScopeNow } from './entered-scope.ts';

type Bind = (this: Socket, ...parts: unknown[]) => Socket;

/** Each binds a socket that is not bound. */
interface DatagramInside {
  bind: Bind;
  send: Bind;
  connect: Bind;
}

interface BindTarget {
  readonly port?: number | undefined;
  readonly address?: string | undefined;
}

/** Changes dgram.Socket for good. */
export function holdDatagrams(scopeNow: ScopeNow): void {
  const { Socket } = process.getBuiltinModule('node:dgram');
  const { bind, send, connect } = Socket.prototype as unknown as DatagramInside;
  const held: DatagramInside = {
    bind(...parts) {
      const entered = scopeNow();
      return entered === undefined || isHeldDatagram(this)
        ? bind.apply(this, parts)
        : bindHeld(this, bind, entered, parts);
    },
    send(message, ...parts) {
      requireOwnZone(this, parts, scopeNow() !== undefined);
      return send.call(this, message, ...parts);
    },
    connect(...parts) {
      requireOwnZone(this, parts, scopeNow() !== undefined);
      return connect.apply(this, parts);
    },
  };
  Object.assign(Socket.prototype, held);
}

/**
 * What is sent binds a socket by itself, but of a zone it has to be known before whether it is the right one.
 * @throws MifError ERR_MIF_INVALID_ARG
 */
function requireOwnZone(socket: Socket, parts: readonly unknown[], isInside: boolean): void {
  if (!parts.some((part) => typeof part === 'string' && part.includes('%'))) return;
  if (isInside && !isBound(socket)) socket.bind();
  const link = heldSockets.get(socket)?.link;
  if (link !== undefined) checkZone(parts, link);
}

function isBound(socket: Socket): boolean {
  try {
    socket.address();
    return true;
  } catch {
    return false;
  }
}

/** @throws MifError as createBoundSocket; ERR_MIF_BIND_FAILED for a descriptor or handle that was made elsewhere */
function bindHeld(socket: Socket, bind: Bind, { host, choice }: EnteredScope, parts: readonly unknown[]): Socket {
  const { port, address } = readTarget(parts);
  const callback = parts.at(-1);
  const family = (socket as unknown as { type: string }).type === 'udp6' ? 6 : 4;
  const carrier = choice.now().pick();
  const own = carrier.sources === undefined ? undefined : sourceFor(carrier, family);
  const bound = createBoundSocket(host, {
    family,
    type: 'datagram',
    via: viaOf(carrier, own),
    ...(carrier.mark === undefined ? {} : { mark: carrier.mark }),
    ...(address && !isUnspecified(address) ? { source: address } : {}),
    ...(port ? { sourcePort: port } : {}),
  });
  const settle = deferListening(socket);
  const end: Endable = {
    destroy: (error) => endDatagram(socket, error),
    once: (event, listener) => socket.once(event, listener),
  };
  try {
    bound.adopt((fd) => {
      const target = { fd, exclusive: true };
      bind.apply(socket, typeof callback === 'function' ? [target, callback] : [target]);
      return end;
    });
    heldSockets.set(socket, { end, link: carrier.interface });
  } finally {
    settle();
  }
  return socket;
}

/** What each is held to, and how it is ended, for as long as it is there: who holds it to its path does not keep it. */
const heldSockets = new WeakMap<Socket, { readonly end: Endable; readonly link: Interface }>();

function readTarget([first, second]: readonly unknown[]): BindTarget {
  if (typeof first !== 'object' || first === null) {
    return {
      port: typeof first === 'number' ? first : undefined,
      address: typeof second === 'string' ? second : undefined,
    };
  }
  const isElsewhere = ('fd' in first && first.fd !== undefined) || 'recvStart' in first;
  if (!isElsewhere) return first;
  throw new MifError('ERR_MIF_BIND_FAILED', 'cannot hold a datagram socket that was bound elsewhere', {
    hint: 'Adopt it outside of the scope.',
  });
}

/** With a descriptor Node says `listening` before bind returns, too early for who listens after it (trap 5). */
function deferListening(socket: Socket): () => void {
  const { emit } = socket;
  let isListening = false;
  socket.emit = ((event: string, ...parts: unknown[]) => {
    if (event !== 'listening') return (emit as (...all: unknown[]) => boolean).call(socket, event, ...parts);
    isListening = true;
    return true;
  }) as typeof socket.emit;
  return () => {
    socket.emit = emit;
    if (isListening) process.nextTick(() => socket.emit('listening'));
  };
}
