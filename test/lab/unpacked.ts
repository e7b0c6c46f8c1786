// SPDX-License-Identifier: MIT
// Daemons that scripts/lab-packages.mjs unpacked, each into a folder of its own.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const unpackedPackages = fileURLToPath(new URL('../../build/lab-packages', import.meta.url));

export type UnpackedDaemon = 'dhclient' | 'dhcpcd' | 'udhcpc' | 'network-manager' | 'resolved' | 'openresolv';

export const folderOf = (name: UnpackedDaemon) => join(unpackedPackages, name);

export function isUnpacked(name: UnpackedDaemon): boolean {
  return existsSync(folderOf(name));
}
