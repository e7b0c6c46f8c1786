// SPDX-License-Identifier: MIT
// A web server for the labs: HTTP on one port, HTTP/1.1 and HTTP/2 over TLS on another. Tells each client in JSON which address
// and port it sees. Says on standard output, in JSON, where it listens and which certificate to trust; ends with its standard input.
//
//   /peer           {"peer","peerPort","version","resumed"}
//   /redirect?to=U  302 to U
//   /slow           the same as /peer, when the next /release is asked for

import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';

/** Of server.test, other.test, 198.51.100.80 and 2001:db8:ffff::80. For labs only: its key is in this file. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBvzCCAWegAwIBAgIURLT71HhnlanUx1vAFC5mptwWYx8wCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLc2VydmVyLnRlc3QwIBcNMjYxMTIxMjAzODIzWhgPMjEyNjEw
MjgyMDM4MjNaMBYxFDASBgNVBAMMC3NlcnZlci50ZXN0MFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAE2w6REDw4lde8WgCqyxFF3pSx3UE+6+cXx2dGKavYbkPu3MAS
R0tRp3UmeqLRLiCZLUM+XFDCDTXkfaiAow9c1KOBkDCBjTAdBgNVHQ4EFgQUXrQa
IPBmhNbFi558lA4uYYRQK7EwHwYDVR0jBBgwFoAUXrQaIPBmhNbFi558lA4uYYRQ
K7EwDwYDVR0TAQH/BAUwAwEB/zA6BgNVHREEMzAxggtzZXJ2ZXIudGVzdIIKb3Ro
ZXIudGVzdIcExjNkUIcQIAENuP//AAAAAAAAAAAAgDAKBggqhkjOPQQDAgNGADBD
Ah9Xpd+8t2vYL8Kun/iN55CENQ/h0fToq4Tpv51laxTkAiAgv6OXQyYIN3nC3hhi
wkVE4sIPbtoAm63P/1pXAscUrw==
-----END CERTIFICATE-----
`;

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2D0f8umiS5bC/EAx
pPq8ll/h9d+TXNxvMInX+/UjWmqhRANCAATbDpEQPDiV17xaAKrLEUXelLHdQT7r
5xfHZ0Ypq9huQ+7cwBJHS1GndSZ6otEuIJktQz5cUMINNeR9qICjD1zU
-----END PRIVATE KEY-----
`;

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
