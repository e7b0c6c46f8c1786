// SPDX-License-Identifier: MIT
// Debian packages that a script needs: what is missing, and installing it where that is allowed.

import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
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
