// SPDX-License-Identifier: MIT
// A connection that nobody uses yet: it waits for its owner, who takes or closes it, and is told then if it ended meanwhile.

import type { Socket } from 'node:net';
import { MifError } from '../binding/mif-error.ts';

export class WaitingConnection {
  #socket: Socket | undefined;
  #error: Error | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  readonly #onError = (error: Error) => {
    this.#error = error;
  };

  /** Owns the socket from now on. */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.localAddress = socket.localAddress;
    this.localPort = socket.localPort;
    // What is open to the taker is the taker's to say: else a peer that ends its side meanwhile would end ours.
    socket.allowHalfOpen = true;
    // Nobody listens yet, and what an emitter says to nobody ends the process.
    socket.on('error', this.#onError);
  }

  /**
   * The socket; from now on the caller's, and destroyed with ERR_MIF_PATH_LOST when its interface ends.
   * @throws MifError ERR_MIF_CLOSED the second time, ERR_MIF_PATH_LOST; what the peer ended it with, such as ECONNRESET
   */
  take({ allowHalfOpen = false }: { allowHalfOpen?: boolean } = {}): Socket {
    const socket = this.#socket;
    if (this.#error !== undefined) throw this.#error;
    if (socket === undefined) throw new MifError('ERR_MIF_CLOSED', 'the connection was closed or taken before');
    this.#socket = undefined;
    socket.removeListener('error', this.#onError);
    socket.allowHalfOpen = allowHalfOpen;
    // As Node does when the peer ends, which it has done already, and which is not told again.
    if (!allowHalfOpen && socket.readableEnded) socket.end();
    return socket;
  }

  /** Closes a connection that nobody took. Safe twice. */
  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}
