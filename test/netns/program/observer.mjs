// SPDX-License-Identifier: MIT
// Observes the routes of its own namespace for a test in another process, as JSON lines: at first a snapshot, then each
// change, and for each line on its standard input a snapshot with the counters of the host. Ends with its input.

import { createInterface } from 'node:readline';
import { openHost } from '../../../dist/index.js';

const host = await openHost();

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function snapshot() {
  const { generation, epoch, synced, routes } = host.snapshot();
  return { generation, epoch, synced, routes };
}

print({ snapshot: snapshot(), capabilities: host.capabilities });
host.on('change', ({ generation, epoch, synced, cause, added, changed, removed }) => {
  const [come, other, gone] = [added, changed, removed].map(({ routes = [] }) => routes);
  print({
    generation,
    epoch,
    synced,
    cause,
    added: { routes: come },
    changed: { routes: other },
    removed: { routes: gone },
  });
});
for await (const word of createInterface({ input: process.stdin })) {
  print({ word, snapshot: snapshot(), stats: host.stats() });
}
await host.close();
