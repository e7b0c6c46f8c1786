// SPDX-License-Identifier: MIT
// A web server for the labs: HTTP on one port, HTTP/1.1 and HTTP/2 over TLS on another. Tells each client in JSON which address
// and port it sees. Says on standard output, in JSON, where it listens and which certificate to trust; ends with its standard input.
//
//   /peer           {"peer","peerPort","version","resumed"}
//   /redirect?to=U  302 to U
//   /slow           the same as /peer, when the next /release is asked for

import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { certificate, key } from './certificate.mjs';

const waiting = [];

/** IPv4 clients of a socket of both families appear mapped (RFC 4291 section 2.5.5.2). */
const plain = (address) => address?.replace(/^::ffff:/, '');

function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://lab');
  const { remoteAddress, remotePort } = request.socket;
  const tell = () => {
    const resumed = request.socket.isSessionReused?.() ?? false;
    const told = { peer: plain(remoteAddress), peerPort: remotePort, version: request.httpVersion, resumed };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(told));
  };
  if (pathname === '/redirect') {
    response.writeHead(302, { location: searchParams.get('to') });
    response.end();
  } else if (pathname === '/slow') {
    waiting.push(tell);
  } else {
    if (pathname === '/release') for (const each of waiting.splice(0)) each();
    tell();
  }
}

const ports = [];

function listen(server) {
  server.on('upgrade', (_, socket) => socket.destroy());
  server.on('clientError', (_, socket) => socket.destroy());
  server.listen({ port: 0, host: '::' }, () => {
    ports.push([server.name, server.address().port]);
    if (ports.length < 2) return;
    process.stdout.write(`${JSON.stringify({ ...Object.fromEntries(ports), certificate })}\n`);
  });
}

listen(Object.assign(createServer({ keepAliveTimeout: 60_000 }, answer), { name: 'http' }));
const secure = createSecureServer({ key, cert: certificate, allowHTTP1: true }, answer);
listen(Object.assign(secure, { name: 'https' }));
process.stdin.resume().on('end', () => process.exit());
