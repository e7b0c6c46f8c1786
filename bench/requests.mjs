// SPDX-License-Identifier: MIT
// What it costs that HTTP goes over one network: requests a second by agents and dispatchers that are held to an interface, against
// Node's and undici's own, on connections that are kept and with a new one for each.

import { Lab } from './lab.mjs';
import { subject } from './peers.mjs';
import { listen, run } from './process.mjs';

const agent = 'http.Agent';
const boundAgent = 'node-mif: createAgent(), via an interface';
const undici = 'undici: Agent';
const boundUndici = 'node-mif: createDispatcher(), via an interface';

export async function* tables() {
  const lab = await Lab.open();
  try {
    const peer = await lab.addPeer();
    for (const [title, isKept, count] of [
      ['requests on connections that are kept, 16 at a time', true, 30_000],
      ['requests with a connection for each, 16 at a time', false, 6_000],
    ]) {
      yield {
        title,
        columns: [
          { key: 'perSecond', title: 'a second', isRatio: true },
          { key: 'cpuUs', title: 'CPU us each', isRatio: true },
        ],
        contenders: [
          [agent, 'agent'],
          [boundAgent, 'bound-agent'],
          [undici, 'undici'],
          [boundUndici, 'bound-undici'],
        ].map(([name, kind]) => ({ name, measure: () => requests(lab, peer, kind, count, isKept) })),
        targets: [
          { row: boundAgent, to: agent, key: 'perSecond', least: 0.95, goal: 0.98 },
          { row: boundUndici, to: undici, key: 'perSecond', least: 0.95, goal: 0.98 },
        ],
      };
    }
  } finally {
    await lab.close();
  }
}

async function requests(lab, peer, kind, count, isKept) {
  const server = await listen(peer.netns, subject('requests', 'serve', peer.address));
  const { result } = await run(lab.netns, subject('requests', kind, count, isKept ? 'kept' : 'new', peer.address));
  await server.stop();
  return result;
}
