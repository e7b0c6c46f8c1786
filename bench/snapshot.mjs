// SPDX-License-Identifier: MIT
// What looking at a large host costs once it is mirrored, and what others pay for one answer: the kernel filters by table
// itself, but a program has to be spawned to ask it.

import { Lab } from './lab.mjs';
import { subject } from './peers.mjs';
import { run } from './process.mjs';

const oneTable = 'where({ table: 77 }), one route';
const spawned = 'spawn ip -j route show table 77';

export async function* tables({ routes }) {
  const lab = await Lab.open();
  try {
    await lab.feed('add', 'random', routes);
    // Each round is one process that takes all measures; its rows read them.
    let round;
    const first = await look(lab);
    const row = (name, index) => ({
      name,
      measure: async () => {
        if (index === 0) round = await look(lab);
        return { us: (round ?? first)[name] };
      },
    });
    yield {
      title: `a host with ${routes} routes`,
      columns: [{ key: 'us', title: 'us' }],
      contenders: [
        ...Object.keys(first).map(row),
        {
          name: spawned,
          measure: async () => ({
            us: (await run(lab.netns, ['ip', '-j', 'route', 'show', 'table', '77'])).wallMs * 1000,
          }),
        },
      ],
      targets: [{ row: spawned, to: oneTable, key: 'us', least: 1 }],
    };
  } finally {
    await lab.close();
  }
}

async function look(lab) {
  return (await run(lab.netns, subject('snapshot'))).result.result;
}
