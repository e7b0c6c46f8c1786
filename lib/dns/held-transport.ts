// SPDX-License-Identifier: MIT
// The sockets that servers are asked with: held to the domain and one of its addresses before they can send, connected to their
// server, on a port that the kernel chose at random (DNS-10, SEC-19). To make one takes four times as long as to ask, so one whose
// question was answered may ask a few more, chosen at random among those that are idle, one question at a time. One that was not
// answered is never used again: what comes late finds nobody.

import type { Socket } from 'node:net';
import { isMifError, MifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import { candidateSources } from '../pvd/candidate-source.ts';
import { connect } from '../socket/connect.ts';
import { createUdpSocket } from '../socket/create-udp-socket.ts';
import type { UdpSocket } from '../socket/udp-socket.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import type { NameServer } from './server.ts';
import type { DatagramReceiver, Transport } from './transport.ts';

/** More than was asked for, since some servers send what they like. */
const longestDatagram = 4096;
/** Questions that a socket asks; the next one goes from another port. */
const mostUses = 16;
const mostIdle = 64;
const longestIdleMs = 200;

/** A socket to one server. */
interface ServerSocket {
  readonly socket: UdpSocket;
  receiver: DatagramReceiver | undefined;
  uses: number;
  retirement: NodeJS.Timeout | undefined;
}

export class HeldTransport implements Transport {
  readonly #host: Host;
  readonly #via: Via;
  /** The picture that `#sources` and `#idle` are of. */
  #snapshot: object | undefined;
  readonly #sources = new Map<NameServer, string | undefined>();
  readonly #idle = new Map<NameServer, ServerSocket[]>();

  /** @param via - names one carrier for as long as there is one. */
  constructor(host: Host, via: Via) {
    this.#host = host;
    this.#via = via;
  }

  sendDatagram(server: NameServer, message: Buffer, receiver: DatagramReceiver): (isAnswered: boolean) => void {
    this.#follow();
    const used = this.#takeIdle(server) ?? this.#open(server);
    const { socket } = used;
    used.receiver = receiver;
    used.uses++;
    socket.send(message).catch((error) => {
      if (used.receiver === receiver) receiver.failed(error);
    });
    let isOver = false;
    return (isAnswered) => {
      if (isOver) return;
      isOver = true;
      used.receiver = undefined;
      this.#retire(server, used, isAnswered);
    };
  }

  connect({ address, port }: NameServer, signal: AbortSignal): Promise<Socket> {
    return connect(this.#host, { address, port }, { via: this.#via, signal });
  }

  /** What was made for an earlier picture may have an address that is not there any more. */
  #follow(): void {
    const snapshot = accessOf(this.#host).snapshot();
    if (snapshot === this.#snapshot) return;
    this.#snapshot = snapshot;
    this.#sources.clear();
    for (const sockets of this.#idle.values()) for (const each of sockets.splice(0)) end(each);
  }

  #open(server: NameServer): ServerSocket {
    const { family, address, port } = server;
    const bare = withoutZone(address);
    const socket = createUdpSocket(this.#host, {
      type: family === 4 ? 'udp4' : 'udp6',
      via: this.#via,
      source: this.#sourceTo(server),
      packetInfo: true,
      maxMessageSize: longestDatagram,
    });
    const opened: ServerSocket = { socket, receiver: undefined, uses: 0, retirement: undefined };
    socket.on('message', (data, from) => opened.receiver?.message(data, from.address === bare && from.port === port));
    socket.on('error', (error) => {
      if (opened.receiver === undefined) this.#drop(server, opened);
      else opened.receiver.failed(error);
    });
    try {
      socket.connect({ address, port });
    } catch (error) {
      if (isMifError(error)) {
        socket.destroy();
        throw error;
      }
      // What the system says of the server is its answer, which comes later.
      queueMicrotask(() => opened.receiver?.failed(error as Error));
    }
    return opened;
  }

  #takeIdle(server: NameServer): ServerSocket | undefined {
    const idle = this.#idle.get(server);
    if (idle === undefined || idle.length === 0) return undefined;
    const at = Math.floor(Math.random() * idle.length);
    const taken = idle[at]!;
    idle[at] = idle[idle.length - 1]!;
    idle.pop();
    clearTimeout(taken.retirement);
    taken.socket.ref();
    return taken;
  }

  #retire(server: NameServer, used: ServerSocket, isAnswered: boolean): void {
    const idle = this.#idle.get(server) ?? [];
    this.#idle.set(server, idle);
    if (!isAnswered || used.uses >= mostUses || used.socket.closed || idle.length >= mostIdle) {
      end(used);
      return;
    }
    used.socket.unref();
    used.retirement = setTimeout(() => this.#drop(server, used), longestIdleMs).unref();
    idle.push(used);
  }

  #drop(server: NameServer, dropped: ServerSocket): void {
    const idle = this.#idle.get(server) ?? [];
    const at = idle.indexOf(dropped);
    if (at >= 0) idle.splice(at, 1);
    end(dropped);
  }

  #sourceTo(server: NameServer): string | undefined {
    if (!this.#sources.has(server)) {
      this.#sources.set(server, sourceTo(findCarrier(accessOf(this.#host).snapshot(), this.#via), server));
    }
    return this.#sources.get(server);
  }
}

function end({ socket, retirement }: ServerSocket): void {
  clearTimeout(retirement);
  socket.destroy();
}

/** The domain's best address to that server, not just any of it. */
function sourceTo({ pvd, sources, interface: link }: Carrier, { family, address }: NameServer): string | undefined {
  if (pvd === undefined || sources !== undefined) return undefined;
  const [best] = candidateSources(pvd, { family, address: withoutZone(address) });
  if (best !== undefined) return best.address;
  throw new MifError('ERR_MIF_NO_ADDRESS', `provisioning domain '${pvd.id}' has no usable IPv${family} address`, {
    interface: link.name,
    pvd: pvd.id,
  });
}

function withoutZone(address: string): string {
  const [bare = address] = address.split('%');
  return bare;
}
