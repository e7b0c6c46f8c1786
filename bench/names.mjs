// SPDX-License-Identifier: MIT
// What it costs that names are asked over one network: questions a second that nobody knows the answer of yet, against Node's own
// resolver, and answers that are known.

import { Lab } from './lab.mjs';
import { subject } from './peers.mjs';
import { listen, run } from './process.mjs';

const ofNode = 'dns.Resolver: resolve4()';
const ofMif = 'node-mif: resolve(), via an interface';
const known = 'node-mif: resolve(), a known answer';

export async function* tables() {
  const lab = await Lab.open();
  try {
    const peer = await lab.addPeer();
    yield {
      title: 'names, 64 at a time',
      columns: [
        { key: 'perSecond', title: 'a second', isRatio: true },
        { key: 'cpuUs', title: 'CPU us each', isRatio: true },
      ],
      contenders: [
        [ofNode, 'resolver', 20_000],
        [ofMif, 'bound', 20_000],
        [known, 'known', 500_000],
      ].map(([name, kind, count]) => ({ name, measure: () => names(lab, peer, kind, count) })),
      targets: [
        { row: ofMif, to: ofNode, key: 'perSecond', least: 1, goal: 1.5 },
        { row: known, to: ofNode, key: 'perSecond', least: 20, goal: 20 },
      ],
    };
  } finally {
    await lab.close();
  }
}

async function names(lab, peer, kind, count) {
  const server = await listen(peer.netns, subject('names', 'serve', peer.address));
  const { result } = await run(lab.netns, subject('names', kind, count, peer.address));
  await server.stop();
  return result;
}
