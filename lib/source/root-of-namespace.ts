// SPDX-License-Identifier: MIT
// Whose files speak of a network namespace. Nothing in them says which one they are about: the daemon that wrote them knows.
// So they are read only where the namespace and the file system are those of one system, and of another namespace
// than ours nothing of ours is believed.

import { readFileSync, statSync } from 'node:fs';
import type { SourceRoot } from './root.ts';

export interface OpenedNamespace {
  /** As of HostOptions: undefined for our own. */
  readonly netns: string | number | undefined;
  /** Whether that is our own, whatever it was called. */
  readonly isOwn: boolean;
}

/** Where the daemons that configure a namespace keep their files. */
export function rootOfNamespace({ netns, isOwn }: OpenedNamespace): SourceRoot {
  if (isOwn) return ownRoot();
  if (typeof netns === 'string' && !netns.includes('/')) return { kind: 'netns', name: netns };
  if (typeof netns !== 'number')
    return { kind: 'none', why: 'of a namespace without name nothing tells whose files speak' };
  const path = `/proc/${netns}/root`;
  const root = fileId(`${path}/`);
  if (root === undefined) return { kind: 'none', why: `the files of process ${netns} cannot be read` };
  // A process that only entered a network namespace sees the files of the daemons of ours.
  if (root === fileId('/'))
    return { kind: 'none', why: `the files of process ${netns} are those of another namespace` };
  return { kind: 'file-system', path };
}

/**
 * Our own files, unless we only entered a network namespace, as `ip netns exec` does: then a process that we descend from is in
 * another one, and has the same files.
 */
function ownRoot(): SourceRoot {
  const network = fileId('/proc/self/ns/net');
  const root = fileId('/');
  let isAnyKnown = false;
  for (const pid of ancestors()) {
    const other = fileId(`/proc/${pid}/ns/net`);
    if (other === undefined) continue;
    isAnyKnown = true;
    if (other !== network && fileId(`/proc/${pid}/root/`) === root) return notOurs;
  }
  // User namespaces that are not the first may not ask about those outside, and mostly have a network of their own.
  return isAnyKnown || isInitialUser() ? { kind: 'file-system', path: '/' } : notOurs;
}

const notOurs: SourceRoot = {
  kind: 'none',
  why: 'the files here speak of the network namespace of this system, and this is another one',
};

/** Those that started us, nearest first, as far as can be told. */
function* ancestors(): Generator<number> {
  for (let pid = process.ppid, count = 0; pid > 0 && count < mostAncestors; ++count) {
    yield pid;
    pid = parentOf(pid);
  }
}

const mostAncestors = 64;

/** Zero where it has none, or cannot be looked at. */
function parentOf(pid: number): number {
  try {
    const [, parent] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return Number(parent ?? 0);
  } catch {
    return 0;
  }
}

function isInitialUser(): boolean {
  const user = statSync('/proc/self/ns/user', { throwIfNoEntry: false });
  return user === undefined || user.ino === initialUserNamespace;
}

const initialUserNamespace = 0xeffffffd; // PROC_USER_INIT_INO of the kernel.

/** Tells files apart; undefined for one that cannot be looked at. */
function fileId(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
