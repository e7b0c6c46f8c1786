// SPDX-License-Identifier: MIT
// How a datagram that did not go, or came back as a refusal, is told: what the kernel or the network said keeps its own code
// and form, as of node:dgram; what this package knows besides is in `mif`.

import { getSystemErrorName } from 'node:util';
import { isMifError, MifError, type MifErrorDetails } from '../binding/mif-error.ts';

/** A system error of sending or receiving, with this package's view of it. */
export interface DatagramSystemError extends NodeJS.ErrnoException {
  /** `sendmsg`, `recvmsg` or `connect`; a refusal of what was sent before may come with any. */
  syscall: string;
  /** Negative, as everywhere in Node. */
  errno: number;
  /** ERR_MIF_KERNEL, with interface and domain. */
  mif: MifError;
}

// Linux: no such address, and what sendmsg says of a source that the interface does not have.
const addressErrnos: readonly number[] = [99, 22];

/** The error for a user, of one that the native library threw. */
export function datagramError(
  error: unknown,
  details: MifErrorDetails & { source?: string | undefined } = {},
): unknown {
  if (!isMifError(error) || error.errno === undefined) return error;
  const { source, ...rest } = details;
  const { errno, message, syscall = 'sendmsg' } = error;
  if (source !== undefined && addressErrnos.includes(errno)) {
    return new MifError('ERR_MIF_NO_ADDRESS', `cannot send from ${source}: it is no usable address there`, {
      errno,
      syscall,
      ...rest,
    });
  }
  if (error.code !== 'ERR_MIF_KERNEL' && error.code !== 'ERR_MIF_CONNECT_FAILED') return error;
  const code = getSystemErrorName(-errno);
  const to = rest.destination === undefined ? '' : ` ${rest.destination}`;
  const mif = new MifError('ERR_MIF_KERNEL', message, { errno, syscall, ...rest });
  return Object.assign(new Error(`${syscall} ${code}${to}`), { code, errno: -errno, syscall, mif });
}
