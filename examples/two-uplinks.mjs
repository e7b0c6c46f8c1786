// SPDX-License-Identifier: MIT
// Connects to one server through every network of the host at once, by the messages of
// draft-ietf-mif-api-extension-05: learn the provisioning domains, connect in each, take ordinary sockets, and ask the
// server whom it sees. Needs no privilege.
//
//   node examples/two-uplinks.mjs 198.51.100.80 7
//
// Output, on a host with three uplinks:
//   a0/fe80::a:1: from 10.1.0.100 over a0; server says {"peer":"10.1.0.100","peerPort":40000,"local":"198.51.100.80"}
//   a0/link-local: not connected: no-source
//   b0/fe80::b:1: from 10.2.0.100 over b0; server says {"peer":"10.2.0.100","peerPort":40000,"local":"198.51.100.80"}
//   b0/link-local: not connected: no-source
//   wwan0/static: from 10.3.0.2 over wwan0; server says {"peer":"10.3.0.2","peerPort":40000,"local":"198.51.100.80"}
//   wwan0/link-local: not connected: no-source

import { once } from 'node:events';
import { openSession } from 'node-mif';

const [, , address, port] = process.argv;
const results = new Map();
let isEnumerated = false;

const session = await openSession();
session.post({ type: 'announce-provisioning-domain', interface: '*' });

for await (const message of session) {
  if (message.type === 'provisioning-domain-announcement') {
    const connectionId = message.pvd.id;
    results.set(connectionId, undefined);
    session.post({ type: 'connect-to-address', address, port: Number(port), pvd: message.pvd.handle, connectionId });
  } else if (message.type === 'connected') {
    const socket = session.take(message.token);
    const [answer] = await once(socket.setEncoding('utf8'), 'data');
    results.set(message.connectionId, `from ${message.source} over ${message.interface.name}; server says ${answer}`);
    socket.destroy();
  } else if (message.type === 'not-connected') {
    results.set(message.connectionId, `not connected: ${message.reason}`);
  } else if (message.type === 'enumeration-done') {
    isEnumerated = true;
  }
  if (isEnumerated && [...results.values()].every((result) => result !== undefined)) break;
}

await session.close();
for (const [pvd, result] of results) console.log(`${pvd}: ${result.trimEnd()}`);
