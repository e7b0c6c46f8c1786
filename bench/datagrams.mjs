// SPDX-License-Identifier: MIT
// Datagrams that are sent and answered over one interface: Node's own socket, one that is held, and one that tells where each
// arrived.

import { Lab } from './lab.mjs';
import { subject } from './peers.mjs';
import { listen, run } from './process.mjs';

const plain = 'dgram';
const bound = 'node-mif: createUdpSocket(), via an interface';
const told = 'node-mif: createUdpSocket(), via an interface, packetInfo';

export async function* tables() {
  const lab = await Lab.open();
  try {
    const peer = await lab.addPeer();
    yield {
      title: 'datagrams sent and answered, 32 under way',
      columns: [
        { key: 'perSecond', title: 'a second', isRatio: true },
        { key: 'cpuUs', title: 'CPU us each', isRatio: true },
      ],
      contenders: [
        [plain, 'plain'],
        [bound, 'bound'],
        [told, 'told'],
      ].map(([name, kind]) => ({ name, measure: () => datagrams(lab, peer, kind) })),
      targets: [
        { row: bound, to: plain, key: 'perSecond', least: 0.95, goal: 0.98 },
        { row: told, to: plain, key: 'perSecond', least: 0.95, goal: 0.98 },
      ],
    };
  } finally {
    await lab.close();
  }
}

async function datagrams(lab, peer, kind) {
  const server = await listen(peer.netns, subject('datagrams', 'serve', peer.address));
  const { result } = await run(lab.netns, subject('datagrams', kind, 100_000, peer.address));
  await server.stop();
  return result;
}
