// SPDX-License-Identifier: MIT
// `mif connect HOST:PORT`: one TCP connection over a chosen network; standard input and output are its two directions.
// The path goes to standard error, because standard output belongs to the peer.

import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { connect as open, openHost } from '../mif/mif.ts';
import { type Command, namespaceOf, viaOf } from './command.ts';
import { exitCodes, usageError } from './exit-code.ts';
import type { Output } from './output.ts';

export const connect: Command = {
  name: 'connect',
  operands: 'ADDRESS:PORT',
  summary: 'connects, tells the path on standard error, then pipes standard input and output',
  details: [
    'ADDRESS is an IP literal, IPv6 in brackets: [2001:db8::1]:80.',
    'With --tls the peer proves that it is ADDRESS, to one of the authorities that Node trusts (NODE_EXTRA_CA_CERTS adds some).',
    'With --json the path is one line of JSON, on standard error as well.',
  ],
  options: ['json', 'netns', 'via', 'tls'],
  maxOperands: 1,
  endsBySignal: true,
  async run({ options, operands, output, say, input, stop }) {
    const [target] = operands;
    if (target === undefined) throw usageError('mif connect: where to?', 'Name it as ADDRESS:PORT.');
    const host = await openHost({ ...namespaceOf(options), signal: stop });
    try {
      const socket = await open(target, { host, signal: stop, tls: options.tls ?? false, ...viaOf(options) });
      const path = {
        address: socket.remoteAddress,
        port: socket.remotePort,
        source: socket.localAddress,
        sourcePort: socket.localPort,
      };
      say(
        options.json
          ? JSON.stringify({ connected: path })
          : `connected to ${path.address} port ${path.port} from ${path.source} port ${path.sourcePort}`,
      );
      await converse(socket, input, output, stop);
    } finally {
      await host.close();
    }
    return exitCodes.ok;
  },
};

/** Until the peer is done. The end of our input ends our direction only. */
async function converse(socket: Socket, input: Readable, output: Output, stop: AbortSignal): Promise<void> {
  const giveUp = () => socket.destroy();
  stop.addEventListener('abort', giveUp, { once: true });
  if (stop.aborted) giveUp();
  input.pipe(socket);
  try {
    for await (const chunk of socket) await output.write(chunk);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    stop.removeEventListener('abort', giveUp);
    input.unpipe(socket);
    input.destroy();
  }
}
