// SPDX-License-Identifier: MIT
// Fetches over one provisioning domain, all of it: names are asked of its servers, connections are held to it, redirections stay
// in it (PVD-68). TLS is always verified, whatever the program or its environment says (SEC-18). Certificates are not looked up
// elsewhere: nothing leaves by another way.

import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { parseIpAddress } from '../address/ip-address.ts';
import { accessOf, type Host } from '../host/host.ts';
import { connect } from '../socket/connect.ts';
import type { FetchDomain, FetchIn, FetchOutcome, FetchRequest } from '../source/domain-fetch.ts';
import { findCarrier } from '../via/carrier.ts';
import { type GetOutcome, get } from './https-get.ts';
import { whyNotAsked } from './server-address.ts';
import { secure } from './tls.ts';

/** Addresses of a name by the servers of one domain and nobody else; rejects where there are none to ask. */
export type ResolveIn = (domain: FetchDomain, name: string, signal: AbortSignal) => Promise<readonly string[]>;

export interface DomainFetchOptions {
  readonly resolveIn: ResolveIn;
  /** Certificates to trust in place of those that Node does, PEM. */
  readonly ca?: string | readonly string[] | undefined;
  /** For all of a request, redirections included, milliseconds. */
  readonly timeoutMs?: number;
}

const usualTimeoutMs = 15_000;
const connectTimeoutMs = 5_000;
const mostRedirections = 5;
const mostAddresses = 4;

export function domainFetch(host: Host, options: DomainFetchOptions): FetchIn {
  return async (domain, request) => {
    const { timeoutMs = usualTimeoutMs } = options;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(new Error('the server took too long')), timeoutMs).unref();
    const signal = AbortSignal.any([request.signal, timeout.signal]);
    try {
      return await follow(host, domain, { ...request, signal }, options);
    } catch (error) {
      // Node tells every abort alike.
      return refused(reasonOf(timeout.signal.aborted ? timeout.signal.reason : error));
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Nobody was reached. */
class Unreachable extends Error {}

async function follow(
  host: Host,
  domain: FetchDomain,
  { url: first, type, exactName, signal }: FetchRequest,
  options: DomainFetchOptions,
): Promise<FetchOutcome> {
  let url = new URL(first);
  for (let count = 0; count <= mostRedirections; count++) {
    if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return refused('it leaves https');
    let socket: TLSSocket;
    try {
      socket = await reach(host, domain, url, { ...options, exactName: exactName && count === 0, signal });
    } catch (error) {
      if (error instanceof Unreachable) return { kind: 'unreachable', why: error.message };
      throw error;
    }
    const outcome: GetOutcome = await get(socket, { url, type, signal });
    if ('body' in outcome) return { kind: 'body', body: outcome.body };
    if ('why' in outcome) return refused(outcome.why);
    if (outcome.location === undefined || !URL.canParse(outcome.location, url.href)) return refused('it leads nowhere');
    url = new URL(outcome.location, url);
  }
  return refused(`it redirects more than ${mostRedirections} times`);
}

interface ReachOptions extends DomainFetchOptions {
  readonly exactName: boolean;
  readonly signal: AbortSignal;
}

/** @throws Unreachable; what TLS says; the signal's reason */
async function reach(host: Host, domain: FetchDomain, url: URL, options: ReachOptions): Promise<TLSSocket> {
  const { signal, ca, exactName } = options;
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || 443);
  const socket = await connectToAny(host, domain, await addressesOf(host, domain, name, options), port, signal);
  // Not an import: who only looks at networks does not load Node's cryptography.
  const { X509Certificate: Certificate } = process.getBuiltinModule('node:crypto');
  // What is fetched unasked keeps no program alive.
  socket.unref();
  return secure(
    socket,
    {
      host: name,
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      checkServerIdentity: (_, { raw }) => whyOther(new Certificate(raw), name, exactName),
      ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
    },
    { signal },
  );
}

async function addressesOf(
  host: Host,
  domain: FetchDomain,
  name: string,
  { resolveIn, signal }: ReachOptions,
): Promise<readonly string[]> {
  const literal = parseIpAddress(name);
  let found: readonly string[];
  if (literal !== undefined) found = [name];
  else {
    try {
      found = await resolveIn(domain, name, signal);
    } catch (error) {
      throw new Unreachable(reasonOf(error));
    }
  }
  const snapshot = accessOf(host).snapshot();
  const { index } = carrierOf(host, domain);
  const own = [...snapshot.addresses];
  let why = 'it has no address';
  const allowed = found.filter((address) => {
    const reason = whyNotAsked(address, own, index);
    if (reason !== undefined) why = `${address} is not asked: ${reason}`;
    return reason === undefined;
  });
  if (allowed.length === 0) throw new Unreachable(`${name}: ${why}`);
  return allowed.slice(0, mostAddresses);
}

function carrierOf(host: Host, { handle }: FetchDomain): { index: number } {
  try {
    return findCarrier(accessOf(host).snapshot(), handle).interface;
  } catch (error) {
    throw new Unreachable(reasonOf(error));
  }
}

async function connectToAny(
  host: Host,
  { handle }: FetchDomain,
  addresses: readonly string[],
  port: number,
  signal: AbortSignal,
) {
  let last: unknown;
  for (const address of addresses) {
    try {
      return await connect(host, { address, port }, { via: handle, signal, timeout: connectTimeoutMs });
    } catch (error) {
      last = error;
      if (signal.aborted) break;
    }
  }
  throw new Unreachable(reasonOf(last));
}

/** Only names that the certificate is for by its alternative names; never its subject (PVD-67). */
function whyOther(certificate: X509Certificate, name: string, isExact: boolean): Error | undefined {
  const isAddress = parseIpAddress(name) !== undefined;
  const options = { subject: 'never', wildcards: !isExact, partialWildcards: false } as const;
  const found = isAddress ? certificate.checkIP(name) : certificate.checkHost(name, options);
  return found === undefined ? new Error(`the certificate is not of ${name}`) : undefined;
}

function refused(why: string): FetchOutcome {
  return { kind: 'refused', why };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
