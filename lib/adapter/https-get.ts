// SPDX-License-Identifier: MIT
// One GET request over a connection that there is, and a small body of one type. Says nothing of who asks: no cookies, no name of
// a program, no languages (PVD-68).

import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

export interface GetRequest {
  readonly url: URL;
  /** The only media type that is taken. */
  readonly type: string;
  readonly signal: AbortSignal;
}

export type GetOutcome =
  | { readonly body: Uint8Array }
  | { readonly location: string | undefined }
  | { readonly why: string };

/** Longest body that is read, octets (SEC-18). */
const longestBody = 65_536;
const longestHeaders = 16_384;
const redirections: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Uses the connection up.
 * @throws what HTTP or the connection says; the signal's reason
 */
export function get(socket: TLSSocket, { url, type, signal }: GetRequest): Promise<GetOutcome> {
  const { request } = process.getBuiltinModule('node:http');
  return new Promise<GetOutcome>((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, accept: type, connection: 'close' },
      maxHeaderSize: longestHeaders,
      signal,
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      response.once('error', reject);
      answerOf(response, type).then(resolve, reject);
    });
    asked.end();
  }).finally(() => socket.destroy());
}

async function answerOf(response: IncomingMessage, type: string): Promise<GetOutcome> {
  const { statusCode: status = 0, headers } = response;
  if (redirections.has(status)) return { location: headers.location };
  if (status < 200 || status > 299) return { why: `HTTP status ${status}` };
  const [told = ''] = (headers['content-type'] ?? '').split(';');
  if (told.trim().toLowerCase() !== type) return { why: `its type is not ${type}` };
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return { why: 'it is encoded' };
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longestBody) return { why: `it is longer than ${longestBody} octets` };
    parts.push(part);
  }
  if (!response.complete) return { why: 'it ends too early' };
  return { body: Buffer.concat(parts) };
}
