// SPDX-License-Identifier: MIT
// The transports that cells are about, by what they can be asked; program/ has what they do.

import type { NodeLine } from '../lab/node-lines.ts';

/** To an address only: each exchange has a connection of its own. */
const connecting = ['connect', 'connect with tls', 'http2 over connect'];
/** Held, and connected by whoever adopts it: nobody looks whether the link leads there. */
const descriptors = ['bound descriptor'];
const datagrams = ['udp', 'udp with packet info'];
/** Names are resolved, connections are kept. */
const kept = [
  'http agent',
  'https agent',
  'fetch with dispatcher',
  'secure fetch with dispatcher',
  'undici with HTTP/2',
];
const webSockets = ['ws over agent', 'wss over agent'];

const scopedDatagrams = ['scope: dgram'];

const scopedStreams = ['net.connect', 'tls.connect', 'http', 'https', 'http2', 'fetch', 'ws'];
const scopedKept = ['http', 'https', 'fetch'];

const inScope = (names: readonly string[]) => names.map((name) => `scope: ${name}`);

/** Those that take names and say what has gone wrong. */
const telling = [...kept, ...webSockets, ...inScope(scopedStreams)];

/** Those that take names. The WebSocket of the runtime, from Node 22 on, tells nobody why it has failed. */
export const named = ({ major }: NodeLine) => [...telling, ...(major >= 22 ? ['scope: WebSocket'] : [])];

/** Those that look for a way before they connect. */
export const looking = [...connecting, ...telling];

/** Those over connections. */
export const streams = [...descriptors, ...looking];

/** Those that keep a connection for the next request. */
export const keeping = [...kept, ...inScope(scopedKept)];

/** Those over datagrams. */
export const datagramSockets = [...datagrams, ...scopedDatagrams];

/** All of them. */
export const all = [...streams, ...datagramSockets];

/** Those that follow redirects by themselves. */
export const redirected = [...kept.filter((name) => name.includes('fetch')), 'undici with HTTP/2', 'scope: fetch'];

/** Those that look for none. */
export const blind = [...descriptors, ...datagramSockets];

/** Sockets that outlive an interface that is set down, and an address that is removed (docs/api/sockets.md). */
export const enduring = new Set([...connecting, ...blind]);
