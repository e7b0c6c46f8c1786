// SPDX-License-Identifier: MIT
// connect(): one address over one path. Names, several paths and races are another room's.

import type { Socket } from 'node:net';
import { isMifError, MifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import { snapshotNaming } from '../via/named-interface.ts';
import { onlyLink } from '../via/only-link.ts';
import { sourcesTo } from './carrier-source.ts';
import { timeoutError } from './connect-error.ts';
import { attemptConnection, type Connection, type ConnectionRequest } from './connection.ts';
import { type ConnectTarget, type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.ts';
import { checkCarrier } from './preflight.ts';

export interface ConnectOptions {
  /** Who carries the connection; nothing else ever does. Absent: as the system chooses. */
  via?: Via | undefined;
  /** Gives up. The call fails with its reason. */
  signal?: AbortSignal | undefined;
  /** Gives up after this long, milliseconds, with ETIMEDOUT. Default: when the kernel does, after minutes. */
  timeout?: number | undefined;
  /** As of net.Socket. Default false. */
  allowHalfOpen?: boolean | undefined;
}

/**
 * Connects to an IP address over one interface or provisioning domain, and no other.
 * @returns a connected socket.
 * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_UNSUPPORTED for host names, ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_UNKNOWN_ID,
 * ERR_MIF_NO_PATH, ERR_MIF_SCOPE_REQUIRED, what checkCarrier finds, and what binding to a device can fail with; errors of the
 * system such as ECONNREFUSED, with `mif` attached; the signal's reason
 */
export async function connect(host: Host, target: ConnectTarget, options: ConnectOptions = {}): Promise<Socket> {
  const endpoint = parseEndpoint(target);
  checkOptions(options);
  options.signal?.throwIfAborted();
  const via = options.via ?? zoneOf(endpoint);
  const requests = planRequests(snapshotNaming(accessOf(host), via), endpoint, via);
  const connection = await tryInTurn(host, requests, options);
  return connection.take({ allowHalfOpen: options.allowHalfOpen ?? false });
}

/** The attempts that one path allows, best source first. */
function planRequests(snapshot: HostSnapshot, endpoint: Endpoint, via: Via | undefined): ConnectionRequest[] {
  const chosen = via ?? onlyLink(snapshot, endpoint, `cannot connect to ${formatEndpoint(endpoint)}`);
  if (chosen === undefined) return [{ endpoint }];
  const carrier = findCarrier(snapshot, chosen, (candidate) => checkCarrier(snapshot, candidate, endpoint));
  return requestsOver(carrier, endpoint);
}

function requestsOver(carrier: Carrier, endpoint: Endpoint): ConnectionRequest[] {
  const { interface: link, pvd } = carrier;
  const sources = sourcesTo(carrier, endpoint);
  if (sources === undefined) return [{ endpoint, interface: link }];
  return sources.map((source) => ({ endpoint, interface: link, source, pvd: pvd?.id }));
}

/** A source that vanished since the picture was taken leaves the next one (MIF-56); any other failure is final. */
async function tryInTurn(
  host: Host,
  requests: readonly ConnectionRequest[],
  options: ConnectOptions,
): Promise<Connection> {
  const [request, ...others] = requests;
  try {
    return await tryOnce(host, request!, options);
  } catch (error) {
    if (others.length === 0 || !isMifError(error, 'ERR_MIF_NO_ADDRESS')) throw error;
    return tryInTurn(host, others, options);
  }
}

function tryOnce(host: Host, request: ConnectionRequest, { signal, timeout }: ConnectOptions): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const giveUp = attemptConnection(host, request, (outcome) => {
      finish();
      if ('error' in outcome) reject(outcome.error);
      else resolve(outcome.connection);
    });
    const onAbort = () => {
      finish();
      giveUp();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    if (timeout !== undefined && Number.isFinite(timeout)) {
      timer = setTimeout(() => {
        finish();
        giveUp();
        const { endpoint, interface: link, pvd } = request;
        reject(timeoutError(timeout, endpoint, { interface: link?.name, pvd }));
      }, timeout);
    }
  });
}

function zoneOf({ zone }: Endpoint): Via | undefined {
  return zone !== undefined && /^\d+$/.test(zone) ? Number(zone) : zone;
}

const longestTimeoutMs = 2 ** 31 - 1; // What setTimeout can wait.

function checkOptions({ timeout, ...rest }: ConnectOptions): void {
  if (timeout !== undefined && timeout !== Number.POSITIVE_INFINITY) {
    if (typeof timeout !== 'number' || !(timeout > 0 && timeout <= longestTimeoutMs)) {
      throw new MifError('ERR_MIF_INVALID_ARG', `option timeout: ${String(timeout)} is not a number of milliseconds`);
    }
  }
  // What is promised for later must not be silently ignored: a connection without TLS is not what was asked for.
  const { strict, tls, multipath } = rest as { strict?: unknown; tls?: unknown; multipath?: unknown };
  const later = [
    ['strict', strict !== undefined && strict !== true],
    ['tls', tls !== undefined && tls !== false],
    ['multipath', multipath !== undefined && multipath !== false],
  ].find(([, isAsked]) => isAsked);
  if (later !== undefined) {
    throw new MifError('ERR_MIF_UNSUPPORTED', `option ${String(later[0])} is not supported in this version`);
  }
}
