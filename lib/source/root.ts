// SPDX-License-Identifier: MIT
// Whose files a host may believe. Files speak of the network namespace of the daemon that wrote them, and nothing in
// them says which one that is: so they are read only where the namespace and the file system belong together.

import type { SourceState } from '../pvd/source.ts';

export type SourceRoot =
  /** A file system whose daemons configure this namespace: `/` for our own, `/proc/<pid>/root` for one opened by a process. */
  | { readonly kind: 'file-system'; readonly path: string }
  /** A namespace of `ip netns`: daemons in it share our file system, and only /etc/netns/<name> is known to be its own. */
  | { readonly kind: 'netns'; readonly name: string }
  | { readonly kind: 'none'; readonly why: string };

/** Why nothing of a root is read but what `ip netns` binds into a namespace. */
export function whyNotRead(root: Exclude<SourceRoot, { kind: 'file-system' }>): SourceState {
  if (root.kind === 'none') return { state: 'absent', why: root.why };
  return { state: 'absent', why: `files here may speak of another namespace than ${root.name}` };
}
