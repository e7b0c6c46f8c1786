// SPDX-License-Identifier: MIT
// What it costs to hold a socket to an interface: connections a second against plain ones of Node's, one after the other and
// sixteen at a time, and datagram sockets that are made and closed.

import { Lab } from './lab.mjs';
import { subject } from './peers.mjs';
import { listen, run } from './process.mjs';

const plain = 'net.connect()';
const local = 'net.connect(), localAddress';
const bound = 'node-mif: connect(), via an interface';
const plainDatagram = 'dgram: createSocket(), bind(), close()';
const boundDatagram = 'node-mif: createBoundSocket(), datagram, dgram bind({ fd }), close()';

export async function* tables() {
  const lab = await Lab.open();
  try {
    const peer = await lab.addPeer();
    for (const [title, inFlight] of [
      ['TCP connections, one after the other', 1],
      ['TCP connections, 16 at a time', 16],
    ]) {
      yield {
        title,
        columns: [
          { key: 'perSecond', title: 'a second', isRatio: true },
          { key: 'cpuUs', title: 'CPU us each', isRatio: true },
        ],
        contenders: [
          [plain, 'plain'],
          [local, 'local'],
          [bound, 'bound'],
        ].map(([name, kind]) => ({ name, measure: () => connections(lab, peer, kind, inFlight) })),
        targets: [{ row: bound, to: plain, key: 'perSecond', least: 0.95, goal: 0.98 }],
      };
    }
    yield {
      title: 'UDP sockets',
      columns: [{ key: 'perSecond', title: 'a second', isRatio: true }],
      contenders: [
        [plainDatagram, 'plain-datagram'],
        [boundDatagram, 'bound-datagram'],
      ].map(([name, kind]) => ({
        name,
        measure: async () => (await run(lab.netns, subject('connections', kind, 20_000))).result,
      })),
      targets: [{ row: boundDatagram, to: plainDatagram, key: 'perSecond', least: 0.95, goal: 0.98 }],
    };
  } finally {
    await lab.close();
  }
}

async function connections(lab, peer, kind, inFlight) {
  const server = await listen(peer.netns, subject('connections', 'serve', peer.address));
  const { result } = await run(lab.netns, subject('connections', kind, 10_000, inFlight, peer.address));
  await server.stop();
  return result;
}
