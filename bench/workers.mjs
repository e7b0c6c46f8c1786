// SPDX-License-Identifier: MIT
// Worker threads that observe the same namespace share one monitor and one mirror. What do seven more cost while routes come
// and go? Rows of workers without a host show what workers cost by themselves.

import { Lab } from './lab.mjs';
import { subject } from './peers.mjs';
import { listen } from './process.mjs';

const workers = 8;
const one = 'one worker';
const many = `${workers} workers`;
const extra = `${workers} workers, of which seven are extra`;

export async function* tables({ routes, events }) {
  const lab = await Lab.open();
  try {
    await lab.feed('add', 'random', routes);
    const row = (name, count, mode) => ({ name, measure: () => storm(lab, events, count, mode) });
    yield {
      title: `${events} route events on a host with ${routes} routes`,
      columns: [
        { key: 'cpuMs', title: 'CPU ms', isRatio: true },
        { key: 'rssMb', title: 'resident MB', isRatio: true },
      ],
      contenders: [
        row(`${one}, observing`, 1, 'observe'),
        row(`${one}, without a host`, 1, 'idle'),
        { name: extra, measure: () => beyondIdle(lab, events) },
        row(`${many}, without a host`, workers, 'idle'),
        row(`${many}, each reading every change`, workers, 'listen'),
      ],
      targets: [
        { row: extra, to: `${one}, observing`, key: 'cpuMs', most: 1.1 },
        { row: extra, to: `${one}, observing`, key: 'rssMb', most: 1.1 },
      ],
    };
  } finally {
    await lab.close();
  }
}

/** Eight that observe, less what seven cost that do not. */
async function beyondIdle(lab, events) {
  const all = await storm(lab, events, workers, 'observe');
  const idle = await storm(lab, events, workers, 'idle');
  const single = await storm(lab, events, 1, 'idle');
  return Object.fromEntries(Object.keys(all).map((key) => [key, all[key] - (idle[key] - single[key])]));
}

async function storm(lab, events, count, mode) {
  const listener = await listen(lab.netns, subject('workers', count, mode));
  await lab.feed('add', 'sequential', events / 2);
  await lab.feed('delete', 'sequential', events / 2);
  return (await listener.stop()).result;
}
