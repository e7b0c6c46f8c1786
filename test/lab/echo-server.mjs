// SPDX-License-Identifier: MIT
// A TCP server for the labs. It tells each client in one line of JSON which address and port it sees, then sends back
// whatever it receives. Says on standard output where it listens; ends with its standard input.
//
//   node echo-server.mjs [port]

import { createServer } from 'node:net';

/** IPv4 clients of a socket of both families appear mapped (RFC 4291 section 2.5.5.2). */
const plain = (address) => address?.replace(/^::ffff:/, '');

const server = createServer((socket) => {
  const { remoteAddress, remotePort, localAddress } = socket;
  socket.on('error', () => socket.destroy());
  socket.write(`${JSON.stringify({ peer: plain(remoteAddress), peerPort: remotePort, local: plain(localAddress) })}\n`);
  socket.pipe(socket);
});

server.listen({ port: Number(process.argv[2] ?? 0), host: '::' }, () => {
  process.stdout.write(`listening on port ${server.address().port}\n`);
});
process.stdin.resume().on('end', () => process.exit());
