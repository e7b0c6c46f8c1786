// SPDX-License-Identifier: MIT
// Where a network namespace is found, from what a user calls it. Looks at nothing; opening it tells whether it exists.

import { MifError } from '../binding/mif-error.ts';

/** Where `ip netns` keeps its names. */
const namedNamespaces = '/run/netns';

/**
 * The file of a namespace: a name of `ip netns`, a path, or the id of a process in it.
 * @throws MifError ERR_MIF_INVALID_ARG for what is none of these
 */
export function namespacePath(netns: string | number): string {
  if (typeof netns === 'number') {
    if (Number.isSafeInteger(netns) && netns > 0) return `/proc/${netns}/ns/net`;
  } else if (typeof netns === 'string' && netns !== '' && !netns.includes('\0')) {
    if (netns.includes('/')) return netns;
    if (netns !== '.' && netns !== '..') return `${namedNamespaces}/${netns}`;
  }
  throw new MifError(
    'ERR_MIF_INVALID_ARG',
    `option netns: ${JSON.stringify(netns) ?? String(netns)} is neither a name, nor a path, nor a process id`,
    { hint: 'Give a name that `ip netns list` shows, a path such as /proc/1/ns/net, or a process id as a number.' },
  );
}
