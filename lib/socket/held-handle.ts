// SPDX-License-Identifier: MIT
// A socket of Node's connects by the one descriptor that is held, or not at all. Node opens another one, which nobody holds, when a
// socket that was closed is connected again, and when a name has a second address (trap H3).

import { constants } from 'node:os';
import { isMifError, MifError } from '../binding/mif-error.ts';

interface Handle {
  connect: () => number;
  connect6: () => number;
}

/** The part of a socket that is not public. */
interface SocketInside {
  _handle: Handle | null;
  _destroy(error: Error | null, done: (error?: Error | null) => void): void;
}

/** Refuses every attempt to connect by another descriptor than the one that the socket has now, before it sends. */
export function keepToHandle(socket: object): void {
  const { Socket: NetSocket } = process.getBuiltinModule('node:net');
  if (!(socket instanceof NetSocket)) return;
  const inside = socket as unknown as SocketInside;
  const { _handle: held, _destroy: destroy } = inside;
  let isRefused = false;
  const refuse = () => {
    isRefused = true;
    return -constants.errno.ENETUNREACH;
  };
  socket.prependListener('connectionAttempt', () => {
    const { _handle: next } = inside;
    if (next !== null && next !== held) next.connect = next.connect6 = refuse;
  });
  inside._destroy = function (error, done) {
    if (error !== null && isRefused && !isMifError(error)) Object.assign(error, { mif: refusal() });
    destroy.call(this, error, done);
  };
}

function refusal(): MifError {
  return new MifError('ERR_MIF_UNSUPPORTED', 'cannot connect by another descriptor than the one that is held', {
    hint: 'Make a new socket for each connection, and connect it to an address.',
  });
}
