// SPDX-License-Identifier: MIT
// From a program's first line to the first picture of an ordinary host: the import counts.

import { Lab } from './lab.mjs';
import { subject } from './peers.mjs';
import { run } from './process.mjs';

const node = 'os.networkInterfaces()';
const load = 'loading our native library, alone';
const least = 'both, in one process';
const ours = 'node-mif: import, openHost, snapshot';
const spawned = 'spawn ip -j addr';

export async function* tables() {
  const lab = await Lab.open();
  const way = (name, word) => ({
    name,
    measure: async () => {
      const { result, wallMs } = await run(lab.netns, subject('startup', word));
      return { ms: result.ms, importMs: result.importMs, wallMs };
    },
  });
  try {
    yield {
      title: 'first picture of a host with three interfaces',
      roundsFactor: 2,
      columns: [
        { key: 'ms', title: 'ms', isRatio: true },
        { key: 'importMs', title: 'of these for the import' },
        { key: 'wallMs', title: 'whole process, ms', isRatio: true },
      ],
      contenders: [way(node, 'os'), way(load, 'load'), way(least, 'least'), way(ours, 'mif'), way(spawned, 'ip')],
      targets: [
        { row: ours, to: least, key: 'ms', most: 3 },
        { row: ours, to: spawned, key: 'ms', most: 1, goal: 0.2 },
      ],
    };
  } finally {
    await lab.close();
  }
}
