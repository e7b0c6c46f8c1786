// SPDX-License-Identifier: MIT
// Whether two ways to call a network namespace mean one.

import { statSync } from 'node:fs';
import { namespacePath } from './namespace.ts';

/** This thread's own. */
const ownPath = '/proc/thread-self/ns/net';

/**
 * Whether a namespace is the one that a host was opened with: called the same, or the same file of the kernel's.
 * @param opened - as of HostOptions.
 * @throws MifError ERR_MIF_INVALID_ARG for what cannot be a namespace
 */
export function isSameNamespace(netns: string | number, opened: string | number | undefined): boolean {
  const path = namespacePath(netns);
  const openedPath = opened === undefined ? ownPath : namespacePath(opened);
  if (path === openedPath) return true;
  const [one, other] = [path, openedPath].map((each) => statSync(each, { throwIfNoEntry: false }));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}
