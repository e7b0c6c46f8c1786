// SPDX-License-Identifier: MIT
// A name server on loopback, over UDP and TCP on one port, that answers what a test says; and a transport that reaches it
// without any host.

import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, connect as connectTcp, type Server, type Socket } from 'node:net';
import { createRequire } from 'node:module';
import { type NameServer, readServer } from '../../../lib/dns/server.ts';
import type { Transport } from '../../../lib/dns/transport.ts';

const packet = createRequire(import.meta.url)('dns-packet');

/** A question as it came. */
export interface Asked {
  readonly message: Buffer;
  readonly id: number;
  /** As it was written, in its case. */
  readonly name: string;
  readonly type: string;
  readonly overStream: boolean;
  /** Port of the asker. */
  readonly port: number;
}

/** Messages to send back, in order; none to stay silent. */
export type Behaviour = (asked: Asked) => readonly Buffer[] | Buffer | undefined;

interface Content {
  rcode?: number;
  answers?: object[];
  authorities?: object[];
  truncated?: boolean;
  id?: number;
  questions?: object[];
}

/** A reply to a question: as dns-packet writes it, with the question as it was asked. */
export function reply(asked: Asked, content: Content = {}): Buffer {
  const { rcode = 0, answers = [], authorities = [], truncated = false } = content;
  return packet.encode({
    type: 'response',
    id: content.id ?? asked.id,
    flags: 0x0180 | rcode | (truncated ? 0x0200 : 0),
    questions: content.questions ?? [{ name: asked.name, type: asked.type, class: 'IN' }],
    answers,
    authorities,
  });
}

export const soa = (ttl: number, minimum: number) => ({
  name: 'example.com',
  type: 'SOA',
  ttl,
  data: { mname: 'ns.example.com', rname: 'root.example.com', serial: 1, refresh: 1, retry: 1, expire: 1, minimum },
});

export class FakeServer {
  readonly asked: Asked[] = [];
  readonly #udp: UdpSocket;
  readonly #tcp: Server;
  readonly server: NameServer;
  behaviour: Behaviour;

  private constructor(udp: UdpSocket, tcp: Server, behaviour: Behaviour) {
    this.#udp = udp;
    this.#tcp = tcp;
    this.behaviour = behaviour;
    this.server = readServer(`127.0.0.1:${udp.address().port}`);
    udp.on('message', (message, from) => this.#answer(message, from));
    tcp.on('connection', (socket) => this.#serve(socket));
  }

  static async start(behaviour: Behaviour): Promise<FakeServer> {
    for (;;) {
      const udp = createSocket('udp4');
      udp.bind(0, '127.0.0.1');
      await once(udp, 'listening');
      const tcp = createServer();
      try {
        tcp.listen(udp.address().port, '127.0.0.1');
        await once(tcp, 'listening');
        return new FakeServer(udp, tcp, behaviour);
      } catch {
        udp.close(); // That port is taken by another one.
      }
    }
  }

  close(): void {
    this.#udp.close();
    this.#tcp.close();
  }

  /** Sends to an asker, from the port of the server or another one. */
  send(message: Buffer, port: number, from: UdpSocket = this.#udp): void {
    from.send(message, port, '127.0.0.1');
  }

  #answer(message: Buffer, { port }: RemoteInfo): void {
    for (const answer of this.#repliesTo(message, port, false)) this.#udp.send(answer, port, '127.0.0.1');
  }

  #serve(socket: Socket): void {
    let pending = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (part) => {
      pending = Buffer.concat([pending, part]);
      if (pending.length < 2 || pending.length < 2 + pending.readUInt16BE(0)) return;
      for (const answer of this.#repliesTo(pending.subarray(2), socket.remotePort!, true)) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        socket.write(Buffer.concat([length, answer]));
      }
    });
  }

  #repliesTo(message: Buffer, port: number, overStream: boolean): readonly Buffer[] {
    const { id, questions } = packet.decode(message);
    const asked: Asked = { message, id, name: questions[0].name, type: questions[0].type, overStream, port };
    this.asked.push(asked);
    const replies = this.behaviour(asked);
    return replies === undefined ? [] : ([replies].flat() as Buffer[]);
  }
}

/** Sockets of Node's, held to nothing. */
export const loopback: Transport = {
  sendDatagram({ address, port }, message, receiver) {
    const socket = createSocket('udp4');
    let isClosed = false;
    socket.on('message', (data, from) => receiver.message(data, from.port === port));
    socket.on('error', (error) => receiver.failed(error));
    socket.connect(port, address, () => {
      if (!isClosed) socket.send(message);
    });
    return () => {
      if (!isClosed) socket.close();
      isClosed = true;
    };
  },
  async connect({ address, port }, signal) {
    const socket = connectTcp({ host: address, port, signal });
    await once(socket, 'connect');
    return socket;
  },
};
