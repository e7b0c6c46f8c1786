// SPDX-License-Identifier: MIT
// Why a connection did not come about, in the draft's word and in the error's own (MIF-59): what the system, the
// peer or this package said becomes one reason, and stays readable beside it.

import type { MessageError, NotConnectedReason } from './message.ts';

const reasonOfCode: Readonly<Record<string, NotConnectedReason>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable-host',
  EHOSTDOWN: 'unreachable-host',
  ENETUNREACH: 'unreachable-network',
  ENETDOWN: 'unreachable-network',
  ENONET: 'unreachable-network',
  EADDRNOTAVAIL: 'no-source',
  EAFNOSUPPORT: 'address-family-unavailable',
  ENODEV: 'interface-gone',
  EACCES: 'permission',
  EPERM: 'permission',
  EMFILE: 'resource',
  ENFILE: 'resource',
  ENOBUFS: 'resource',
  ENOMEM: 'resource',
  EAGAIN: 'resource',
  EADDRINUSE: 'resource',
  ABORT_ERR: 'cancelled',
  ERR_MIF_CLOSED: 'cancelled',
  ERR_MIF_LOOPBACK: 'bad-address',
  ERR_MIF_INVALID_ARG: 'bad-address',
  ERR_MIF_SCOPE_REQUIRED: 'bad-address',
  ERR_MIF_NO_ROUTE: 'no-route',
  ERR_MIF_NO_PATH: 'no-route',
  ERR_MIF_NO_ADDRESS: 'no-source',
  ERR_MIF_INTERFACE_NOT_FOUND: 'interface-gone',
  ERR_MIF_PATH_LOST: 'interface-gone',
  ERR_MIF_INTERFACE_DOWN: 'unreachable-network',
  ERR_MIF_NO_CARRIER: 'unreachable-network',
  ERR_MIF_PERMISSION: 'permission',
  ERR_MIF_BIND_UNSUPPORTED: 'permission',
};

// Faults of this host's end of one path, found before a packet left; another source may do better (MIF-56).
const localCodes: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'ENODEV',
  'ERR_MIF_NO_ADDRESS',
  'ERR_MIF_BIND_FAILED',
  'ERR_MIF_NO_ROUTE',
  'ERR_MIF_INTERFACE_NOT_FOUND',
  'ERR_MIF_INTERFACE_DOWN',
  'ERR_MIF_NO_CARRIER',
]);

/** The draft's word for an error. */
export function reasonOf(error: Error): NotConnectedReason {
  return reasonOfCode[codeOf(error)] ?? 'failed';
}

/** Whether another source address is worth a try. */
export function isLocalFault(error: Error): boolean {
  return localCodes.has(codeOf(error));
}

/** An error as plain data. */
export function describeError(error: Error): MessageError {
  const { hint } = error as { hint?: unknown };
  return { code: codeOf(error), message: error.message, ...(typeof hint === 'string' && { hint }) };
}

/** The stable code of an error; `ERR_MIF_CONNECT_FAILED` for one that has none. */
function codeOf(error: Error): string {
  const { code, name } = error as { code?: unknown; name: string };
  if (typeof code === 'string') return code;
  return name === 'AbortError' ? 'ABORT_ERR' : 'ERR_MIF_CONNECT_FAILED';
}
