// SPDX-License-Identifier: MIT
// connect(): one address over one path. Names, several paths and races are another room's.

import type { Socket } from 'node:net';
import { isMifError, MifError } from '../binding/mif-error.ts';
import type { Host } from '../host/host.ts';
import type { Carrier, Via } from '../via/carrier.ts';
import { timeoutError } from './connect-error.ts';
import { attemptConnection, type ConnectionRequest, type StreamOptions } from './connection.ts';
import type { StreamReceiver } from './held-stream.ts';
import type { ConnectTarget, Endpoint } from './endpoint.ts';
import { isWithoutPath, planConnections, planLoosely, requestsOver } from './plan.ts';

export interface ConnectOptions extends StreamOptions {
  /** Who carries the connection; nothing else ever does. Absent: as the system chooses. */
  via?: Via | undefined;
  /** Gives up. The call fails with its reason. */
  signal?: AbortSignal | undefined;
  /** Gives up after this long, milliseconds, with ETIMEDOUT. Default: when the kernel does, after minutes. */
  timeout?: number | undefined;
  /** As of net.Socket. Default false. */
  allowHalfOpen?: boolean | undefined;
  /** MPTCP (RFC 8684), or TCP with a peer that does not speak it. Default false. */
  multipath?: boolean | undefined;
  /** False: where `via` has no way there, the system chooses one, and `pathOf(socket)` says so. Default true. */
  strict?: boolean | undefined;
}

/**
 * Connects to an IP address over one interface or provisioning domain, and no other.
 * @returns a connected socket.
 * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_UNSUPPORTED for host names and for MPTCP where the kernel has none,
 * ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_UNKNOWN_ID, ERR_MIF_NO_PATH, ERR_MIF_SCOPE_REQUIRED, what checkCarrier finds, and what binding
 * to a device can fail with; errors of the system such as ECONNREFUSED, with `mif` attached; the signal's reason
 */
export function connect(host: Host, target: ConnectTarget, options: ConnectOptions = {}): Promise<Socket> {
  // No async function: the turns of each would be a tenth of what a connection costs.
  try {
    checkOptions(options);
    options.signal?.throwIfAborted();
    const plan = options.strict === false ? planLoosely : planConnections;
    return tryInTurn(host, plan(host, target, options.via), options);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * The same over a carrier that was found, and checked, for this endpoint.
 * @throws as connect
 */
export function connectOver(
  host: Host,
  carrier: Carrier,
  endpoint: Endpoint,
  options: Omit<ConnectOptions, 'via'>,
): Promise<Socket> {
  return tryInTurn(host, requestsOver(carrier, endpoint), options);
}

/** A source that vanished since the picture was taken leaves the next one (MIF-56); what the network says is final. */
function tryInTurn(
  host: Host,
  requests: readonly ConnectionRequest[],
  options: Omit<ConnectOptions, 'via'>,
  at = 0,
): Promise<Socket> {
  const attempt = tryOnce(host, requests[at]!, options);
  if (at + 1 === requests.length) return attempt;
  return attempt.catch((error: unknown) => {
    const next = requests[at + 1]!;
    const isOver = next.isLoose ? !isWithoutPath(error) : !isMifError(error, 'ERR_MIF_NO_ADDRESS');
    if (isOver) throw error;
    return tryInTurn(host, requests, options, at + 1);
  });
}

function tryOnce(host: Host, request: ConnectionRequest, options: Omit<ConnectOptions, 'via'>): Promise<Socket> {
  const { signal, timeout = Number.POSITIVE_INFINITY } = options;
  const isPatient = signal === undefined && timeout === Number.POSITIVE_INFINITY;
  return new Promise((connected, failed) => {
    const receiver = { connected, failed };
    if (isPatient) attemptConnection(host, request, options, receiver);
    else attemptWithin({ signal, timeout }, host, request, options, receiver);
  });
}

function attemptWithin(
  { signal, timeout }: { signal: AbortSignal | undefined; timeout: number },
  host: Host,
  request: ConnectionRequest,
  options: StreamOptions,
  receiver: StreamReceiver,
): void {
  let timer: NodeJS.Timeout | undefined;
  const finish = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  const attempt = attemptConnection(host, request, options, {
    connected: (socket) => {
      finish();
      receiver.connected(socket);
    },
    failed: (error) => {
      finish();
      receiver.failed(error);
    },
  });
  const giveUp = (reason: Error) => {
    finish();
    attempt.giveUp();
    receiver.failed(reason);
  };
  const onAbort = () => giveUp(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (timeout === Number.POSITIVE_INFINITY) return;
  timer = setTimeout(() => {
    const { endpoint, interface: link, pvd } = request;
    giveUp(timeoutError(timeout, endpoint, { interface: link?.name, pvd }));
  }, timeout);
}

const longestTimeoutMs = 2 ** 31 - 1; // What setTimeout can wait.

function checkOptions(options: ConnectOptions): void {
  const { timeout, multipath, strict } = options;
  if (timeout !== undefined && timeout !== Number.POSITIVE_INFINITY) {
    if (typeof timeout !== 'number' || !(timeout > 0 && timeout <= longestTimeoutMs)) {
      throw new MifError('ERR_MIF_INVALID_ARG', `option timeout: ${String(timeout)} is not a number of milliseconds`);
    }
  }
  if (strict !== undefined && typeof strict !== 'boolean') {
    throw new MifError('ERR_MIF_INVALID_ARG', `option strict: ${String(strict)} is not true or false`);
  }
  if (multipath !== undefined && typeof multipath !== 'boolean') {
    throw new MifError('ERR_MIF_INVALID_ARG', `option multipath: ${String(multipath)} is not true or false`);
  }
  // What is promised for later must not be silently ignored: a connection without TLS is not what was asked for.
  const { tls } = options as { tls?: unknown };
  if (tls === undefined || tls === false) return;
  throw new MifError('ERR_MIF_UNSUPPORTED', 'option tls is not supported here');
}
