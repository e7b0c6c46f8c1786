// SPDX-License-Identifier: MIT
// A connection for an adapter, to a name or an address: one attempt for each address in turn, each held to its path. Never
// Node's own connecting, which replaces a bound socket by an unbound one when it tries a second address (trap H3).

import type { LookupFunction, Socket } from 'node:net';
import { parseIpAddress } from '../address/ip-address.ts';
import { addressesOver, checkResolver } from '../dns/addresses-over.ts';
import { accessOf, type Host } from '../host/host.ts';
import { type Attempted, tryAddresses } from '../socket/address-attempts.ts';
import { connectOver } from '../socket/connect.ts';
import { parseEndpoint } from '../socket/endpoint.ts';
import { checkCarrier } from '../socket/preflight.ts';
import type { Carrier } from '../via/carrier.ts';
import { type ChosenPath, viaOf } from './chosen-path.ts';
import { resolveAll } from './lookup.ts';

export interface DialRequest {
  readonly hostname: string;
  readonly port: number;
  /** Only addresses of this family; any when absent or 0. */
  readonly family?: number | undefined;
  /** The networks that may carry it. */
  readonly path: ChosenPath;
  /** Resolves the name and orders its addresses. Absent: the servers of the network that carries the connection. */
  readonly lookup: LookupFunction | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For each attempt, milliseconds, with ETIMEDOUT. */
  readonly timeout?: number | undefined;
}

export interface Dialled {
  readonly socket: Socket;
  readonly carrier: Carrier;
}

/**
 * @throws MifError as connect; of several attempts the error of the first that the network refused, with `mif.attempts`;
 * what the lookup fails with, or else as dns.lookup does; the signal's reason
 */
export async function dial(host: Host, request: DialRequest): Promise<Dialled> {
  const { hostname, port, family, lookup, signal } = request;
  signal?.throwIfAborted();
  if (lookup === undefined && parseIpAddress(hostname) === undefined) return dialByName(host, request);
  const found = await unlessAborted(resolveAll(lookup, hostname, family ? { family } : {}), signal);
  const addresses = found.map(({ address }) => address);
  return tryAddresses(addresses, attempted(request), (address, timeout) =>
    attempt(host, { ...request, timeout }, { address, port }),
  );
}

/** Asks the network that is to carry the connection, and keeps to it: what it says of a name is true there (DNS-03). */
async function dialByName(host: Host, request: DialRequest): Promise<Dialled> {
  const { hostname, port, family, path, signal } = request;
  await accessOf(host).openSources();
  const carrier = carrierForNames(host, path);
  const found = await addressesOver(host, hostname, { via: viaFor(carrier), family, signal });
  const addresses = found.map(({ address }) => address);
  return tryAddresses(addresses, attempted(request), async (address, timeout) => {
    const endpoint = parseEndpoint({ address, port });
    checkCarrier(accessOf(host).snapshot(), carrier, endpoint);
    return { socket: await connectOver(host, carrier, endpoint, { signal, timeout }), carrier };
  });
}

/** The first that has name servers; names that need none are resolved over any. */
function carrierForNames(host: Host, path: ChosenPath): Carrier {
  try {
    return path.pick((candidate) => checkResolver(host, viaFor(candidate)));
  } catch {
    return path.pick();
  }
}

function viaFor(carrier: Carrier) {
  return viaOf(carrier, carrier.sources?.[0]);
}

function attempted({ hostname, port, signal, timeout = Number.POSITIVE_INFINITY }: DialRequest): Attempted {
  return { hostname, port, signal, timeout: () => timeout };
}

async function attempt(
  host: Host,
  { path, signal, timeout }: DialRequest,
  target: { address: string; port: number },
): Promise<Dialled> {
  const endpoint = parseEndpoint(target);
  const carrier = path.carrierTo(endpoint);
  return { socket: await connectOver(host, carrier, endpoint, { signal, timeout }), carrier };
}

/** What is asked of others may never be answered. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
