// SPDX-License-Identifier: MIT
// Transports over sockets that are made for one path: connect(), TLS and HTTP/2 over it, descriptors, datagrams.

import { connect as connectHttp2 } from 'node:http2';
import { Socket } from 'node:net';
import { connect, createBoundSocket, createUdpSocket } from 'node-mif';
import { overDatagrams, overStream } from './exchange.mjs';

const familyOf = (host) => (host.includes(':') ? 6 : 4);
const servername = 'server.test';

/** Each opens what its exchanges go over: `begin(target)` may be asked often, `close()` once. */
export const bound = {
  connect: ({ host, via, ports }) => ({
    begin: async (target) => overStream(await connect({ ...target, port: ports.tcp }, { host, via })),
    close() {},
  }),

  'connect with tls': ({ host, via, ports }) => ({
    begin: async (target) =>
      overStream(await connect({ ...target, port: ports.tls }, { host, via, tls: { servername } })),
    close() {},
  }),

  'http2 over connect': ({ host, via, ports }) => {
    const sessions = [];
    return {
      begin: async ({ path = '/echo', ...target }) => {
        const tls = { servername, ALPNProtocols: ['h2'] };
        const socket = await connect({ ...target, port: ports.https }, { host, via, tls });
        const session = connectHttp2(`https://${servername}`, { createConnection: () => socket });
        session.on('error', () => {});
        sessions.push(session);
        return overStream(session.request({ ':path': path, ':method': 'POST' }, { endStream: false }));
      },
      close: () => {
        for (const session of sessions) session.destroy();
      },
    };
  },

  'bound descriptor': ({ host, via, ports }) => ({
    begin: ({ address }) => {
      const made = createBoundSocket({ host, family: familyOf(address), type: 'stream', via });
      const socket = made.adopt((fd) => new Socket({ fd, manualStart: true }));
      return overStream(socket.connect({ host: address, port: ports.tcp, autoSelectFamily: false }));
    },
    close() {},
  }),

  udp: ({ host, via, ports }) => ({
    begin: async ({ address }) => {
      const type = `udp${familyOf(address)}`;
      const socket = await createUdpSocket({ host, type, via });
      const send = (text) =>
        new Promise((resolve, reject) => {
          socket.send(text, ports[type], address, (error) => (error ? reject(error) : resolve()));
        });
      return overDatagrams(socket, send);
    },
    close() {},
  }),

  'udp with packet info': ({ host, via, ports }) => ({
    begin: async ({ address }) => {
      const type = `udp${familyOf(address)}`;
      const socket = await createUdpSocket({ host, type, via, packetInfo: true });
      return overDatagrams(socket, (text) => socket.send(text, { address, port: ports[type] }));
    },
    close() {},
  }),
};
