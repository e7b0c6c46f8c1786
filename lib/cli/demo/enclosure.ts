// SPDX-License-Identifier: MIT
// Runs a program in fresh user, network, mount and process namespaces. Whatever it makes there ends with
// it: when its first process ends the kernel ends all others, and with them the namespaces, the links, the mounts.

import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../exit-code.ts';
import { ownNamespaces } from './namespace.ts';

/** What the play runs, and the Debian package of each. */
const programs = { unshare: 'util-linux', nsenter: 'util-linux', mount: 'mount', ip: 'iproute2' } as const;

/** Tools of administrators are not on every user's path. */
const searchPath = [process.env['PATH'], '/usr/sbin', '/sbin', '/usr/bin', '/bin'].filter(Boolean).join(delimiter);

/** Killed with its parent, so that not even SIGKILL leaves something behind. */
const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child'];

/** Root in a user namespace of one's own: all that a private network needs. */
const withoutPrivilege = ['--user', '--map-root-user', ...namespaces];

/** How long the play may take to end when it is asked to, milliseconds. */
const patienceMs = 3000;

/**
 * Runs `program` and resolves with its exit code, undefined when a signal ended it.
 * @throws CommandError ERR_MIF_UNSUPPORTED when this machine does not let us
 */
export async function enclose(program: URL, args: readonly string[], stop: AbortSignal): Promise<number | undefined> {
  requirePrograms();
  const flags = permittedFlags();
  // Standard input is a lifeline: its end tells the play that we are gone, however that happened.
  const child = spawn(
    'unshare',
    [...flags, '--', process.execPath, fileURLToPath(program), ...ownNamespaces(), ...args],
    {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...process.env, PATH: searchPath },
    },
  );
  child.stdin.on('error', () => {});
  let lastResort: NodeJS.Timeout | undefined;
  const end = () => {
    child.stdin.end();
    lastResort = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  };
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? undefined));
    });
  } finally {
    clearTimeout(lastResort);
    stop.removeEventListener('abort', end);
  }
}

function requirePrograms(): void {
  const missing = Object.keys(programs).filter((name) => !isInstalled(name)) as (keyof typeof programs)[];
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => programs[name]))];
  throw new CommandError(
    'ERR_MIF_UNSUPPORTED',
    `the demo needs ${missing.join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} not installed`,
    `Install ${packages.join(', ')}; they exist on Linux only.`,
  );
}

function isInstalled(name: string): boolean {
  return searchPath.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The flags that this user may use: root needs no user namespace, unless root of a container lacks the right. */
function permittedFlags(): readonly string[] {
  let words = '';
  for (const flags of process.getuid?.() === 0 ? [namespaces, withoutPrivilege] : [withoutPrivilege]) {
    const { status, stderr } = spawnSync('unshare', [...flags, '--', 'ip', 'link', 'set', 'lo', 'up'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: searchPath },
    });
    if (status === 0) return flags;
    words = stderr.trim();
  }
  throw new CommandError(
    'ERR_MIF_UNSUPPORTED',
    `the demo may not make namespaces of its own${words && `: ${words}`}`,
    whatForbids(setting),
  );
}

/** Settings that forbid namespaces to ordinary users: the file below /proc/sys, the value that forbids, the remedy. */
const restrictions: readonly (readonly [path: string, forbidding: string, remedy: string])[] = [
  ['kernel/unprivileged_userns_clone', '0', 'sysctl kernel.unprivileged_userns_clone=1'],
  ['kernel/apparmor_restrict_unprivileged_userns', '1', 'sysctl kernel.apparmor_restrict_unprivileged_userns=0'],
  ['user/max_user_namespaces', '0', 'sysctl user.max_user_namespaces=10000'],
  ['user/max_net_namespaces', '0', 'sysctl user.max_net_namespaces=10000'],
];

/** What to do where namespaces are refused. `read`: a setting below /proc/sys, undefined where it does not exist. */
export function whatForbids(read: (path: string) => string | undefined): string {
  const remedies = restrictions.filter(([path, forbidding]) => read(path) === forbidding).map(([, , remedy]) => remedy);
  if (remedies.length > 0) return `Run it as root, or set ${remedies.join(' and ')}.`;
  return 'Run it as root; in a container allow user namespaces (seccomp), or add the capability SYS_ADMIN.';
}

function setting(path: string): string | undefined {
  try {
    return readFileSync(join('/proc/sys', path), 'utf8').trim();
  } catch {
    return undefined;
  }
}
