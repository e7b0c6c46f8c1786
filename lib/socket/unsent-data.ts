// SPDX-License-Identifier: MIT
// What a connection has not sent when its interface ends. The kernel would go on sending it after the socket is closed, and by
// whatever device has the index by then (trap F5); a connection that is reset forgets it.

import type { Socket } from 'node:net';

interface TcpHandle {
  reset?(done?: () => void): number;
  close(done?: () => void): unknown;
}

/** The private part of a socket, the same since Node 18.3. */
interface SocketInside {
  /** Of a TLS socket that has made its connection itself, with that of TCP inside. */
  _handle: (TcpHandle & { readonly _parent?: TcpHandle }) | null;
  /** What `resetAndDestroy()` sets, which takes no error. */
  resetAndClosing: boolean;
}

/** The socket, when it is destroyed, resets its connection. */
export function dropUnsent(socket: object): void {
  const { Socket: NetSocket } = process.getBuiltinModule('node:net');
  if (!(socket instanceof NetSocket) || socket.destroyed || isShuttingDown(socket)) return;
  const inside = socket as unknown as SocketInside;
  const { _handle: handle } = inside;
  const below = handle?._parent;
  if (typeof handle?.reset === 'function') inside.resetAndClosing = true;
  // TLS knows no reset, and closes what is below.
  else if (typeof below?.reset === 'function') below.close = below.reset;
}

/** libuv refuses to reset one whose shutdown is under way. */
function isShuttingDown({ writableEnded, writableFinished }: Socket): boolean {
  return writableEnded && !writableFinished;
}
