// SPDX-License-Identifier: MIT
// A node of a lab with a file system of its own: what the machine has, below it, can be written without harm, and /run is
// empty. The daemons of hosts keep their state in fixed places; here each node has these places for itself. Daemons that
// must not be installed on a developer's machine come from packages that are only unpacked (scripts/lab-packages.mjs).
// Has process ids of its own too: a script in it that kills by name reaches nobody else.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Daemon } from './daemon.ts';
import type { Lab } from './lab.ts';
import { folderOf, type UnpackedDaemon } from './unpacked.ts';
import { until } from './until.ts';

// /sys is read-only: networkd and NetworkManager take that for a host without udev, and do not wait for it.
const setUp = `
set -e
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
for package; do cp -a "$package/." /mnt/upper; done
mount -t overlay overlay -o "lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
cd /mnt/root
mount --rbind /dev dev
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
mkdir -p run/lock run/dbus run/dhcpcd usr/lib/dhcpcd
rm -rf etc/resolv.conf var/lib/dhcp var/lib/dhcpcd
mkdir var/lib/dhcp var/lib/dhcpcd
: > etc/resolv.conf
for user in dhcpcd systemd-network systemd-resolve; do
  grep -q "^$user:" etc/passwd || echo "$user:x:65$(( n = n + 1 )):65534::/usr/lib/dhcpcd:/bin/false" >> etc/passwd
done
hostname node
echo ready
exec chroot . sh -c 'mkfifo /run/.hold; exec 3<>/run/.hold; read x <&3'
`;

export class PrivateRoot {
  readonly #lab: Lab;
  readonly #node: string;
  /** Its first process, seen from outside. */
  readonly pid: number;

  private constructor(lab: Lab, node: string, pid: number) {
    this.#lab = lab;
    this.#node = node;
    this.pid = pid;
  }

  /** @param daemons - those of the unpacked ones that it has; each of them brings what it would bring to a machine. */
  static async of(lab: Lab, node: string, daemons: readonly UnpackedDaemon[] = []): Promise<PrivateRoot> {
    const spaces = ['--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
    const args = [...spaces, 'sh', '-c', setUp, 'private-root', ...daemons.map(folderOf)];
    const { child } = await lab.daemon(node, 'unshare', args, /^ready$/m);
    const pid = await until('the first process of the node', () => {
      const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
      return first ? Number(first) : undefined;
    });
    return new PrivateRoot(lab, node, pid);
  }

  /** Its root folder, seen from outside. */
  get path(): string {
    return `/proc/${this.pid}/root`;
  }

  /** A file of it, seen from outside. */
  file(path: string): string {
    return join(this.path, path);
  }

  read(path: string): string {
    return readFileSync(this.file(path), 'utf8');
  }

  write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.file(path)), { recursive: true });
    writeFileSync(this.file(path), text, { mode });
  }

  /** Runs a command of it to its end; rejects where its exit code is not 0. */
  exec(command: string, ...args: string[]): Promise<string> {
    return this.#lab.exec(this.#node, 'nsenter', ...this.#inside, command, ...args);
  }

  /** Runs a shell script of it to its end. */
  shell(script: string): Promise<string> {
    return this.exec('sh', '-ec', script);
  }

  /** Starts a command that stays in the foreground; resolves when its output shows that it is ready. */
  daemon(command: string, args: readonly string[], ready?: RegExp): Promise<Daemon> {
    return this.#lab.daemon(this.#node, 'nsenter', [...this.#inside, command, ...args], ready);
  }

  get #inside(): string[] {
    return ['-t', String(this.pid), '-m', '-u', '-i', '-p', '-r', '-w', '--'];
  }
}
