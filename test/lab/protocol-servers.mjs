// SPDX-License-Identifier: MIT
// Just enough servers for real clients of PostgreSQL, Redis and gRPC, and for datagrams. Each answers whatever it is asked with
// the address that it sees. Says on standard output, in JSON, where they listen; ends with its standard input.
//
//   node protocol-servers.mjs ADDRESS   the address of the one for datagrams

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';

/** IPv4 clients of a socket of both families appear mapped (RFC 4291 section 2.5.5.2). */
const plain = (address) => address.replace(/^::ffff:/, '');

/** A message of PostgreSQL's: a letter, the length, the rest. */
function message(letter, ...parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const int16 = (value) => Buffer.from([value >> 8, value & 255]);
const int32 = (value) => Buffer.concat([int16(value >> 16), int16(value & 0xffff)]);
const text = (value) => Buffer.from(`${value}\0`);
const ready = message('Z', Buffer.from('I'));
const textType = 25;

function speakPostgres(socket) {
  let pending = Buffer.alloc(0);
  let isStarted = false;
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const head = isStarted ? 1 : 0;
      if (pending.length < head + 4) return;
      const length = head + pending.readInt32BE(head);
      if (pending.length < length) return;
      const letter = isStarted ? pending.toString('latin1', 0, 1) : '';
      pending = pending.subarray(length);
      if (letter === '') socket.write(Buffer.concat([message('R', int32(0)), ready]));
      if (letter === 'Q') socket.write(row(plain(socket.remoteAddress)));
      isStarted = true;
    }
  });
}

function row(value) {
  const field = [text('peer'), int32(0), int16(0), int32(textType), int16(0xffff), int32(0xffffffff), int16(0)];
  return Buffer.concat([
    message('T', int16(1), ...field),
    message('D', int16(1), int32(value.length), Buffer.from(value)),
    message('C', text('SELECT 1')),
    ready,
  ]);
}

/** Each command is an array of strings, of which the first line tells the number. */
function speakRedis(socket) {
  let pending = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    pending += chunk;
    for (;;) {
      const [, count] = /^\*(\d+)\r\n/.exec(pending) ?? [];
      const lines = pending.split('\r\n');
      const used = 1 + 2 * Number(count);
      if (count === undefined || lines.length <= used) return;
      pending = lines.slice(used).join('\r\n');
      const peer = plain(socket.remoteAddress);
      socket.write(lines[2].toUpperCase() === 'GET' ? `$${peer.length}\r\n${peer}\r\n` : '+OK\r\n');
    }
  });
}

async function listen(speak) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    speak(socket);
  });
  await once(server.listen({ port: 0, host: '::' }), 'listening');
  return server.address().port;
}

function listenGrpc() {
  const server = new Server();
  const service = {
    ask: {
      path: '/lab.Peer/Ask',
      requestStream: false,
      responseStream: false,
      requestDeserialize: (bytes) => bytes,
      responseSerialize: (answer) => Buffer.from(answer),
    },
  };
  server.addService(service, { ask: (call, done) => done(null, call.getPeer()) });
  return new Promise((resolve, reject) => {
    server.bindAsync('[::]:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

/** On one address: from any other one the answers would come from the address of the link that they leave by. */
async function listenDatagrams(own) {
  const server = createSocket('udp4');
  server.on('message', (_, { address, port }) => server.send(address, port, address));
  await once(server.bind(0, own), 'listening');
  return server.address().port;
}

const ports = {
  postgres: await listen(speakPostgres),
  redis: await listen(speakRedis),
  grpc: await listenGrpc(),
  udp: await listenDatagrams(process.argv[2]),
};
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.resume().on('end', () => process.exit());
