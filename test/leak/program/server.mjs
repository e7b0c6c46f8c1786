// SPDX-License-Identifier: MIT
// The far end of every transport of the leak suite. Whatever it is asked, it answers by which address it sees who asks. Says
// on standard output, in JSON, on which ports; ends with its standard input.
//
//   node server.mjs ADDRESS4 ADDRESS6    where the ones for datagrams are
//
//   GET  /peer           {"peer","peerPort","resumed"}
//   GET  /redirect?to=U  307 to U
//   GET  /elsewhere?to=U as /peer, and says that the same is to be had at U from now on (RFC 7838)
//   GET  /drop           cuts the connection
//   POST /echo           as /peer in the first line, then what it gets, as it comes

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createPlain } from 'node:http';
import { createSecureServer } from 'node:http2';
import { connect, createServer as createTcp } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { WebSocketServer } from 'ws';
import { certificate as cert, key } from '../../lab/certificate.mjs';

/** IPv4 clients of a socket of both families appear mapped (RFC 4291 section 2.5.5.2). */
const plain = (address) => address?.replace(/^::ffff:/, '');

function tellOf(socket) {
  const { remoteAddress, remotePort } = socket;
  return JSON.stringify({
    peer: plain(remoteAddress),
    peerPort: remotePort,
    resumed: socket.isSessionReused?.() ?? false,
  });
}

function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://lab');
  const to = searchParams.get('to');
  request.on('error', () => {});
  response.on('error', () => {});
  if (pathname === '/redirect') {
    response.writeHead(307, { location: to }).end();
  } else if (pathname === '/drop') {
    request.socket.destroy();
  } else if (pathname === '/echo') {
    response.write(`${tellOf(request.socket)}\n`);
    request.pipe(response);
  } else {
    if (pathname === '/elsewhere') offerElsewhere(request, response, to);
    response.end(tellOf(request.socket));
  }
}

function offerElsewhere({ stream }, response, to) {
  const { protocol, host, origin } = new URL(to);
  response.setHeader('alt-svc', `${protocol === 'https:' ? 'h2' : 'http/1.1'}="${host}"; ma=3600`);
  if (stream === undefined) return;
  stream.session.altsvc(`h2="${host}"; ma=3600`, `https://${stream.sentHeaders?.host ?? 'server.test'}`);
  stream.session.origin(origin);
}

/** A proxy, for clients that ask for one (RFC 9110 section 9.3.6). */
function tunnel(request, socket) {
  const { hostname, port } = new URL(`http://${request.url}`);
  socket.on('error', () => socket.destroy());
  const onward = connect(Number(port), hostname.replace(/[[\]]/g, ''));
  onward.on('error', () => socket.destroy());
  onward.on('connect', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    socket.pipe(onward).pipe(socket);
  });
}

function echo(socket) {
  socket.on('error', () => socket.destroy());
  socket.write(`${tellOf(socket)}\n`);
  socket.pipe(socket);
}

function speakWebSocket(server) {
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate());
    socket.send(tellOf(request.socket));
    socket.on('message', (data) => socket.send(data));
  });
}

async function portOf(server) {
  server.on('clientError', (_, socket) => socket.destroy());
  server.on('tlsClientError', () => {});
  server.on('sessionError', () => {});
  await once(server.listen({ port: 0, host: '::' }), 'listening');
  return server.address().port;
}

async function datagramPortOf(type, address) {
  const server = createSocket(type);
  server.on('error', () => {});
  server.on('message', (_, { address: peer, port: peerPort }) =>
    server.send(JSON.stringify({ peer, peerPort }), peerPort, peer),
  );
  await once(server.bind(0, address), 'listening');
  return server.address().port;
}

const http = createPlain({ keepAliveTimeout: 60_000 }, answer).on('connect', tunnel);
const https = createSecureServer({ key, cert, allowHTTP1: true }, answer);
speakWebSocket(http);
speakWebSocket(https);
const ports = {
  http: await portOf(http),
  https: await portOf(https),
  tcp: await portOf(createTcp(echo)),
  tls: await portOf(createTls({ key, cert }, echo)),
  udp4: await datagramPortOf('udp4', process.argv[2]),
  udp6: await datagramPortOf('udp6', process.argv[3]),
};
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.resume().on('end', () => process.exit());
