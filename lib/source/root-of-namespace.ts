// SPDX-License-Identifier: MIT
// Whose files speak of a network namespace. Nothing in them says which one they are about: the daemon that wrote them knows.
// So they are read only where the namespace and the file system are those of one system, and of another namespace
// than ours nothing of ours is believed.

import { statSync } from 'node:fs';
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

/** Our own files, unless we are the one that only entered a network namespace. */
function ownRoot(): SourceRoot {
  const mine = fileId('/proc/self/ns/net');
  const system = fileId('/proc/1/ns/net');
  const isSystem =
    system === undefined ? fileId('/proc/self/ns/user') === undefined || isInitialUser() : system === mine;
  if (isSystem) return { kind: 'file-system', path: '/' };
  return { kind: 'none', why: 'the files here speak of the network namespace of this system, which is another one' };
}

/** User namespaces that are not the first cannot ask about the first process, and have a network of their own, mostly. */
function isInitialUser(): boolean {
  return statSync('/proc/self/ns/user', { throwIfNoEntry: false })?.ino === initialUserNamespace;
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
