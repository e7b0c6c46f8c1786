// SPDX-License-Identifier: MIT
// Runs benches and prints tables, ratios and targets. Not a test: it asserts nothing and is no part of `npm test`.
//
//   npm run bench                                      every bench, small: minutes
//   npm run bench -- dump --routes 1000000 --rounds 5  one of them, on a host with a million routes
//   npm run bench -- events --events 400000            a storm of 400,000 route changes
//
// Needs root, iproute2, util-linux and a C compiler. Peers that are not there are left out. Refuses anything but a release
// build without sanitizers.

import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, interleave } from './measure.mjs';
import { judge } from './target.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** Each is a module of this folder, whose `tables(options)` yields what to measure, one after the other. */
const benches = [
  'dump',
  'events',
  'overrun',
  'latency',
  'memory',
  'startup',
  'workers',
  'snapshot',
  'small-host',
  'fib-lookup',
  'selection',
  'connections',
  'requests',
  'names',
  'datagrams',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    routes: { type: 'string', default: '100000' },
    events: { type: 'string', default: '40000' },
  },
});
const options = { routes: Number(values.routes), events: Number(values.events) };
const asked = positionals.length > 0 ? positionals : benches;

const refusal = whyNot();
if (refusal) {
  console.error(refusal);
  process.exit(1);
}

console.log(`Node ${process.version}, Linux ${release()}, ${arch()}, ${cpus().length} CPUs`);
for (const name of asked) {
  const { tables } = await import(`./${name}.mjs`);
  for await (const { title, columns, contenders, targets = [], roundsFactor = 1 } of tables(options)) {
    const rounds = Math.max(1, Math.round(Number(values.rounds) * roundsFactor));
    const rows = await interleave(contenders, rounds);
    console.log(`\n${name}: ${title}; medians of ${rounds} rounds [min-max]\n\n${format(rows, columns)}`);
    if (targets.length > 0) console.log(`\n${judge(targets, rows).join('\n')}`);
  }
}

function whyNot() {
  const strange = asked.find((name) => !benches.includes(name));
  if (strange) return `No bench is called ${strange}; there are ${benches.join(', ')}.`;
  if (process.getuid() !== 0) return 'Benches build network namespaces and need root.';
  const cache = join(here, '..', 'build', 'CMakeCache.txt');
  if (!existsSync(cache)) return 'Not built: run `npm run build` first.';
  const settings = readFileSync(cache, 'utf8');
  if (!/^CMAKE_BUILD_TYPE:\w+=Release$/m.test(settings)) return 'Not a release build: its times would mean nothing.';
  if (/^MIF_SANITIZE:\w+=.+$/m.test(settings)) return 'A build with sanitizers: its times would mean nothing.';
}
