// SPDX-License-Identifier: MIT
// The host that calls without a host argument use: of the program's own namespace, opened on first use, and never a reason
// for the program to stay alive.

import type { Host } from './host.ts';
import { openHost, openHostNow } from './open-host.ts';

let opening: Promise<Host> | undefined;
let current: Host | undefined;

/**
 * The default host of this environment. One that ended, or could not be opened, is opened anew.
 * @throws MifError as openHost
 */
export async function defaultHost(): Promise<Host> {
  if (current !== undefined) return current;
  opening ??= openHost();
  try {
    return keep(await opening);
  } finally {
    opening = undefined;
  }
}

/**
 * The same without waiting for the event loop: the first call blocks until it is open.
 * @throws MifError as openHostNow
 */
export function defaultHostNow(): Host {
  return current ?? keep(openHostNow());
}

function keep(host: Host): Host {
  // Another call may have been faster.
  if (current === host) return host;
  if (current !== undefined) {
    host.close();
    return current;
  }
  current = host;
  host.once('close', () => {
    if (current === host) current = undefined;
  });
  // Whoever uses it is told by what they wait for.
  host.on('error', () => {});
  return host;
}
