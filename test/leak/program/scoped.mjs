// SPDX-License-Identifier: MIT
// Transports of Node's own, and of a library that knows nothing of paths, inside scope(); and the same outside of it, which leave
// as the system chooses.

import { AsyncResource } from 'node:async_hooks';
import { createSocket } from 'node:dgram';
import { Agent, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Agent as SecureAgent, request as requestSecure } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { scope } from 'node-mif';
import { WebSocket as LibraryWebSocket } from 'ws';
import { answerTo, overDatagrams, overFetch, overRequest, overStream, overWebSocket } from './exchange.mjs';
import { urlOf } from './pooled.mjs';

const echo = (target) => ({ ...target, path: '/echo' });

const plain = {
  'net.connect': ({ ports, options }) => ({
    begin: ({ address }) => overStream(connectTcp({ host: address, port: ports.tcp, ...options })),
    close() {},
  }),

  'tls.connect': ({ ports, options }) => ({
    begin: ({ address }) => overStream(connectTls({ host: address, port: ports.tls, ...options })),
    close() {},
  }),

  http: ({ ports, options }) => {
    const agent = new Agent({ keepAlive: true });
    return {
      ask: (target) => answerTo(request(urlOf('http', target, ports.http), { agent, ...options }).end()),
      begin: (target) =>
        overRequest(request(urlOf('http', echo(target), ports.http), { agent, method: 'POST', ...options })),
      close: () => agent.destroy(),
    };
  },

  https: ({ ports, options }) => {
    const agent = new SecureAgent({ keepAlive: true });
    return {
      ask: (target) => answerTo(requestSecure(urlOf('https', target, ports.https), { agent, ...options }).end()),
      begin: (target) =>
        overRequest(requestSecure(urlOf('https', echo(target), ports.https), { agent, method: 'POST', ...options })),
      close: () => agent.destroy(),
    };
  },

  http2: ({ ports }) => {
    const sessions = [];
    return {
      begin: (target) => {
        const session = connectHttp2(urlOf('https', { ...target, path: '' }, ports.https));
        session.on('error', () => {});
        sessions.push(session);
        return overStream(session.request({ ':path': '/echo', ':method': 'POST' }, { endStream: false }));
      },
      close: () => {
        for (const session of sessions) session.destroy();
      },
    };
  },

  fetch: ({ ports }) => ({
    ask: async (target) => (await fetch(urlOf('http', target, ports.http))).json(),
    begin: (target) => overFetch((init) => fetch(urlOf('http', echo(target), ports.http), init)),
    close() {},
  }),

  ws: ({ ports }) => ({
    begin: (target) => overWebSocket(new LibraryWebSocket(urlOf('ws', target, ports.http))),
    close() {},
  }),

  // Of the runtime, from Node 22 on.
  WebSocket: ({ ports }) => ({
    begin: (target) => overWebSocket(new WebSocket(urlOf('ws', target, ports.http))),
    close() {},
  }),

  dgram: ({ ports }) => ({
    begin: ({ address }) => {
      const type = address.includes(':') ? 'udp6' : 'udp4';
      const socket = createSocket(type);
      const send = (text) =>
        new Promise((resolve, reject) => {
          socket.send(text, ports[type], address, (error) => (error ? reject(error) : resolve()));
        });
      return overDatagrams(socket, send);
    },
    close() {},
  }),
};

/** One scope, which all exchanges are in: what is kept is of one scope only. */
function scoped(open) {
  return (context) => {
    const { host, via } = context;
    const inside = scope({ host, via }, () => new AsyncResource('exchange'));
    const { ask, begin, close } = inside.runInAsyncScope(() => open(context));
    return {
      ...(ask ? { ask: (target) => inside.runInAsyncScope(() => ask(target)) } : {}),
      begin: (target) => inside.runInAsyncScope(() => begin(target)),
      close,
    };
  };
}

export const unheld = Object.fromEntries(Object.entries(plain).map(([name, open]) => [`unheld ${name}`, open]));
export const scopes = Object.fromEntries(Object.entries(plain).map(([name, open]) => [`scope: ${name}`, scoped(open)]));
