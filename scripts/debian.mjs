// SPDX-License-Identifier: MIT
// Debian packages that a script needs: what is missing, installing it where that is allowed, and unpacking what must not be
// installed.

import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './command.mjs';

// Not every user has the folders of administration in PATH; radvd and ip are there.
const searchPath = [process.env.PATH, '/usr/sbin', '/sbin'].filter(Boolean).join(delimiter);

/** Whether a command of that name can be run. */
export function isInstalled(command) {
  return searchPath.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The command line that installs packages by hand. */
export const installCommand = (names) => `apt-get install --no-install-recommends ${names.join(' ')}`;

/**
 * Installs packages as root on Debian or Ubuntu, and says so, with what for.
 * @returns why it did not work; nothing when it did
 */
export async function install(names, purpose) {
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) return 'not root on Debian or Ubuntu';
  console.log(`Installing ${purpose}: ${names.join(', ')} (apt-get, without recommended packages, no daemon started)`);
  return withoutDaemons(async () => {
    const env = { ...process.env, PATH: searchPath, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env });
    const { code, output } = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
      env,
    });
    return code === 0 ? undefined : `apt-get ended with ${code}: ${output.trim().split('\n').at(-1)}`;
  });
}

/** Packages of daemons start them on installation unless this file says no. One that was there stays as it is. */
async function withoutDaemons(work) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return work();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(policy, { force: true });
  }
}

/**
 * Unpacks packages, each group into a folder of its own, which is there whole or not at all. Nothing is installed and no script
 * of a package runs.
 * @param groups - pairs of a folder and the names of its packages
 * @returns why it did not work; nothing when it did
 */
export async function unpack(groups) {
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) return 'not root on Debian or Ubuntu';
  const names = groups.flatMap(([, packages]) => packages);
  console.log(`Unpacking for the tests, not installing: ${names.join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'mif-packages-'));
  const env = { ...process.env, PATH: searchPath };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    for (const [target, packages] of groups) {
      const downloads = join(folder, 'downloads');
      mkdirSync(downloads);
      const { code, output } = await run('apt-get', ['download', '-qq', ...packages], { env, cwd: downloads });
      if (code !== 0) return `apt-get ended with ${code}: ${output.trim().split('\n').at(-1)}`;
      const tree = join(folder, 'tree');
      // Some packages still have files in /sbin; unpacked over a system, that has to stay the link that it is there.
      for (const name of ['bin', 'lib', 'sbin']) {
        mkdirSync(join(tree, 'usr', name), { recursive: true });
        symlinkSync(`usr/${name}`, join(tree, name));
      }
      for (const file of readdirSync(downloads)) {
        const script = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"';
        const result = await run('sh', ['-c', script, 'unpack', join(downloads, file), tree], { env });
        if (result.code !== 0) return `${file}: ${result.output.trim()}`;
      }
      mkdirSync(join(target, '..'), { recursive: true });
      await run('cp', ['-a', tree, `${target}.new`], { env });
      renameSync(`${target}.new`, target);
      for (const used of [downloads, tree]) rmSync(used, { recursive: true });
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
