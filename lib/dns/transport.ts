// SPDX-License-Identifier: MIT
// What asking servers needs of the world: sockets, one question at a time, and none of them able to leave the domain.

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
   * Sends one datagram, and listens for answers of the server until that is ended.
   * @returns ends it, and says whether the server answered; safe twice
   * @throws MifError where the domain cannot reach such a server at all
   */
  sendDatagram(server: NameServer, message: Buffer, receiver: DatagramReceiver): (isAnswered: boolean) => void;
  /** @throws MifError as sendDatagram; errors of the system; the signal's reason */
  connect(server: NameServer, signal: AbortSignal): Promise<Socket>;
}
