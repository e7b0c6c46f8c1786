// SPDX-License-Identifier: MIT
// The one error class of the package. Knows what errors look like, not when they happen; codes and their hints come
// from the contract (docs/errors.md).

import { errorHints, type MifErrorCode } from './contract.gen.ts';

/** Two copies of the package in one process know each other's errors by it; `instanceof` would not. */
const brand = Symbol.for('node-mif.error');

/** One try of several to reach a peer, or one network that was not even tried. */
export interface AttemptReport {
  /** Where it was to go; absent where nobody had said yet. */
  address?: string | undefined;
  /** Absent for a provisioning domain that is not there. */
  interface?: string | undefined;
  pvd?: string | undefined;
  source?: string | undefined;
  /** Milliseconds since the first attempt of the same call. */
  startedMs: number;
  /** Milliseconds since the first attempt of the same call. */
  endedMs: number;
  /** `connected`, `failed`, `cancelled` because another one was faster, or `refused` before anything was sent. */
  outcome: 'connected' | 'failed' | 'cancelled' | 'refused';
  error?: Error | undefined;
}

/** What an error may say beyond its code and message; everything is left out where it does not apply. */
export interface MifErrorDetails {
  /** What to do. Default: what the contract says of the code. */
  hint?: string | undefined;
  /** System call or socket option that failed, such as `bind`. */
  syscall?: string | undefined;
  /** Positive errno of that call. */
  errno?: number | undefined;
  /** The kernel's own words, where it gave some. */
  kernelMessage?: string | undefined;
  /** Name of the interface concerned. */
  interface?: string | undefined;
  /** Id of the provisioning domain concerned. */
  pvd?: string | undefined;
  /** Where it was to go. */
  destination?: string | undefined;
  /** What a name server answered, such as `NXDOMAIN`. */
  rcode?: string | undefined;
  /** Every attempt that was made, in the order of their start; every network that was refused. */
  attempts?: readonly AttemptReport[] | undefined;
  cause?: unknown;
}

/** An error of this package. `message` says what was asked and what happened, `hint` what to do. */
export class MifError extends Error {
  /** Stable; see docs/errors.md. */
  readonly code: MifErrorCode;
  readonly hint: string;
  declare readonly syscall?: string;
  declare readonly errno?: number;
  declare readonly kernelMessage?: string;
  declare readonly interface?: string;
  declare readonly pvd?: string;
  declare readonly destination?: string;
  declare readonly rcode?: string;
  declare readonly attempts?: readonly AttemptReport[];

  constructor(code: MifErrorCode, message: string, details: MifErrorDetails = {}) {
    const { hint, cause, ...rest } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint ?? errorHints[code];
    // Only what there is: an `errno: undefined` in every printed error would be noise.
    for (const [name, value] of Object.entries(rest)) if (value !== undefined) Object.assign(this, { [name]: value });
  }

  static {
    // On the prototype, where Error has its name too: so the stack begins with it and nothing is enumerable.
    Object.defineProperty(MifError.prototype, 'name', { value: 'MifError', configurable: true, writable: true });
    Object.defineProperty(MifError.prototype, brand, { value: true });
  }
}

/**
 * Whether something thrown is an error of this package, and of that code where one is given.
 * Holds across copies of the package and in `catch` clauses, where everything is `unknown`.
 */
export function isMifError<C extends MifErrorCode = MifErrorCode>(
  error: unknown,
  code?: C,
): error is MifError & { readonly code: C } {
  if (!(error instanceof Error) || !(brand in error)) return false;
  return code === undefined || ('code' in error && error.code === code);
}
