// SPDX-License-Identifier: MIT
// TLS over a connection that is held to a path.

import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import { connectByName } from '../dns/connect-by-name.ts';
import type { Host } from '../host/host.ts';
import { type ConnectOptions, connect } from '../socket/connect.ts';
import { timeoutError } from '../socket/connect-error.ts';
import { type ConnectTarget, namedTarget, parseEndpoint } from '../socket/endpoint.ts';
import { keepToHandle } from '../socket/held-handle.ts';
import { carriedBy } from '../socket/socket-path.ts';

/** Options of tls.connect, but for those that say where to connect. */
export type TlsOptions = Omit<ConnectionOptions, 'socket' | 'host' | 'port' | 'path' | 'lookup' | 'timeout'>;

export interface ConnectTlsOptions extends ConnectOptions {
  /** `true`: as of tls.connect. The name to expect in the certificate is `servername`, or else what was connected to. */
  tls: true | TlsOptions;
}

/**
 * Connects as `connect` does, and makes the connection a TLS one. `timeout` and `signal` are for both together.
 * @returns a socket whose peer has proved who it is, unless `rejectUnauthorized` is false
 * @throws as connect; what TLS says keeps its own code
 */
export async function connectTls(
  host: Host,
  target: ConnectTarget,
  { tls, ...options }: ConnectTlsOptions,
): Promise<TLSSocket> {
  if (tls !== true && (typeof tls !== 'object' || tls === null)) {
    throw new MifError('ERR_MIF_INVALID_ARG', `option tls: ${String(tls)} is neither true nor options of tls.connect`);
  }
  const named = namedTarget(target);
  const literal = named === undefined ? parseEndpoint(target) : undefined;
  const started = performance.now();
  const socket = await (named === undefined ? connect(host, target, options) : connectByName(host, named, options));
  const endpoint = literal ?? parseEndpoint({ address: socket.remoteAddress!, port: named!.port });
  const expected = named?.name ?? endpoint.address;
  const { signal, timeout } = options;
  const left = timeout === undefined ? undefined : Math.max(1, timeout - (performance.now() - started));
  return secure(socket, { host: expected, ...(tls === true ? {} : tls) }, { signal, timeout: left }, () =>
    timeoutError(timeout ?? 0, endpoint, {}),
  );
}

export interface HandshakeLimits {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
}

/** Makes a connection a TLS one, or ends it. */
export function secure(
  socket: Socket,
  options: ConnectionOptions,
  { signal, timeout }: HandshakeLimits = {},
  timedOut: () => Error = () => new Error('the TLS handshake took too long'),
): Promise<TLSSocket> {
  const { servername, host } = options;
  // RFC 6066 section 3 allows names only; an address is looked for in the certificate all the same.
  const named = servername ?? (host !== undefined && parseIpAddress(host) === undefined ? host : undefined);
  return new Promise((resolve, reject) => {
    const { connect: connectOver } = process.getBuiltinModule('node:tls');
    let timer: NodeJS.Timeout | undefined;
    const tls = connectOver({ ...options, socket, ...(named === undefined ? {} : { servername: named }) });
    carriedBy(tls, socket);
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      tls.removeListener('error', onError);
      tls.removeListener('close', onClose);
      tls.removeListener('secureConnect', onSecure);
    };
    const fail = (error: unknown) => {
      finish();
      // Whatever it still says, somebody was told already.
      tls.on('error', () => {});
      tls.destroy();
      reject(error);
    };
    const onError = (error: Error) => fail(error);
    const onClose = () =>
      fail(Object.assign(new Error('the peer ended the connection before TLS was set up'), { code: 'ECONNRESET' }));
    const onSecure = () => {
      finish();
      keepToHandle(tls);
      resolve(tls);
    };
    const onAbort = () => fail(signal?.reason);
    tls.once('error', onError);
    tls.once('close', onClose);
    tls.once('secureConnect', onSecure);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    if (timeout !== undefined && Number.isFinite(timeout)) timer = setTimeout(() => fail(timedOut()), timeout);
  });
}
