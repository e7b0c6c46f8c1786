// SPDX-License-Identifier: MIT
// openHost() as users call it: a host with what fetches over its domains, which knows sockets and TLS.

import { domainFetch } from '../adapter/domain-fetch.ts';
import type { Host } from '../host/host.ts';
import { type HostOptions, openHost as openHostOf } from '../host/open-host.ts';

/**
 * Opens the live view of a namespace and waits until it is complete. Needs no privilege for the program's own namespace,
 * CAP_SYS_ADMIN for another. Keeps the program alive until it is open.
 * @throws as openHost of lib/host
 */
export function openHost(options: HostOptions = {}): Promise<Host> {
  return openHostOf(options, { fetchIn: (host, { ca }) => domainFetch(host, { ca }) });
}
