// SPDX-License-Identifier: MIT
// Several addresses of one name, tried in turn; what is said when none is reached.

import { type AttemptReport, isMifError, MifError } from '../binding/mif-error.ts';

/** What is to be reached. */
export interface Attempted {
  readonly hostname: string;
  readonly port: number;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the next attempt may take; infinite where the kernel decides. */
  timeout(): number;
}

/** How long an address is waited for while there is another one: a lost SYN is sent again after a second. */
const patienceMs = 3_000;

/**
 * @param attempt - tries one address, for so many milliseconds at most.
 * @throws of several attempts the error of the first that the network refused, with `mif.attempts`; the signal's reason
 */
export async function tryAddresses<T>(
  addresses: readonly string[],
  { hostname, port, signal, timeout }: Attempted,
  attempt: (address: string, timeoutMs: number) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const attempts: AttemptReport[] = [];
  for (const [at, address] of addresses.entries()) {
    const startedMs = performance.now() - started;
    const isLast = at === addresses.length - 1;
    try {
      signal?.throwIfAborted();
      return await attempt(address, isLast ? timeout() : Math.min(timeout(), patienceMs));
    } catch (error) {
      if (signal?.aborted || !(error instanceof Error)) throw error;
      attempts.push(reportOf(error, address, startedMs, performance.now() - started));
    }
  }
  throw failureOf(attempts, hostname, port);
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
