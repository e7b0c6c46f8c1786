// SPDX-License-Identifier: MIT
// openHost() as users call it: a host with what fetches over its domains, which knows sockets, TLS and names.

import { domainFetch, type ResolveIn } from '../adapter/domain-fetch.ts';
import { resolve } from '../dns/resolve.ts';
import type { Host } from '../host/host.ts';
import { type HostOptions, openHost as openHostOf } from '../host/open-host.ts';

/**
 * Opens the live view of a namespace and waits until it is complete. Needs no privilege for the program's own namespace,
 * CAP_SYS_ADMIN for another. Keeps the program alive until it is open.
 * @throws as openHost of lib/host
 */
export function openHost(options: HostOptions = {}): Promise<Host> {
  return openHostOf(options, { fetchIn: (host, { ca }) => domainFetch(host, { ca, resolveIn: resolverOf(host) }) });
}

/** Names by the servers of a domain: nothing is appended, and what this host calls somebody does not count (PVD-68). */
function resolverOf(host: Host): ResolveIn {
  return async ({ handle, id }, name, signal) => {
    const { addresses, origin } = await resolve(host, `${name}.`, undefined, { via: handle, signal });
    if (origin !== 'dns') throw new Error(`${name} is no name of ${id}, but of this host`);
    return addresses;
  };
}
