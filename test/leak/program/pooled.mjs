// SPDX-License-Identifier: MIT
// Transports over agents and dispatchers, which keep connections.

import { request } from 'node:http';
import { request as requestSecure } from 'node:https';
import { createAgent, createDispatcher } from 'node-mif';
import * as undici from 'undici';
import { WebSocket } from 'ws';
import { answerTo, overFetch, overRequest, overWebSocket } from './exchange.mjs';

export const urlOf = (scheme, { address, path = '/peer' }, port) =>
  `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}${path}`;

const echo = (target) => ({ ...target, path: '/echo' });

/** @param ask the request of node:http or node:https */
function overAgent(scheme, ask) {
  return ({ host, via, ports, options = {} }) => {
    const agent = createAgent({ host, via })[scheme];
    return {
      ask: (target) => answerTo(ask(urlOf(scheme, target, ports[scheme]), { agent, ...options }).end()),
      begin: (target) =>
        overRequest(ask(urlOf(scheme, echo(target), ports[scheme]), { agent, method: 'POST', ...options })),
      close: () => agent.destroy(),
    };
  };
}

function webSocketOverAgent(scheme, kind) {
  return ({ host, via, ports }) => {
    const agent = createAgent({ host, via })[kind];
    return {
      begin: (target) => overWebSocket(new WebSocket(urlOf(scheme, target, ports[kind]), { agent })),
      close: () => agent.destroy(),
    };
  };
}

function overDispatcher(scheme, make, fetching = globalThis.fetch) {
  return ({ host, via, ports, options }) => {
    const dispatcher = make({ host, via, ...options });
    return {
      ask: async (target) => (await fetching(urlOf(scheme, target, ports[scheme]), { dispatcher })).json(),
      begin: (target) =>
        overFetch((init) => fetching(urlOf(scheme, echo(target), ports[scheme]), { dispatcher, ...init })),
      close: () => dispatcher.destroy(),
    };
  };
}

/** Each may also be asked for one answer, over a connection that is kept: `ask(target)`. */
export const pooled = {
  'http agent': overAgent('http', request),
  'https agent': overAgent('https', requestSecure),
  'ws over agent': webSocketOverAgent('ws', 'http'),
  'wss over agent': webSocketOverAgent('wss', 'https'),
  'fetch with dispatcher': overDispatcher('http', createDispatcher),
  'secure fetch with dispatcher': overDispatcher('https', createDispatcher),
  'undici with HTTP/2': overDispatcher(
    'https',
    (options) => createDispatcher({ ...options, undici, agent: { allowH2: true } }),
    undici.fetch,
  ),
};
