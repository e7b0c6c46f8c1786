// SPDX-License-Identifier: MIT
// `npm run build`: the native library (build/Release/node-mif.node), then the package (dist/). Works offline, from a
// clean clone with `npm ci`; needs cmake, ninja or make, and a C++20 compiler, and installs those when it may.
//
//   node scripts/build.mjs                            both
//   node scripts/build.mjs native                     only the library; says nothing but what goes wrong
//   node scripts/build.mjs native --sanitize address  the library under sanitizers, into san/address/build
//   node scripts/build.mjs lib                        only the package

import { accessSync, chmodSync, constants, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { run } from './command.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** What a build of the library needs: one of each list. */
const tools = [
  { name: 'cmake', commands: ['cmake'], debian: 'cmake' },
  { name: 'ninja or make', commands: ['ninja', 'make'], debian: 'ninja-build' },
  {
    name: 'a C++20 compiler',
    commands: [...(process.env.CXX ? [process.env.CXX] : []), 'c++', 'g++', 'clang++'],
    debian: 'g++',
  },
];

const parts = { native: buildLibrary, lib: buildPackage };
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { sanitize: { type: 'string' } },
});
const unknown = positionals.filter((part) => !Object.hasOwn(parts, part));
if (unknown.length > 0) fail(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(' and ')}`);

for (const part of positionals.length > 0 ? positionals : Object.keys(parts)) await parts[part]();

async function buildLibrary() {
  await requireTools();
  const out = options.sanitize ? join('san', options.sanitize, 'build') : 'build';
  const extra = options.sanitize ? ['--out', out, `--CDMIF_SANITIZE=${options.sanitize}`] : [];
  const started = performance.now();
  const cmakeJs = require.resolve('cmake-js/bin/cmake-js');
  const { code, output } = await run(process.execPath, [cmakeJs, 'build', ...extra], { cwd: root });
  if (code !== 0) fail(`${output}\nThe native library was not built.`);
  // What compilers warn of is not noise; everything else of it is.
  if (/\bwarning:/.test(output)) console.error(output);
  say(join(out, 'Release', 'node-mif.node'), started);
}

/** Declarations file by file, by the compiler, which also checks; JavaScript in bundles. */
async function buildPackage() {
  const started = performance.now();
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const [{ code, output }, bundles] = await Promise.all([
    run(process.execPath, [tsc, '--project', 'tsconfig.json'], { cwd: root }),
    bundle(root).catch(({ message }) => fail(`${message}\nThe package cannot be bundled.`)),
  ]);
  removeOrphans(join(root, 'dist'), join(root, 'lib'), new Set(bundles));
  chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755);
  if (code !== 0) fail(`${output}\nThe package does not compile.`);
  say('dist', started);
}

/** Removes what was built of sources that are no more: the package would carry it along. */
function removeOrphans(dist, lib, bundles) {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = relative(dist, join(entry.parentPath, entry.name));
    const isDeclaration = path.endsWith('.d.ts') && existsSync(join(lib, path.replace(/\.d\.ts$/, '.ts')));
    if (entry.isFile() && !isDeclaration && !bundles.has(path)) rmSync(join(dist, path));
  }
}

async function requireTools() {
  let missing = tools.filter(({ commands }) => !commands.some(isInstalled));
  if (missing.length === 0) return;
  const packages = missing.map(({ debian }) => debian);
  if (process.getuid?.() === 0 && isInstalled('apt-get')) {
    console.log(`installing ${packages.join(', ')} with apt-get, to build the native library`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env });
    const { output } = await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], { env });
    missing = tools.filter(({ commands }) => !commands.some(isInstalled));
    if (missing.length > 0) console.error(output);
  }
  if (missing.length === 0) return;
  fail(
    [
      `To build the native library, this machine lacks ${missing.map(({ name }) => name).join(', ')}. Install with:`,
      `  Debian, Ubuntu   sudo apt-get install cmake ninja-build g++`,
      `  Fedora, RHEL     sudo dnf install cmake ninja-build gcc-c++`,
      `  Alpine           sudo apk add cmake samurai g++ linux-headers`,
      `  Arch             sudo pacman -S cmake ninja gcc`,
      `  macOS            xcode-select --install, and cmake from cmake.org`,
    ].join('\n'),
  );
}

function isInstalled(command) {
  const folders = command.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function say(what, started) {
  console.log(`built ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
