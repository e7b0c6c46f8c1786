// SPDX-License-Identifier: MIT
// What does it cost to look at a small host once more? Most hosts have a handful of interfaces and look often.

import { Lab } from './lab.mjs';
import { subject } from './peers.mjs';
import { run } from './process.mjs';

export async function* tables() {
  const lab = await Lab.open();
  try {
    const look = async (key) => ({ us: (await run(lab.netns, subject('small-host'))).result[key] });
    yield {
      title: 'interfaces and addresses of a host with three interfaces, one look',
      columns: [{ key: 'us', title: 'us', isRatio: true }],
      contenders: [
        { name: 'os.networkInterfaces()', measure: () => look('networkInterfacesUs') },
        { name: 'node-mif: host.snapshot(), both tables as objects', measure: () => look('snapshotUs') },
        { name: 'spawn ip -j address', measure: () => look('spawnUs') },
      ],
      targets: [
        { row: 'node-mif: host.snapshot(), both tables as objects', key: 'us', most: 300, goal: 100 },
        {
          row: 'spawn ip -j address',
          to: 'node-mif: host.snapshot(), both tables as objects',
          key: 'us',
          least: 10,
        },
      ],
    };
  } finally {
    await lab.close();
  }
}
