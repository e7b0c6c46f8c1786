// SPDX-License-Identifier: MIT
// What the command tells its caller by its exit code, and the errors that are its own. A code of the contract always
// leads to the same exit code, whichever command met it.

import type { MifErrorCode } from '../binding/contract.gen.ts';

/** Exit codes of every command. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  nothingMatched: 3,
  permission: 4,
  unsupported: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A refusal of the command itself, before or beside the library. Same fields as a `MifError`. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: MifErrorCode;
  readonly hint: string;

  constructor(code: MifErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The command line itself was wrong; exit code 2. */
export function usageError(message: string, hint: string): CommandError {
  return new CommandError('ERR_MIF_INVALID_ARG', message, hint);
}

/** An error as the JSON of every command shows it. */
export interface ErrorText {
  code: string;
  message: string;
  hint?: string;
}

/** What `--via` selects may match nothing; where `--netns` says to look must exist. */
const byCode: Readonly<Partial<Record<string, ExitCode>>> = {
  ERR_MIF_INVALID_ARG: exitCodes.usage,
  ERR_MIF_INTERFACE_NOT_FOUND: exitCodes.nothingMatched,
  ERR_MIF_NO_PATH: exitCodes.nothingMatched,
  ERR_MIF_UNKNOWN_ID: exitCodes.nothingMatched,
  ERR_MIF_DNS_NO_SERVERS: exitCodes.nothingMatched,
  ERR_MIF_PERMISSION: exitCodes.permission,
  ERR_MIF_UNSUPPORTED: exitCodes.unsupported,
  ERR_MIF_BIND_UNSUPPORTED: exitCodes.unsupported,
  ERR_MIF_NATIVE_MISSING: exitCodes.unsupported,
  ERR_MIF_BINDING_MISMATCH: exitCodes.unsupported,
};

/** Whether an error is a fact to report, not a fault of this program: it has a code. */
export function isReportable(error: unknown): error is Error & { code: string; hint?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

export function exitCodeOf(error: { code: string }): ExitCode {
  return byCode[error.code] ?? exitCodes.failure;
}

export function errorText(error: Error & { code: string; hint?: string }): ErrorText {
  const { code, message, hint } = error;
  return hint === undefined ? { code, message } : { code, message, hint };
}
