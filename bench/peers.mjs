// SPDX-License-Identifier: MIT
// What we are measured against: programs of ours in C and Go (peer/), packages of others. None is a dependency of the
// package: sources are compiled, and packages of npm installed, into build/bench when first asked for. A peer that cannot
// be had is absent, and the bench goes on without it.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '..', 'build', 'bench');

/** Peers of npm, at the version that is measured. */
const npmPeers = { netlink: '0.3.0' };

/**
 * A C program of peer/.
 * @param {string} name
 * @param {string} [library] as pkg-config calls it
 * @returns {string | undefined} its path; undefined when the library is absent
 */
export function program(name, library) {
  const path = join(folder, name);
  const source = join(here, 'peer', `${name}.c`);
  if (isFresh(path, source)) return path;
  const flags =
    library === undefined ? [] : attempt('pkg-config', ['--cflags', '--libs', library])?.trim().split(/\s+/);
  if (flags === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  execFileSync('cc', ['-O2', '-pthread', '-o', path, source, ...flags]);
  return path;
}

/** A Go program of peer/ that uses a package of Debian (golang-github-…-dev); undefined when either is absent. */
export function goProgram(name) {
  const path = join(folder, name);
  const source = join(here, 'peer', `${name}.go`);
  if (isFresh(path, source)) return path;
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(folder, 'go-cache') };
  return attempt('go', ['build', '-o', path, source], { env }) === undefined ? undefined : path;
}

/** Command that runs a script of peer/ beside a package of npm; undefined when that cannot be installed. */
export function npmScript(name, peer) {
  const modules = join(folder, 'npm');
  if (!existsSync(join(modules, 'node_modules', peer))) {
    mkdirSync(modules, { recursive: true });
    writeFileSync(join(modules, 'package.json'), '{ "private": true }\n');
    const done = attempt('npm', ['install', '--no-audit', '--no-fund', `${peer}@${npmPeers[peer]}`], { cwd: modules });
    if (done === undefined) return undefined;
  }
  return [process.execPath, join(here, 'peer', `${name}.mjs`), join(modules, 'package.json')];
}

/** Command that runs a Python script of peer/; undefined when the system's Python lacks the module. */
export function pythonScript(name, module) {
  const python = '/usr/bin/python3';
  if (attempt(python, ['-c', `import ${module}`]) === undefined) return undefined;
  return [python, join(here, 'peer', `${name}.py`)];
}

/** Command that runs our own side of a bench. */
export function subject(name, ...options) {
  return [process.execPath, '--expose-gc', join(here, 'subject', `${name}.mjs`), ...options.map(String)];
}

/** A native program of subject/, linked with our own rooms as they are now; its path. */
export function nativeSubject(name) {
  const build = join(folder, 'native');
  execFileSync('cmake', ['-S', join(here, '..'), '-B', build, '-DCMAKE_BUILD_TYPE=Release', '-DMIF_BENCH=ON']);
  execFileSync('cmake', ['--build', build, '--target', `mif-bench-${name}`, '--parallel', '2']);
  return join(build, `mif-bench-${name}`);
}

function isFresh(path, source) {
  return existsSync(path) && statSync(path).mtimeMs > statSync(source).mtimeMs;
}

function attempt(command, commandArguments, options) {
  try {
    return execFileSync(command, commandArguments, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      ...options,
    });
  } catch {
    return undefined;
  }
}
