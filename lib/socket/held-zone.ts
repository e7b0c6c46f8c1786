// SPDX-License-Identifier: MIT
// The zone of a link-local destination or group has to be that of the interface that a datagram socket is held to: the kernel sends
// by the zone, whatever device the socket is bound to. Of a connection it refuses it.

import type { Socket } from 'node:dgram';
import { MifError } from '../binding/mif-error.ts';
import type { Interface } from '../snapshot/change.ts';

type Link = Pick<Interface, 'name' | 'index'>;
type Call = (this: Socket, ...parts: unknown[]) => unknown;

/** Makes `send` and `connect` throw ERR_MIF_INVALID_ARG for another zone. */
export function keepToZone(socket: Socket, link: Link): void {
  const inside = socket as unknown as { send: Call; connect: Call };
  const { send, connect } = inside;
  inside.send = function (message, ...parts) {
    checkZone(parts, link);
    return send.call(this, message, ...parts);
  };
  inside.connect = function (...parts) {
    checkZone(parts, link);
    return connect.apply(this, parts);
  };
}

/**
 * @param parts - arguments of `send`, without the message, or of `connect`.
 * @throws MifError ERR_MIF_INVALID_ARG
 */
export function checkZone(parts: readonly unknown[], { name, index }: Link): void {
  for (const part of parts) {
    // RFC 4007 section 11; no name has a `%`.
    const zone = typeof part === 'string' ? /%(.*)/.exec(part)?.[1] : undefined;
    if (zone === undefined || zone === name || zone === String(index)) continue;
    throw new MifError('ERR_MIF_INVALID_ARG', `cannot send to zone ${zone}: the socket is held to ${name}`, {
      interface: name,
    });
  }
}
