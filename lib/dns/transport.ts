// SPDX-License-Identifier: MIT
// What asking servers needs of the world: sockets, each for one question, and none of them able to leave the domain.

import type { Socket } from 'node:net';
import type { NameServer } from './server.ts';

export interface DatagramReceiver {
  /** From whom is told again, for what came in before the socket was connected. */
  message(data: Buffer, isFromServer: boolean): void;
  /** Nothing follows. */
  failed(error: Error): void;
}

export interface Transport {
  /**
   * Sends one datagram from a fresh port, and listens for answers of the server until it is closed.
   * @returns closes; safe twice
   * @throws MifError where the domain cannot reach such a server at all
   */
  sendDatagram(server: NameServer, message: Buffer, receiver: DatagramReceiver): () => void;
  /** @throws MifError as sendDatagram; errors of the system; the signal's reason */
  connect(server: NameServer, signal: AbortSignal): Promise<Socket>;
}
