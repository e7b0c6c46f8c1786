// SPDX-License-Identifier: MIT
// Whether what is tested has been built, and from the present sources.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @returns what has to be built before anything can be tested */
export function whatIsNotBuilt(root) {
  const built = ['Release', 'Debug'].some((type) => existsSync(join(root, 'build', type, 'node-mif.node')));
  const missing = [];
  if (!built && !existsSync(join(root, 'prebuilds'))) missing.push('the native library (build/Release/node-mif.node)');
  if (!existsSync(join(root, 'dist', 'index.js'))) missing.push('the package (dist/index.js)');
  return missing;
}

/** Tests of an old build prove nothing about the sources; say so, and let the reader decide. */
export function whatIsStale(root) {
  const notes = [];
  const library = join(root, 'build', 'Release', 'node-mif.node');
  if (existsSync(library) && newestIn(root, 'native', /\.(cc|h)$/) > statSync(library).mtimeMs) {
    notes.push('native/ has changed since the native library was built (npm run build:native)');
  }
  if (newestIn(root, 'lib', /\.ts$/) > statSync(join(root, 'dist', 'index.js')).mtimeMs) {
    notes.push('lib/ has changed since dist/ was built (npm run build:lib)');
  }
  return notes;
}

function newestIn(root, folder, pattern) {
  const names = readdirSync(join(root, folder), { recursive: true }).filter((name) => pattern.test(name));
  return Math.max(0, ...names.map((name) => statSync(join(root, folder, name)).mtimeMs));
}
