// SPDX-License-Identifier: MIT
// The sockets that servers are asked with: each new, held to the domain and one of its addresses before it can send, connected
// to its server (DNS-10, SEC-19).

import type { Socket } from 'node:net';
import { isMifError, MifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import { candidateSources } from '../pvd/candidate-source.ts';
import { connect } from '../socket/connect.ts';
import { createUdpSocket } from '../socket/create-udp-socket.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import type { NameServer } from './server.ts';
import type { DatagramReceiver, Transport } from './transport.ts';

/** More than was asked for, since some servers send what they like. */
const longestDatagram = 4096;

export class HeldTransport implements Transport {
  readonly #host: Host;
  readonly #via: Via;
  /** The picture that `#sources` are of. */
  #snapshot: object | undefined;
  readonly #sources = new Map<NameServer, string | undefined>();

  /** @param via - names one carrier for as long as there is one. */
  constructor(host: Host, via: Via) {
    this.#host = host;
    this.#via = via;
  }

  sendDatagram(server: NameServer, message: Buffer, receiver: DatagramReceiver): () => void {
    const { family, address, port } = server;
    const bare = withoutZone(address);
    const socket = createUdpSocket(this.#host, {
      type: family === 4 ? 'udp4' : 'udp6',
      via: this.#via,
      source: this.#sourceTo(server),
      packetInfo: true,
      maxMessageSize: longestDatagram,
    });
    socket.on('message', (data, from) => receiver.message(data, from.address === bare && from.port === port));
    socket.on('error', (error) => receiver.failed(error));
    try {
      socket.connect({ address, port });
      socket.send(message).catch((error) => receiver.failed(error));
    } catch (error) {
      if (isMifError(error)) {
        socket.destroy();
        throw error;
      }
      // What the system says of the server is its answer, which comes later.
      queueMicrotask(() => receiver.failed(error as Error));
    }
    return () => void socket.destroy();
  }

  connect({ address, port }: NameServer, signal: AbortSignal): Promise<Socket> {
    return connect(this.#host, { address, port }, { via: this.#via, signal });
  }

  #sourceTo(server: NameServer): string | undefined {
    const snapshot = accessOf(this.#host).snapshot();
    if (snapshot !== this.#snapshot) {
      this.#sources.clear();
      this.#snapshot = snapshot;
    }
    if (!this.#sources.has(server)) this.#sources.set(server, sourceTo(findCarrier(snapshot, this.#via), server));
    return this.#sources.get(server);
  }
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
