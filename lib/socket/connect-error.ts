// SPDX-License-Identifier: MIT
// How a failed attempt to connect is told: what the kernel or the peer said keeps its own code and form, as of
// net.connect, so that libraries above know it; what this package found out is in `mif`.

import { isMifError, MifError, type MifErrorDetails } from '../binding/mif-error.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';

/** A system error of connecting, with this package's view of it. */
export interface ConnectSystemError extends NodeJS.ErrnoException {
  /** Always `connect`. */
  syscall: string;
  /** Negative, as everywhere in Node. */
  errno: number;
  address: string;
  port: number;
  /** ERR_MIF_CONNECT_FAILED, with interface and domain. */
  mif: MifError;
}

/** Why a socket was destroyed before it was connected. */
export function describeFailure(error: Error | null, endpoint: Endpoint, details: MifErrorDetails): Error {
  if (error === null) return new MifError('ERR_MIF_CLOSED', 'the socket was destroyed before it was connected');
  const { errno, syscall, code } = error as NodeJS.ErrnoException;
  if (isMifError(error) || errno === undefined || code === undefined || syscall !== 'connect') return error;
  return systemError(code, -errno, endpoint, details);
}

/** Nobody answered within the caller's time: what the kernel says when it loses patience. */
export function timeoutError(timeoutMs: number, endpoint: Endpoint, details: MifErrorDetails): Error {
  const etimedout = 110; // Linux; the name is what programs look at.
  const error = systemError('ETIMEDOUT', etimedout, endpoint, details);
  error.message += ` (no answer within ${timeoutMs} ms)`;
  return error;
}

function systemError(code: string, errno: number, endpoint: Endpoint, details: MifErrorDetails): ConnectSystemError {
  const destination = formatEndpoint(endpoint);
  const message = `connect ${code} ${destination}`;
  const over = details.pvd ?? details.interface;
  const mif = new MifError(
    'ERR_MIF_CONNECT_FAILED',
    `cannot connect to ${destination}${over === undefined ? '' : ` over ${over}`}: ${code}`,
    { syscall: 'connect', errno, destination, ...details },
  );
  return Object.assign(new Error(message), {
    code,
    errno: -errno,
    syscall: 'connect',
    address: endpoint.address,
    port: endpoint.port,
    mif,
  });
}
