// SPDX-License-Identifier: MIT
// Holds the TCP sockets that Node opens in a scope, those of TLS and of libraries included. Before each attempt, also of those
// that core makes for a name with several addresses, Node's handle is given a descriptor that is bound already.
//
// The channel `net.client.socket` would be the better place, but on Node 20 it misses tls.connect and sockets made by `new`.

import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { isMifError, MifError } from '../binding/mif-error.ts';
import { accessOf } from '../host/host.ts';
import { createBoundSocket } from '../socket/bound-socket.ts';
import { parseEndpoint } from '../socket/endpoint.ts';
import { isHeldStream } from '../socket/held-stream.ts';
import type { Endable } from '../socket/path-hold.ts';
import { checkCarrier } from '../socket/preflight.ts';
import { sourcesTo } from '../socket/carrier-source.ts';
import { dropUnsent } from '../socket/unsent-data.ts';
import type { Carrier } from '../via/carrier.ts';
import { viaOf } from './chosen-path.ts';
import type { EnteredScope, ScopeNow } from './entered-scope.ts';

/** What Node connects; private, and the same since Node 0.12. */
interface Handle {
  open(fd: number): number;
  connect(...parts: unknown[]): number;
  connect6(...parts: unknown[]): number;
}

/** The part of a socket that is not public. */
interface SocketInside {
  _handle: Handle | null;
  _destroy(error: Error | null, done: (error?: Error | null) => void): void;
}

/** Changes net.Socket for good. */
export function holdStreams(scopeNow: ScopeNow): void {
  const { Socket } = process.getBuiltinModule('node:net');
  const { connect } = Socket.prototype as { connect: (...parts: unknown[]) => Socket };
  Object.assign(Socket.prototype, {
    connect(this: Socket, ...parts: unknown[]) {
      const entered = scopeNow();
      if (entered !== undefined && !isHeldStream(this)) hold(this, entered);
      return connect.apply(this, parts);
    },
  });
}

function hold(socket: Socket, entered: EnteredScope): void {
  const inside = socket as unknown as SocketInside;
  const refusals: MifError[] = [];
  let held: HeldAttempt | undefined;

  const beforeAttempt = (address: string, port: number, family?: number) => {
    // Without a family it is a path of a local socket.
    if (family !== 4 && family !== 6) return;
    held = undefined;
    const handle = inside._handle;
    if (handle === null) return;
    try {
      held = openBound(socket, handle, entered, { address, port, family });
    } catch (error) {
      refusals.push(error as MifError);
      // Of libuv's kind, so that Node goes on to the next address, or tells the failure as any other.
      handle.connect = handle.connect6 = () => -constants.errno.ENETUNREACH;
    }
  };
  const onConnect = () => {
    if (socket.remotePort === undefined) return;
    if (held === undefined || held.handle !== inside._handle) {
      // A version of Node that connects in another way than those that this was written for.
      socket.destroy(new MifError('ERR_MIF_BIND_FAILED', 'a socket in a scope was connected without being held'));
      return;
    }
    entered.watch.add(socket, held.carrier, socket.localAddress, (error) => {
      dropUnsent(socket);
      socket.destroy(error);
    });
  };
  const { _destroy: destroy } = inside;
  inside._destroy = function (error, done) {
    if (error !== null && refusals.length > 0 && !isMifError(error)) explain(error, refusals);
    destroy.call(this, error, done);
  };
  socket.prependListener('connectionAttempt', beforeAttempt);
  socket.prependListener('connect', onConnect);
  socket.once('close', () => {
    socket.removeListener('connectionAttempt', beforeAttempt);
    socket.removeListener('connect', onConnect);
    inside._destroy = destroy;
  });
}

/** An attempt to connect, which its path ends when it is lost: Node itself would go on, by whatever link has the index then. */
interface HeldAttempt {
  readonly handle: Handle;
  readonly carrier: Carrier;
  readonly end: Endable;
}

function openBound(
  socket: Socket,
  handle: Handle,
  { host, choice }: EnteredScope,
  target: { readonly address: string; readonly port: number; readonly family: 4 | 6 },
): HeldAttempt {
  const endpoint = parseEndpoint(target);
  const snapshot = accessOf(host).snapshot();
  const carrier = choice.now().pick((candidate) => checkCarrier(snapshot, candidate, endpoint));
  const source = carrier.sources === undefined ? undefined : sourcesTo(carrier, endpoint)?.[0];
  const bound = createBoundSocket(host, {
    family: target.family,
    type: 'stream',
    via: viaOf(carrier, source),
    ...(carrier.mark === undefined ? {} : { mark: carrier.mark }),
  });
  const end: Endable = {
    // Of several attempts the last one counts: the descriptors of the others are closed.
    destroy: (error) => {
      if ((socket as unknown as SocketInside)._handle !== handle) return;
      dropUnsent(socket);
      socket.destroy(error);
    },
    once: (event, listener) => socket.once(event, listener),
  };
  bound.adopt((fd) => {
    const failure = handle.open(fd);
    if (failure === 0) return end;
    const why = 'it has a descriptor already, of localAddress, localPort or its own';
    throw new MifError('ERR_MIF_BIND_FAILED', `cannot hold a socket to ${carrier.interface.name}: ${why}`, {
      interface: carrier.interface.name,
      errno: -failure,
    });
  });
  return { handle, carrier, end };
}

/** Why no packet left, for those who look; libraries find what they know. */
function explain(error: Error, refusals: readonly MifError[]): void {
  const [first, ...others] = refusals;
  const mif =
    others.length === 0
      ? first
      : new MifError('ERR_MIF_NO_PATH', refusals.map(({ message }) => message).join('; '), {
          cause: new AggregateError(refusals),
        });
  Object.assign(error, { mif });
}
