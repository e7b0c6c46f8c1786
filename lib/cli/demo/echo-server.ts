// SPDX-License-Identifier: MIT
// The server of the play, a process of its own in a namespace of its own. Tells each client in one line of JSON whom it
// sees, then sends back whatever it receives. Ends with its standard input.

import { type AddressInfo, createServer } from 'node:net';

/** IPv4 clients of a socket of both families appear mapped (RFC 4291 sec. 2.5.5.2). */
function plain(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:/, '');
}

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.write(`${JSON.stringify({ you: plain(socket.remoteAddress), port: socket.remotePort })}\n`);
  socket.pipe(socket);
});

server.listen({ port: Number(process.argv[2]), host: '::' }, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().once('end', () => process.exit());
