// SPDX-License-Identifier: MIT
// After a loss: the process is stopped, more routes change than the receive buffer holds, the process goes on. How long until
// its mirror equals the kernel again, against one dump of everything?

import { Lab } from './lab.mjs';
import { program, subject } from './peers.mjs';
import { listen, pause, run } from './process.mjs';

/** More than 8 MiB hold. */
const changes = 60_000;

const dump = 'node-mif: one dump of everything (openHost)';
const recovery = 'node-mif: synced again after an overrun';

export async function* tables({ routes }) {
  const lab = await Lab.open();
  try {
    await lab.feed('add', 'random', routes);
    let last;
    yield {
      title: `a host with ${routes} routes, of which none is where it was for ${changes} changes`,
      columns: [
        { key: 'ms', title: 'ms', isRatio: true },
        { key: 'resyncs', title: 'resyncs' },
        { key: 'differs', title: 'routes too many or few' },
      ],
      contenders: [
        {
          name: 'C: receive and count',
          measure: async () => ({ ms: (await run(lab.netns, [program('route-dump'), 'count'])).result.ms }),
        },
        {
          name: recovery,
          measure: async () => {
            last = await recover(lab);
            return { ms: last.recoveryMs, resyncs: last.resyncs, differs: last.differs };
          },
        },
        // Of the same process, a moment before.
        { name: dump, measure: async () => ({ ms: (last ?? (await recover(lab))).openMs }) },
      ],
      targets: [
        { row: recovery, to: dump, key: 'ms', most: 1.5, goal: 1.2 },
        { row: recovery, key: 'resyncs', least: 1, of: 'worst' },
        { row: recovery, key: 'differs', most: 0, of: 'worst' },
      ],
    };
  } finally {
    await lab.close();
  }
}

async function recover(lab) {
  const listener = await listen(lab.netns, subject('overrun'));
  process.kill(listener.pid, 'SIGSTOP');
  await lab.feed('add', 'sequential', changes);
  const start = Number(process.hrtime.bigint()) / 1e6;
  process.kill(listener.pid, 'SIGCONT');
  while (!listener.lines.some((line) => line.startsWith('synced'))) await pause(5);
  const [, at, routes] = listener.lines
    .find((line) => line.startsWith('synced'))
    .split(' ')
    .map(Number);
  const differs = Math.abs(routes - (await lab.countRoutes()));
  const { result } = await listener.stop();
  await lab.feed('delete', 'sequential', changes);
  return { recoveryMs: at - start, differs, ...result };
}
