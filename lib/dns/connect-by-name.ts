// SPDX-License-Identifier: MIT
// A connection to a name over one network: that network is asked for its addresses, and carries every attempt (DNS-02, DNS-03).

import type { Socket } from 'node:net';
import { MifError } from '../binding/mif-error.ts';
import type { Host } from '../host/host.ts';
import { type Attempted, tryAddresses } from '../socket/address-attempts.ts';
import { type ConnectOptions, connect } from '../socket/connect.ts';
import type { NamedTarget } from '../socket/endpoint.ts';
import { resolve } from './resolve.ts';

/**
 * Tries the addresses of a name in turn, best first. Without `via`, over the domain with the best default route.
 * @throws as resolve, and as connect; of several attempts the error of the first that the network refused, with `mif.attempts`
 */
export async function connectByName(
  host: Host,
  { name, port }: NamedTarget,
  options: ConnectOptions = {},
): Promise<Socket> {
  const { timeout = Number.POSITIVE_INFINITY, signal } = options;
  const started = performance.now();
  const limit = Number.isFinite(timeout) ? { timeout } : {};
  const { addresses, path } = await resolve(host, name, undefined, { via: options.via, signal, ...limit });
  if (addresses.length === 0) {
    throw new MifError('ERR_MIF_NO_ADDRESS', `cannot connect to ${name} port ${port}: the name has no address`, {
      interface: path.interface,
      pvd: path.pvd,
      destination: name,
    });
  }
  // What is resolved over one network is reached over no other.
  const via = typeof options.via === 'string' || typeof options.via === 'number' ? options.via : path;
  const attempted: Attempted = { hostname: name, port, signal, timeout: () => timeout - (performance.now() - started) };
  return tryAddresses(addresses, attempted, (address, left) =>
    connect(host, { address, port }, { ...options, via, timeout: Math.max(1, left) }),
  );
}
