// SPDX-License-Identifier: MIT
// createUdpSocket(): a socket of Node's that is held to a path, or with `packetInfo` one that knows of each datagram where it
// arrived.

import type { Socket } from 'node:dgram';
import { MifError } from '../binding/mif-error.ts';
import type { Host } from '../host/host.ts';
import { checkNames } from '../selection/question.ts';
import type { Via } from '../via/carrier.ts';
import { type Bound, bindDescriptor } from './bind.ts';
import type { SocketOptions } from './socket-options.ts';
import { keepToZone } from './held-zone.ts';
import { UdpSocket } from './udp-socket.ts';

export interface UdpSocketOptions extends Omit<SocketOptions, 'keepAlive'> {
  type: 'udp4' | 'udp6';
  /** Who carries what is sent, and from whom is received; nothing else ever does. Absent: as the system chooses. */
  via?: Via | undefined;
  /** Port to bind to. Default: the kernel chooses. */
  port?: number | undefined;
  /** Address to bind to, without zone. Default: with a domain its first preferred address, else every one. */
  source?: string | undefined;
  /** Whether each datagram tells where it arrived, and may say where it leaves. Default false. */
  packetInfo?: boolean | undefined;
  /** With `packetInfo`: bytes that are kept of a datagram, up to 65536, which is all of any. */
  maxMessageSize?: number | undefined;
  /** With `packetInfo`: datagrams that may wait when the kernel has no room. Default 1024. */
  sendQueue?: number | undefined;
  /** Gives the call up, and closes the socket afterwards. */
  signal?: AbortSignal | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof UdpSocketOptions>([
  'type',
  'via',
  'port',
  'source',
  'packetInfo',
  'maxMessageSize',
  'sendQueue',
  'signal',
  'mark',
  'dscp',
  'reuseAddress',
  'reusePort',
  'ipv6Only',
  'preferences',
]);

const mostMessageSize = 65_536;
const mostWaiting = 1_000_000;
const usualWaiting = 1024;

/**
 * Makes a bound UDP socket, held to what `via` stands for now. When that interface ends, the socket ends with an `error` event,
 * ERR_MIF_PATH_LOST.
 * @throws MifError ERR_MIF_INVALID_ARG; as createBoundSocket; the signal's reason
 */
export function createUdpSocket(host: Host, options: UdpSocketOptions & { packetInfo: true }): UdpSocket;
export function createUdpSocket(host: Host, options: UdpSocketOptions & { packetInfo?: false | undefined }): Socket;
export function createUdpSocket(host: Host, options: UdpSocketOptions): Socket | UdpSocket;
export function createUdpSocket(host: Host, options: UdpSocketOptions): Socket | UdpSocket {
  // A misspelt `via` would be a socket that is held to nothing.
  checkNames(options, optionNames);
  const { type, port, packetInfo = false, maxMessageSize, sendQueue, signal, ...rest } = options;
  if (type !== 'udp4' && type !== 'udp6') {
    throw new MifError('ERR_MIF_INVALID_ARG', `option type: ${String(type)} is not 'udp4' or 'udp6'`);
  }
  if (typeof packetInfo !== 'boolean') {
    throw new MifError('ERR_MIF_INVALID_ARG', `option packetInfo: ${String(packetInfo)} is not true or false`);
  }
  if (packetInfo && rest.ipv6Only === false) {
    throw new MifError('ERR_MIF_UNSUPPORTED', 'option ipv6Only: with packetInfo, a socket speaks one family');
  }
  const sizes = {
    maxMessageSize: limit('maxMessageSize', maxMessageSize, mostMessageSize, mostMessageSize),
    sendQueue: limit('sendQueue', sendQueue, usualWaiting, mostWaiting),
  };
  if (!packetInfo && (maxMessageSize !== undefined || sendQueue !== undefined)) {
    throw new MifError('ERR_MIF_INVALID_ARG', 'options maxMessageSize and sendQueue are for packetInfo');
  }
  signal?.throwIfAborted();
  const family = type === 'udp4' ? 4 : 6;
  const bound = bindDescriptor(host, { ...rest, family, type: 'datagram', sourcePort: port });
  const socket = packetInfo
    ? bound.descriptor.pass(
        (fd) => new UdpSocket(fd, { host, family, carrier: bound.carrier, ...sizes }),
        (owner, error) => owner.destroy(error),
      )
    : ofNode(bound, type);
  if (signal !== undefined) closeOnAbort(socket, signal);
  return socket;
}

function ofNode({ descriptor, carrier }: Bound, type: 'udp4' | 'udp6'): Socket {
  return descriptor.pass((fd) => {
    const { createSocket } = process.getBuiltinModule('node:dgram');
    const socket = createSocket(type);
    if (carrier !== undefined) heldDatagrams.add(socket);
    // Exclusive: a cluster's primary would look the number up among its own descriptors (trap 6).
    socket.bind({ fd, exclusive: true });
    if (carrier === undefined) return socket;
    // The kernel takes it off its device then, and nobody would notice (trap F13).
    socket.disconnect = refuseToDisconnect;
    keepToZone(socket, carrier.interface);
    return socket;
  }, endDatagram);
}

/** Whether a socket was bound here, and is held. */
export function isHeldDatagram(socket: Socket): boolean {
  return heldDatagrams.has(socket);
}

const heldDatagrams = new WeakSet<Socket>();

/** Node's datagram sockets have no destroy(). As of net.Socket: the error first, then the end, neither in this turn. */
export function endDatagram(socket: Socket, error: Error): void {
  let wasOpen = false;
  // Node tells the end in a turn that closing asks for, so this one has to be asked for before.
  process.nextTick(() => wasOpen && socket.emit('error', error));
  wasOpen = close(socket);
}

/** Closes one that may be closing already, which Node does not tell and takes for a mistake. Whether it was open. */
function close(socket: Socket | UdpSocket): boolean {
  try {
    socket.close();
    return true;
  } catch {
    return false;
  }
}

function refuseToDisconnect(): never {
  throw new MifError('ERR_MIF_UNSUPPORTED', 'cannot disconnect: the kernel would take the socket off its interface', {
    hint: 'Make a socket for each peer, or one with packetInfo: true, which can.',
  });
}

function closeOnAbort(socket: Socket | UdpSocket, signal: AbortSignal): void {
  const onAbort = () => void close(socket);
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', onAbort));
}

function limit(name: string, value: unknown, usual: number, most: number): number {
  if (value === undefined) return usual;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new MifError('ERR_MIF_INVALID_ARG', `option ${name}: ${String(value)} is not a whole number from 1 to ${most}`);
}
