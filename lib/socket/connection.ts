// SPDX-License-Identifier: MIT
// One attempt to connect from one address over one interface.

import { native } from '../binding/native.ts';
import { accessOf, type Host } from '../host/host.ts';
import { type HeldStream, heldStream, type StreamPath, type StreamReceiver } from './held-stream.ts';
import { heldPathsOf } from './path-hold.ts';

export interface ConnectionRequest extends StreamPath {
  /** Address to leave from, without zone; absent leaves that to the kernel. */
  readonly source?: string | undefined;
  /** Firewall mark of its packets; needs CAP_NET_ADMIN. */
  readonly mark?: number | undefined;
}

/** What the socket is, beside held to its path. */
export interface StreamOptions {
  readonly allowHalfOpen?: boolean | undefined;
  /** MPTCP (RFC 8684). */
  readonly multipath?: boolean | undefined;
}

/**
 * Starts an attempt. The socket is destroyed with ERR_MIF_PATH_LOST when its interface ends; while it connects, also when the
 * host ends.
 * @param receiver - told once, perhaps before this returns, and not after the attempt was given up.
 * @returns the socket, of use only to give the attempt up.
 * @throws MifError ERR_MIF_CLOSED, ERR_MIF_INVALID_ARG, and what binding fails with: ERR_MIF_INTERFACE_NOT_FOUND,
 * ERR_MIF_NO_ADDRESS, ERR_MIF_SCOPE_REQUIRED, ERR_MIF_PERMISSION, ERR_MIF_UNSUPPORTED, ERR_MIF_BIND_UNSUPPORTED,
 * ERR_MIF_BIND_FAILED
 */
export function attemptConnection(
  host: Host,
  request: ConnectionRequest,
  { allowHalfOpen = false, multipath = false }: StreamOptions,
  receiver: StreamReceiver,
): Pick<HeldStream, 'giveUp'> {
  const access = accessOf(host);
  const { mark } = request;
  const fd = access.createBoundSocket({
    family: request.endpoint.family,
    type: multipath ? 'multipath' : 'stream',
    interface: request.interface,
    source: request.source,
    options: mark === undefined ? undefined : { mark },
  });
  const paths = heldPathsOf(host);
  const HeldStream = heldStream();
  try {
    return new HeldStream({ fd, allowHalfOpen, path: request, access, paths, receiver });
  } catch (error) {
    native().closeDescriptor(fd);
    throw error;
  }
}
