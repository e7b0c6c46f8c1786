// SPDX-License-Identifier: MIT
// Every kind of socket, over one interface, as an ordinary user's program. Prints one JSON document a line: first the port of
// a server, then all that happened, when somebody has connected.
//   sockets.mjs <interface> <address of an echo> <its UDP port>

import { once } from 'node:events';
import { createBoundSocket, createUdpSocket, listen } from '../../../dist/index.js';

const [via, address, port] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const print = (value) => console.log(JSON.stringify(value));

/** What an attempt fails with. */
const failure = (make) => {
  try {
    make().close();
    return undefined;
  } catch ({ code, message, hint }) {
    return { code, message, hint };
  }
};

const stream = { family: 4, type: 'stream', via };
const mark = failure(() => createBoundSocket({ ...stream, mark: 7 }));
const others = failure(() =>
  createBoundSocket({
    ...stream,
    dscp: 46,
    keepAlive: { idle: 30_000 },
    reusePort: true,
    source: '10.2.0.100',
    multipath: true,
  }),
);

const plain = await createUdpSocket({ type: 'udp4', via });
plain.send('plain', port, address);
const [plainAnswer] = await once(plain, 'message');
plain.close();

const udp = await createUdpSocket({ type: 'udp4', via, packetInfo: true });
udp.addMembership('239.1.2.3');
await udp.send('info', { address, port });
const [data, info] = await once(udp, 'message');

const server = await listen({ port: 0, via });
print({ port: server.address().port });
const [socket] = await once(server, 'connection');
print({ mark, others, plain: String(plainAnswer), udp: String(data), info, server: socket.localAddress });
socket.destroy();
server.close();
await udp.close();
