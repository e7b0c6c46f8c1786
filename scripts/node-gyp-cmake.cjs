#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Stands in for node-gyp where prebuildify calls it (`npm run prebuilds`), and builds with cmake-js instead. prebuildify
// takes the library from build/Release of its working directory, and that is .cross/, never the build/ of a developer:
// it moves the file away. What to build for comes in PREBUILD_PLATFORM, PREBUILD_ARCH and PREBUILD_LIBC.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.dirname(__dirname);
const { PREBUILD_PLATFORM: platform, PREBUILD_ARCH: arch, PREBUILD_LIBC: libc } = process.env;

// TODO(port): other targets need a cross compiler and a toolchain file (CMAKE_TOOLCHAIN_FILE).
if (platform !== process.platform || arch !== process.arch) {
  console.error(
    `cannot build for ${platform}-${arch} on ${process.platform}-${process.arch}: no cross compiler is set up`,
  );
  process.exit(1);
}

const name = 'node-mif.node';
const config = process.argv.includes('--debug') ? 'Debug' : 'Release';
// One for each target: CMake keeps the compiler of its first run.
const out = path.join(root, '.cross', [platform, arch, libc].join('-'));
// The runtime of this machine's compiler is newer than that of many machines on which the library is to load.
const options = ['--out', out, '--config', config, '--CDMIF_STATIC_RUNTIME=ON'];
const cmakeJs = require.resolve('cmake-js/bin/cmake-js');
const { status } = spawnSync(process.execPath, [cmakeJs, 'build', ...options], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const expected = path.resolve('build', config);
fs.mkdirSync(expected, { recursive: true });
fs.copyFileSync(path.join(out, config, name), path.join(expected, name));
