// SPDX-License-Identifier: MIT
// What looking at a large host costs: a snapshot after one change, counting and iterating all routes and filtered ones. The
// change is made by a spawned `ip`, outside what is timed. Prints microseconds.

import { execFileSync } from 'node:child_process';
import { openHost } from 'node-mif';

const host = await openHost();
const repetitions = 5;

function timeUs(call) {
  const start = performance.now();
  const value = call();
  return { us: (performance.now() - start) * 1000, value };
}

/** The fastest of a few. */
function bestUs(call) {
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < repetitions; n++) best = Math.min(best, timeUs(call).us);
  return best;
}

function count(table) {
  let records = 0;
  for (const _record of table) records++;
  return records;
}

async function afterOneChange(verb) {
  const { generation } = host.snapshot();
  execFileSync('ip', ['route', verb, '198.18.0.0/15', 'dev', 'uplink', 'table', '77']);
  for (;;) {
    const { us, value } = timeUs(() => host.snapshot());
    // The one that sees the change is the one that pays for following it.
    if (value.generation !== generation) return us;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const changes = [];
for (let n = 0; n < repetitions; n++) changes.push(await afterOneChange('add'), await afterOneChange('del'));
execFileSync('ip', ['route', 'add', '198.18.0.0/15', 'dev', 'uplink', 'table', '77']);
await new Promise((resolve) => setTimeout(resolve, 50));

const { routes } = host.snapshot();
const total = routes.length;
const result = {
  'snapshot() after one change': changes.toSorted((a, b) => a - b)[changes.length >> 1],
  'snapshot() without a change': bestUs(() => host.snapshot()),
  'routes.length': bestUs(() => host.snapshot().routes.length),
  'first route': bestUs(() => [...take(host.snapshot().routes, 1)]),
  'where({ table: 77 }), one route': bestUs(() => count(routes.where({ table: 77 }))),
  "where({ protocol: 'kernel' }), a handful": bestUs(() => count(routes.where({ protocol: 'kernel' }))),
  'where({ family: 6 }), a handful': bestUs(() => count(routes.where({ family: 6 }))),
  'where({ maxPrefixLength: 0 }), none': bestUs(() => count(routes.where({ maxPrefixLength: 0 }))),
  "where({ protocol: 'bgp' }).length": bestUs(() => routes.where({ protocol: 'bgp' }).length),
  'every route as an object': bestUs(() => count(routes)),
  'every route as an object, each': bestUs(() => count(routes)) / total,
};
execFileSync('ip', ['route', 'del', '198.18.0.0/15', 'dev', 'uplink', 'table', '77']);
console.log(JSON.stringify({ result }));
await host.close();

function* take(table, most) {
  let taken = 0;
  for (const record of table) {
    if (taken++ === most) return;
    yield record;
  }
}
