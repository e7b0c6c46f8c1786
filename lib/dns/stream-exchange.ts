// SPDX-License-Identifier: MIT
// One question over a connection of its own (RFC 7766), whose answer may have 64 KiB.

import type { Socket } from 'node:net';
import type { Query } from './query.ts';
import { faultOf } from './reply.ts';
import type { NameServer } from './server.ts';
import type { Transport } from './transport.ts';

/**
 * @returns the answer, in which nothing says that it is not all
 * @throws errors of the system; the signal's reason
 */
export async function askOverStream(
  transport: Transport,
  server: NameServer,
  query: Query,
  signal: AbortSignal,
): Promise<Buffer> {
  const socket = await transport.connect(server, signal);
  try {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.message.length);
    socket.write(Buffer.concat([length, query.message]));
    const message = await firstMessage(socket, signal);
    const fault = faultOf(query, message);
    // Nobody but the server can have sent it; some do not keep the case of letters.
    if (fault !== undefined && fault !== 'case') throw new Error(`its answer is to another question (${fault})`);
    message[2]! &= ~0x02;
    return message;
  } finally {
    socket.destroy();
  }
}

/** Reads no more than it needs. */
function firstMessage(socket: Socket, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const onAbort = () => reject(signal.reason);
    const finish = (then: () => void) => {
      signal.removeEventListener('abort', onAbort);
      then();
    };
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size < 2) return;
      // The length may have come in two parts.
      const head = parts[0]!.length >= 2 ? parts[0]! : Buffer.concat(parts);
      const expected = 2 + head.readUInt16BE(0);
      if (size < expected) return;
      socket.pause();
      finish(() => resolve(Buffer.concat(parts).subarray(2, expected)));
    });
    socket.on('error', (error) => finish(() => reject(error)));
    socket.once('close', () => finish(() => reject(new Error('it ended the connection without an answer'))));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
