// SPDX-License-Identifier: MIT
// What a test needs of the machine. A suite whose needs are not met is skipped with the need in its title, so that
// a report says what to install or how to run.

import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { isUnpacked, type UnpackedDaemon } from './unpacked.ts';

/** Debian package of each command that tests run. */
const packages = {
  ip: 'iproute2',
  nsenter: 'util-linux',
  prlimit: 'util-linux',
  setpriv: 'util-linux',
  radvd: 'radvd',
  dnsmasq: 'dnsmasq-base',
  unbound: 'unbound',
  nft: 'nftables',
  tcpdump: 'tcpdump',
  python3: 'python3',
  cc: 'gcc',
  sysctl: 'procps',
  'dbus-daemon': 'dbus-daemon',
} as const;

/** Daemons that are unpacked, not installed (private-root.ts). */
type UnpackedNeed = `unpacked ${UnpackedDaemon}`;

export type Need = 'root' | 'systemd-networkd' | keyof typeof packages | UnpackedNeed;

/** Commands of administrators are not on every user's path. */
export const searchPath = [process.env['PATH'], '/usr/sbin', '/sbin'].filter(Boolean).join(delimiter);

/** CAP_NET_ADMIN and CAP_SYS_ADMIN, bits of capabilities(7): to configure a namespace, and to make one. */
const namespaceCapabilities = (1n << 12n) | (1n << 21n);

/**
 * `describe` for a suite with these needs: it runs where all are met and is skipped by name where one is not.
 * Every lab needs `root` and `ip`.
 */
export function requires(...needs: Need[]): (title: string, body: () => void) => void {
  const missing = [...new Set(needs.map(whatIsMissing).filter((need) => need !== undefined))];
  if (missing.length === 0) return (title, body) => void describe(title, body);
  return (title, body) => void describe.skip(`${title} (needs ${missing.join(', ')})`, body);
}

function whatIsMissing(need: Need): string | undefined {
  if (need === 'root') return mayUseNamespaces() ? undefined : 'root with CAP_NET_ADMIN and CAP_SYS_ADMIN on Linux';
  if (need === 'systemd-networkd') return existsSync(networkd) ? undefined : 'systemd-networkd of package systemd';
  if (isUnpackedNeed(need)) return isUnpacked(need.slice('unpacked '.length) as UnpackedDaemon) ? undefined : need;
  return isInstalled(need) ? undefined : `${need} of package ${packages[need]}`;
}

/** It is in no folder of commands. */
export const networkd = '/lib/systemd/systemd-networkd';

const isUnpackedNeed = (need: Need): need is UnpackedNeed => need.startsWith('unpacked ');

function mayUseNamespaces(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    const [, effective] = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return (BigInt(`0x${effective ?? '0'}`) & namespaceCapabilities) === namespaceCapabilities;
  } catch {
    return false;
  }
}

function isInstalled(command: string): boolean {
  return searchPath.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
