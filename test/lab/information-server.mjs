// SPDX-License-Identifier: MIT
// A server for the labs that says of networks what a test wants: https://…:443/, with the certificate of the labs. Reads lines of JSON from its
// standard input, {"/path": {"status","type","location","body","size","stall"}}, which replace what it says; `size` fills the
// body up, `stall` never ends it. Writes lines of JSON: first the certificate, then each request; ends with its standard input.

import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { certificate, key } from './certificate.mjs';

let answers = {};
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const server = createServer({ key, cert: certificate }, (request, response) => {
  say({ path: request.url, headers: request.headers, peer: request.socket.remoteAddress.replace(/^::ffff:/, '') });
  const { status = 200, type, location, body, size = 0, stall = false } = answers[request.url] ?? { status: 404 };
  if (type !== undefined) response.setHeader('content-type', type);
  if (location !== undefined) response.setHeader('location', location);
  response.writeHead(status);
  response.write(`${body === undefined ? '' : JSON.stringify(body)}${' '.repeat(size)}`);
  if (!stall) response.end();
});
server.on('tlsClientError', (error) => say({ refused: error.code }));
server.listen({ port: 443, host: '::' }, () => say({ certificate }));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    answers = JSON.parse(line);
    say({ answers: Object.keys(answers) });
  })
  .on('close', () => process.exit());
