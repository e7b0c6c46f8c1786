// SPDX-License-Identifier: MIT
// Where a path leads inside another root. The kernel would follow an absolute link of /proc/<pid>/root/etc/resolv.conf
// into our own file system, and so to another host's file; here every link is followed below the root.

import { readlink } from 'node:fs/promises';
import { posix } from 'node:path';

/** As many as the kernel follows (path_resolution(7)). */
const mostLinks = 40;

/**
 * The real path of what `path` names in the file system of a root, as seen from outside; of a file that does not exist, where
 * it would be. Undefined for a loop of links.
 * @param root - without a slash at its end, but for `/`
 * @param path - absolute, of the inside
 */
export async function pathInRoot(root: string, path: string): Promise<string | undefined> {
  const outside = root === '/' ? '' : root;
  let left = posix.normalize(path).split('/').filter(Boolean);
  let real = '';
  for (let links = 0; left.length > 0; ) {
    const [name, ...rest] = left as [string, ...string[]];
    left = rest;
    if (name === '..') {
      real = real.slice(0, Math.max(0, real.lastIndexOf('/')));
      continue;
    }
    const target = await linkTarget(`${outside}${real}/${name}`);
    if (target === undefined) {
      real = `${real}/${name}`;
      continue;
    }
    if (++links > mostLinks) return undefined;
    // `..` of a link counts from where the link leads, so it is not normalized away here.
    left = [...target.split('/').filter((part) => part !== '' && part !== '.'), ...left];
    if (target.startsWith('/')) real = '';
  }
  return `${outside}${real}` || '/';
}

/** Undefined for what is no link, or is not there. */
async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch {
    return undefined;
  }
}
