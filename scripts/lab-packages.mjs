// SPDX-License-Identifier: MIT
// Checks that the commands of the labs are there (test/lab). As root on Debian or Ubuntu it installs the packages
// that lack, and says so; otherwise it names them. Tests whose commands are missing skip themselves by name, so this
// never fails. It never installs systemd-resolved, udev or anything else that changes how this machine works.

import { install, installCommand, isInstalled } from './debian.mjs';

/** Debian package and a command of it. */
const packages = [
  ['iproute2', 'ip'],
  ['util-linux', 'nsenter'],
  ['radvd', 'radvd'],
  ['dnsmasq-base', 'dnsmasq'],
  ['nftables', 'nft'],
  ['tcpdump', 'tcpdump'],
];

const missing = packages.filter(([, command]) => !isInstalled(command)).map(([name]) => name);
if (missing.length > 0) {
  const reason = await install(missing, 'for the tests');
  if (reason) {
    console.log(`Tests that need ${missing.join(', ')} will be skipped: ${reason}. To run them:`);
    console.log(`  ${installCommand(missing)}`);
  }
}
