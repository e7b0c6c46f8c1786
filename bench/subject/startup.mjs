// SPDX-License-Identifier: MIT
// The first picture of this namespace, from nothing, one way a process: `mif` imports the package and takes a snapshot,
// `os` asks Node, `load` loads the native library, `least` does both, `ip` spawns the command. Prints milliseconds; for `mif`
// also those of the import.

const way = process.argv[2];

async function spawnIp() {
  const { execFileSync } = await import('node:child_process');
  return JSON.parse(execFileSync('ip', ['-j', 'addr'], { encoding: 'utf8' })).length;
}

async function askNode() {
  const { networkInterfaces } = await import('node:os');
  return Object.keys(networkInterfaces()).length;
}

async function openMirror(start) {
  const { openHost } = await import('node-mif');
  const importMs = performance.now() - start;
  const host = await openHost();
  const { interfaces, addresses } = host.snapshot();
  const found = [...interfaces].length + [...addresses].length;
  return { found, importMs };
}

async function loadLibrary() {
  const { createRequire } = await import('node:module');
  const { dlopen } = await import('node:process');
  const require = createRequire(import.meta.url);
  const path = require('node-gyp-build').path(new URL('../..', import.meta.url).pathname);
  const start = performance.now();
  dlopen({ exports: {} }, path);
  return { loadMs: performance.now() - start };
}

/** What no package like ours can go below. */
async function doLeast(start) {
  await askNode();
  const nodeMs = performance.now() - start;
  const { loadMs } = await loadLibrary();
  return { loadMs: nodeMs + loadMs };
}

const start = performance.now();
const found = { ip: spawnIp, os: askNode, mif: openMirror, load: loadLibrary, least: doLeast }[way];
const result = await found(start);
const ms = performance.now() - start;
console.log(JSON.stringify({ ms: result.loadMs ?? ms, importMs: result.importMs }));
process.exit(0);
