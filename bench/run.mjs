// SPDX-License-Identifier: MIT
// Runs benches and prints ratios. Not a test: it asserts nothing and is no part of `npm test`.
//
//   node bench/run.mjs                              every bench
//   node bench/run.mjs route-dump --routes 100000   one of them, with a larger host
//
// Needs root, iproute2, util-linux and a C compiler. Refuses anything but a release build without sanitizers.

import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, interleave } from './measure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const benches = ['route-dump', 'small-host'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '9' }, routes: { type: 'string', default: '20000' } },
});
const rounds = Number(values.rounds);
const routes = Number(values.routes);
const asked = positionals.length > 0 ? positionals : benches;

const refusal = whyNot();
if (refusal) {
  console.error(refusal);
  process.exit(1);
}

console.log(`Node ${process.version}, Linux ${release()}, ${arch()}, ${cpus().length} CPUs, ${rounds} rounds`);
for (const name of asked) {
  const { open, unit } = await import(`./${name}.mjs`);
  const bench = await open({ here, routes });
  try {
    const rows = await interleave(bench.contenders, rounds);
    console.log(`\n${name}: ${bench.title}\n${format(rows, `${unit}, median [min-max]`)}`);
  } finally {
    await bench.close();
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
