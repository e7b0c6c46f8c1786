// SPDX-License-Identifier: MIT
// Ways to lead traffic past a path that are no transport's ordinary use. Each resolves to what the server told, or fails.

import { AsyncResource } from 'node:async_hooks';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import * as net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, createAgent, createBoundSocket, createDispatcher, createUdpSocket, scope } from 'node-mif';
import * as undici from 'undici';
import { kin } from './kin.mjs';
import { answerTo, overDatagrams, overStream } from './exchange.mjs';

const told = async (exchange) => {
  try {
    return await exchange.told;
  } finally {
    exchange.destroy();
    await exchange.ended;
  }
};

/** A resolver that answers what it was told to. */
const lying = (addresses) => (_, options, callback) => {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  if (options.all) callback(null, all);
  else callback(null, all[0].address, all[0].family);
};

const json = async (response) => (await response).json();

const sourceAttacks = {
  'bound descriptor': ({ host, source }) => {
    createBoundSocket({ host, family: 4, type: 'stream', via: 'b0', source }).close();
    return { made: true };
  },
  udp: async ({ host, source, ports, address }) => {
    const socket = await createUdpSocket({ host, type: 'udp4', via: 'b0', source });
    return told(overDatagrams(socket, (text) => socket.send(text, ports.udp4, address)));
  },
  'one datagram': async ({ host, source, ports, address }) => {
    const socket = await createUdpSocket({ host, type: 'udp4', via: 'b0', packetInfo: true });
    return told(overDatagrams(socket, (text) => socket.send(text, { address, port: ports.udp4, source })));
  },
  'connect by via': async ({ host, source, ports, address }) =>
    told(overStream(await connect({ address, port: ports.tcp }, { host, via: { interface: 'b0', source } }))),
  'request over an agent': ({ host, source, ports, address }) => {
    const { http: agent } = createAgent({ host, via: 'b0', keepAlive: false });
    return answerTo(request({ agent, host: address, port: ports.http, path: '/peer', localAddress: source }).end());
  },
  agent: ({ host, source, ports, address }) => {
    const { http: agent } = createAgent({ host, via: 'b0', keepAlive: false, localAddress: source });
    return answerTo(request({ agent, host: address, port: ports.http, path: '/peer' }).end());
  },
  dispatcher: async ({ host, source, ports, address }) => {
    const dispatcher = createDispatcher({ host, via: 'b0', agent: { localAddress: source } });
    return json(fetch(`http://${address}:${ports.http}/peer`, { dispatcher })).finally(() => dispatcher.destroy());
  },
  'TLS of a dispatcher': async ({ host, source, ports, address }) => {
    const dispatcher = createDispatcher({ host, via: 'b0', tls: { localAddress: source } });
    return json(fetch(`https://${address}:${ports.https}/peer`, { dispatcher })).finally(() => dispatcher.destroy());
  },
  'scope: net.connect': ({ host, source, ports, address }) =>
    scope({ host, via: 'b0' }, () =>
      told(overStream(net.connect({ host: address, port: ports.tcp, localAddress: source }))),
    ),
  'scope: http': ({ host, source, ports, address }) =>
    scope({ host, via: 'b0' }, () =>
      answerTo(request({ agent: false, host: address, port: ports.http, path: '/peer', localAddress: source }).end()),
    ),
  'scope: dgram': ({ host, source, ports, address }) =>
    scope({ host, via: 'b0' }, () => {
      const socket = createSocket('udp4');
      socket.bind(0, source);
      return told(overDatagrams(socket, (text) => socket.send(text, ports.udp4, address)));
    }),
};

/** A lookup that answers addresses which are not the path's. */
const lookupAttacks = {
  'http agent': ({ host, ports, addresses }) => {
    const { http: agent } = createAgent({ host, via: 'b0', keepAlive: false, lookup: lying(addresses) });
    return answerTo(request({ agent, host: 'lie.test', port: ports.http, path: '/peer' }).end());
  },
  'request over an agent': ({ host, ports, addresses }) => {
    const { http: agent } = createAgent({ host, via: 'b0', keepAlive: false });
    const lookup = lying(addresses);
    return answerTo(request({ agent, lookup, host: 'server.test', port: ports.http, path: '/peer' }).end());
  },
  dispatcher: ({ host, ports, addresses }) => {
    const dispatcher = createDispatcher({ host, via: 'b0', lookup: lying(addresses) });
    return json(fetch(`http://lie.test:${ports.http}/peer`, { dispatcher })).finally(() => dispatcher.destroy());
  },
  'scope: net.connect': ({ host, ports, addresses }) =>
    scope({ host, via: 'b0' }, () =>
      told(overStream(net.connect({ host: 'lie.test', port: ports.tcp, lookup: lying(addresses) }))),
    ),
};

const reuseAttacks = {
  /** Node would open another descriptor, and nobody would hold that. */
  'connect again': async ({ host, ports, address }) => {
    const socket = await connect({ address, port: ports.tcp }, { host, via: 'b0' });
    return again(socket, { host: address, port: ports.tcp });
  },
  'adopted descriptor again': async ({ host, ports, address }) => {
    const bound = createBoundSocket({ host, family: 4, type: 'stream', via: 'b0' });
    const socket = bound.adopt((fd) => new net.Socket({ fd, manualStart: true }));
    socket.connect({ host: address, port: ports.tcp, autoSelectFamily: false });
    await once(socket, 'connect');
    return again(socket, { host: address, port: ports.tcp });
  },
  'connect with tls again': async ({ host, ports, address }) => {
    const socket = await connect({ address, port: ports.tls }, { host, via: 'b0', tls: { servername: 'server.test' } });
    return again(socket, { host: address, port: ports.tls });
  },
  /** Core goes on to the second address with a descriptor of its own (trap H3). */
  'adopted descriptor with a name': ({ host, ports, address }) => {
    const bound = createBoundSocket({ host, family: 4, type: 'stream', via: 'b0' });
    const socket = bound.adopt((fd) => new net.Socket({ fd, manualStart: true }));
    const lookup = lying(['198.51.100.81', address]);
    return told(overStream(socket.connect({ host: 'two.test', port: ports.tcp, lookup, autoSelectFamily: true })));
  },
  'scope: net.connect again': ({ host, ports, address }) =>
    scope({ host, via: 'b0' }, async () => {
      const socket = net.connect({ host: address, port: ports.tcp });
      await once(socket, 'connect');
      return again(socket, { host: address, port: ports.tcp });
    }),
};

async function again(socket, target) {
  socket.resume();
  socket.destroy();
  await once(socket, 'close');
  return told(overStream(socket.connect(target)));
}

const otherAttacks = {
  'scope: proxy of undici': ({ host, ports, address }) =>
    scope({ host, via: 'b0' }, async () => {
      const dispatcher = new undici.ProxyAgent(`http://${address}:${ports.http}`);
      return json(undici.fetch(`http://${address}:${ports.http}/peer`, { dispatcher })).finally(() =>
        dispatcher.destroy(),
      );
    }),
  'CONNECT over an agent': async ({ host, ports, address }) => {
    const { http: agent } = createAgent({ host, via: 'b0' });
    const path = `${address}:${ports.tcp}`;
    const asked = request({ agent, host: address, port: ports.http, method: 'CONNECT', path }).end();
    const [, socket, head] = await once(asked, 'connect');
    const exchange = overStream(socket);
    if (head.length > 0) socket.emit('data', head);
    return told(exchange);
  },
  'dispatcher in a scope of another network': ({ host, ports, address }) =>
    scope({ host, via: 'wwan0' }, async () => {
      const dispatcher = createDispatcher({ host, via: 'b0' });
      return json(fetch(`http://${address}:${ports.http}/peer`, { dispatcher })).finally(() => dispatcher.destroy());
    }),
  'agent in a scope of another network': ({ host, ports, address }) =>
    scope({ host, via: 'wwan0' }, () => {
      const { http: agent } = createAgent({ host, via: 'b0', keepAlive: false });
      return answerTo(request({ agent, host: address, port: ports.http, path: '/peer' }).end());
    }),
  'connect in a scope of another network': ({ host, ports, address }) =>
    scope({ host, via: 'wwan0' }, async () =>
      told(overStream(await connect({ address, port: ports.tcp }, { host, via: 'b0' }))),
    ),
  /** Made for both, and kept by whoever asked first. */
  'scope: an agent with connections of nobody': async ({ host, ports, address }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () => answerTo(request({ agent, host: address, port: ports.http, path: '/peer' }).end());
    await scope({ host, via: 'wwan0' }, ask);
    return scope({ host, via: 'b0' }, ask).finally(() => agent.destroy());
  },
  'scope: a descriptor from elsewhere': async ({ host, ports, address }) => {
    const fd = createBoundSocket({ host, family: 4, type: 'stream', via: 'a0' }).adopt();
    return scope({ host, via: 'b0' }, () => {
      const socket = new net.Socket({ fd, manualStart: true });
      return told(overStream(socket.connect({ host: address, port: ports.tcp, autoSelectFamily: false })));
    });
  },
  /** From Node 24 on. */
  'scope: net.BoundSocket': ({ host, ports, address }) =>
    scope({ host, via: 'b0' }, () => {
      const handle = new net.BoundSocket({ host: '0.0.0.0' });
      return told(overStream(new net.Socket({ handle }).connect({ host: address, port: ports.tcp })));
    }),
  'scope: what a timer begins': ({ host, ports, address }) =>
    scope({ host, via: 'b0' }, async () => {
      await delay(5);
      return told(overStream(net.connect(ports.tcp, address)));
    }),
  'scope: what a callback of it begins outside': ({ host, ports, address }) => {
    const inside = scope({ host, via: 'b0' }, () => AsyncResource.bind(() => net.connect(ports.tcp, address)));
    return told(overStream(inside()));
  },
  'scope: a datagram socket that connects': ({ host, ports, address }) =>
    scope({ host, via: 'b0' }, async () => {
      const socket = createSocket('udp4');
      socket.connect(ports.udp4, address);
      await once(socket, 'connect');
      return told(overDatagrams(socket, (text) => socket.send(text)));
    }),
  'udp: disconnect': async ({ host, ports, address }) => {
    const socket = await createUdpSocket({ host, type: 'udp4', via: 'b0' });
    socket.connect(ports.udp4, address);
    await once(socket, 'connect');
    try {
      socket.disconnect();
    } finally {
      socket.close();
    }
  },
  'udp with packet info: disconnect': async ({ host, ports, address }) => {
    const socket = await createUdpSocket({ host, type: 'udp4', via: 'b0', packetInfo: true });
    socket.connect({ address, port: ports.udp4 });
    socket.disconnect();
    return told(overDatagrams(socket, (text) => socket.send(text, { address, port: ports.udp4 })));
  },
};

/** Datagrams that are not answered: they leave, or fail. */
const castAttacks = {
  udp: async ({ host, type, address }) => {
    const socket = await createUdpSocket({ host, type, via: 'b0' });
    socket.setBroadcast(true);
    return sent(
      socket,
      () => new Promise((done, fail) => socket.send('x', 7007, address, (e) => (e ? fail(e) : done()))),
    );
  },
  'udp with packet info': async ({ host, type, address }) => {
    const socket = await createUdpSocket({ host, type, via: 'b0', packetInfo: true });
    return sent(socket, () => socket.send('x', { address, port: 7007 }));
  },
  'scope: dgram': ({ host, type, address }) =>
    scope({ host, via: 'b0' }, async () => {
      const socket = createSocket(type);
      await new Promise((done) => socket.bind(0, done));
      socket.setBroadcast(true);
      return sent(
        socket,
        () => new Promise((done, fail) => socket.send('x', 7007, address, (e) => (e ? fail(e) : done()))),
      );
    }),
};

async function sent(socket, send) {
  try {
    await send();
    return { sent: true };
  } finally {
    socket.close();
  }
}

/** A request that is tried again, while the path goes. */
const retryAttacks = {
  'RetryAgent of undici': async ({ host, ports, address }) => {
    const dispatcher = createDispatcher({ host, via: 't0', undici });
    const options = { maxRetries: 4, minTimeout: 60, maxTimeout: 60, errorCodes: [...retried, 'UND_ERR_SOCKET'] };
    const agent = new undici.RetryAgent(dispatcher, options);
    try {
      const { body } = await undici.request(`http://${address}:${ports.http}/drop`, { dispatcher: agent });
      return await body.json();
    } finally {
      await agent.destroy();
    }
  },
  'http agent': ({ host, ports, address }) => {
    const { http: agent } = createAgent({ host, via: 't0' });
    return again4(() => answerTo(request({ agent, host: address, port: ports.http, path: '/drop' }).end()));
  },
  'fetch with dispatcher': ({ host, ports, address }) => {
    const dispatcher = createDispatcher({ host, via: 't0' });
    return again4(() => json(fetch(`http://${address}:${ports.http}/drop`, { dispatcher })));
  },
  'scope: http': ({ host, ports, address }) =>
    scope({ host, via: 't0' }, () =>
      again4(() => answerTo(request({ host: address, port: ports.http, path: '/drop' }).end())),
    ),
  connect: ({ host, ports, address }) =>
    again4(async () => {
      const socket = await connect({ address, port: ports.tcp }, { host, via: 't0' });
      socket.destroy();
      throw Object.assign(new Error('once more'), { code: 'ONCE_MORE' });
    }),
};

const retried = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ENOTFOUND',
  'ENETDOWN',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EPIPE',
];

async function again4(attempt) {
  for (let left = 4; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await delay(40);
    }
  }
}

const grouped = (group, attacks) => Object.entries(attacks).map(([name, run]) => [`${group}: ${name}`, run]);

/** By group and name. */
export const attacks = Object.fromEntries([
  ...grouped('source', sourceAttacks),
  ...grouped('lookup', lookupAttacks),
  ...grouped('reuse', reuseAttacks),
  ...grouped('other', otherAttacks),
  ...grouped('cast', castAttacks),
  ...grouped('retry', retryAttacks),
  ...grouped('kin', kin),
]);
