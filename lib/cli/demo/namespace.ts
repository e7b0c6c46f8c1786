// SPDX-License-Identifier: MIT
// Names of the namespaces of this process, to tell whether one is inside or outside.

import { readlinkSync } from 'node:fs';

/** `net:[4026531840]`, `mnt:[4026531841]`: what the process could do damage to. */
export function ownNamespaces(): readonly string[] {
  return ['net', 'mnt'].map((kind) => readlinkSync(`/proc/self/ns/${kind}`));
}
