// SPDX-License-Identifier: MIT
// Checks that the commands of the labs are there (test/lab). As root on Debian or Ubuntu it installs the packages
// that lack, and says so; otherwise it names them. Daemons that would take over this machine's network are not installed but
// unpacked into build/lab-packages, for labs with a file system of their own. Tests whose commands are missing skip
// themselves by name, so this never fails. It never installs systemd-resolved, udev or anything else that changes how this
// machine works.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, installCommand, isInstalled, unpack } from './debian.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Debian package and a command of it. */
const packages = [
  ['iproute2', 'ip'],
  ['util-linux', 'nsenter'],
  ['radvd', 'radvd'],
  ['dnsmasq-base', 'dnsmasq'],
  ['nftables', 'nft'],
  ['tcpdump', 'tcpdump'],
  ['unbound', 'unbound'],
  ['dbus-daemon', 'dbus-daemon'],
];

/** Folder below build/lab-packages, and the packages unpacked there (test/lab/private-root.ts). */
const daemons = {
  dhclient: ['isc-dhcp-client'],
  dhcpcd: ['dhcpcd-base'],
  udhcpc: ['busybox', 'udhcpc'],
  'network-manager': [
    'network-manager',
    'libnm0',
    'libndp0',
    'libmm-glib0',
    'libbluetooth3',
    'libteamdctl0',
    'libnewt0.52',
  ],
  resolved: ['systemd-resolved'],
  openresolv: ['openresolv'],
};

const missing = packages.filter(([, command]) => !isInstalled(command)).map(([name]) => name);
if (missing.length > 0) {
  const reason = await install(missing, 'for the tests');
  if (reason) {
    console.log(`Tests that need ${missing.join(', ')} will be skipped: ${reason}. To run them:`);
    console.log(`  ${installCommand(missing)}`);
  }
}

const toUnpack = Object.entries(daemons)
  .map(([name, packages]) => [join(root, 'build', 'lab-packages', name), packages])
  .filter(([folder]) => !existsSync(folder));
if (toUnpack.length > 0) {
  const reason = await unpack(toUnpack);
  if (reason) {
    const names = toUnpack.flatMap(([, packages]) => packages).join(', ');
    console.log(`Tests with daemons of ${names} will be skipped: ${reason}.`);
  }
}
