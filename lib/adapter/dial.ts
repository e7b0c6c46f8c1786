// SPDX-License-Identifier: MIT
// A connection for an adapter, to a name or an address: one attempt for each address in turn, each held to its path. Never
// Node's own connecting, which replaces a bound socket by an unbound one when it tries a second address (trap H3).

import type { LookupFunction, Socket } from 'node:net';
import { type AttemptReport, isMifError, MifError } from '../binding/mif-error.ts';
import type { Host } from '../host/host.ts';
import { connectOver } from '../socket/connect.ts';
import { parseEndpoint } from '../socket/endpoint.ts';
import type { Carrier } from '../via/carrier.ts';
import type { ChosenPath } from './chosen-path.ts';
import { resolveAll } from './lookup.ts';

export interface DialRequest {
  readonly hostname: string;
  readonly port: number;
  /** Only addresses of this family; any when absent or 0. */
  readonly family?: number | undefined;
  /** The networks that may carry it. */
  readonly path: ChosenPath;
  /** Resolves the name and orders its addresses. */
  readonly lookup: LookupFunction;
  readonly signal?: AbortSignal | undefined;
  /** For each attempt, milliseconds, with ETIMEDOUT. */
  readonly timeout?: number | undefined;
}

export interface Dialled {
  readonly socket: Socket;
  readonly carrier: Carrier;
}

/** How long an address is waited for while there is another one: a lost SYN is sent again after a second. */
const patienceMs = 3_000;

/**
 * @throws MifError as connect; of several attempts the error of the first that the network refused, with `mif.attempts`;
 * what the lookup fails with; the signal's reason
 */
export async function dial(host: Host, request: DialRequest): Promise<Dialled> {
  const { hostname, port, family, lookup, signal } = request;
  signal?.throwIfAborted();
  const found = await unlessAborted(resolveAll(lookup, hostname, family ? { family } : {}), signal);
  const started = performance.now();
  const attempts: AttemptReport[] = [];
  for (const [at, { address }] of found.entries()) {
    const startedMs = performance.now() - started;
    const isLast = at === found.length - 1;
    try {
      return await attempt(host, { ...request, timeout: patience(request.timeout, isLast) }, { address, port });
    } catch (error) {
      if (signal?.aborted || !(error instanceof Error)) throw error;
      attempts.push(reportOf(error, address, startedMs, performance.now() - started));
    }
  }
  throw failureOf(attempts, hostname, port);
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

function patience(timeout: number | undefined, isLast: boolean): number | undefined {
  return isLast ? timeout : Math.min(timeout ?? patienceMs, patienceMs);
}

function reportOf(error: Error, address: string, startedMs: number, endedMs: number): AttemptReport {
  const told = isMifError(error) ? error : ((error as { mif?: MifError }).mif ?? undefined);
  return {
    address,
    interface: told?.interface ?? '',
    pvd: told?.pvd,
    startedMs,
    endedMs,
    outcome: 'failed',
    error,
  };
}

/** What HTTP libraries look at is the code that the network gave, so that comes before what we refused ourselves. */
function failureOf(attempts: readonly AttemptReport[], hostname: string, port: number): Error {
  const errors = attempts.map(({ error }) => error!);
  const told = errors.find((error) => !isMifError(error)) ?? errors[0]!;
  if (attempts.length === 1) return told;
  const reasons = attempts.map(({ address, error }) => `${address}: ${error?.message}`).join('; ');
  const code = isMifError(told) ? told.code : 'ERR_MIF_CONNECT_FAILED';
  const summary = new MifError(code, `cannot connect to ${hostname} port ${port}: ${reasons}`, {
    destination: hostname,
    attempts,
    cause: new AggregateError(errors),
  });
  return isMifError(told) ? summary : Object.assign(told, { mif: summary });
}
