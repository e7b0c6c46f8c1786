// SPDX-License-Identifier: MIT
// Asks a web server in every way that the adapters have, over one network, and prints in JSON by which address the server saw
// each: for any line of Node.
//
//   node adapters.mjs VIA PLAIN-URL SECURE-URL        NODE_EXTRA_CA_CERTS has the server's certificate

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { get as getSecure } from 'node:https';
import { connect as connectTcp, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connect, createAgent, createDispatcher, scope } from 'node-mif';

const [via, plain, secure] = process.argv.slice(2);
const { hostname, port } = new URL(plain);
const secureTarget = { host: hostname, port: Number(new URL(secure).port) };
const seen = {};

async function answerTo(request) {
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return JSON.parse(text).peer;
}

async function sourceOf(socket, event = 'connect') {
  await once(socket, event);
  const { localAddress } = socket;
  socket.destroy();
  return localAddress;
}

const fetched = async (url, init) => (await (await fetch(url, init)).json()).peer;

const agents = createAgent({ via });
seen.http = await answerTo(get(plain, { agent: agents.http }));
seen.https = await answerTo(getSecure(secure, { agent: agents.https }));
seen.again = await answerTo(get(plain, { agent: agents.http }));
agents.http.destroy();
agents.https.destroy();

const dispatcher = createDispatcher({ via });
seen.fetch = await fetched(plain, { dispatcher });
seen.secureFetch = await fetched(secure, { dispatcher });
seen.redirect = await fetched(new URL(`/redirect?to=${encodeURIComponent(secure)}`, plain), { dispatcher });
await dispatcher.close();

const tls = { ALPNProtocols: ['h2'], servername: 'server.test' };
const socket = await connect(secureTarget, { via, tls });
const session = connectHttp2('https://server.test', { createConnection: () => socket });
let text = '';
for await (const chunk of session.request({ ':path': '/peer' }).setEncoding('utf8')) text += chunk;
seen.http2 = JSON.parse(text).peer;
session.close();

/** An address that answers nobody first: core goes on to the second after a quarter of a second. */
const lookup = (_, { all }, callback) => {
  const [nobody, server] = ['198.51.100.99', hostname].map((address) => ({ address, family: 4 }));
  if (all) callback(null, [nobody, server]);
  else callback(null, server.address, 4);
};

await scope({ via }, async () => {
  seen.scopeNet = await sourceOf(connectTcp(port, hostname));
  seen.scopeNew = await sourceOf(new Socket().connect(port, hostname));
  seen.scopeTwo = await sourceOf(connectTcp({ host: 'two.test', port, lookup, autoSelectFamily: true }));
  seen.scopeTls = await sourceOf(connectTls(secureTarget), 'secureConnect');
  const named = { ...secureTarget, host: 'server.test', lookup, autoSelectFamily: true };
  seen.scopeTlsTwo = await sourceOf(connectTls(named), 'secureConnect');
  seen.scopeHttp = await answerTo(get(plain));
  seen.scopeAgent = await answerTo(get(plain, { agent: new Agent({ keepAlive: false }) }));
  seen.scopeFetch = await fetched(plain);
  seen.scopeLoopback = await sourceOf(connectTcp(1, '127.0.0.1')).catch(({ mif }) => mif.code);
  const datagrams = createSocket('udp4');
  datagrams.bind();
  await once(datagrams, 'listening');
  datagrams.connect(9, hostname);
  await once(datagrams, 'connect');
  seen.scopeUdp = datagrams.address().address;
  datagrams.close();
});

console.log(JSON.stringify(seen));
