// SPDX-License-Identifier: MIT
// The network below a MIF session, from a host: where lib/session, which knows neither socket nor kernel, meets both.

import type { Socket } from 'node:net';
import { isMifError } from '../binding/mif-error.ts';
import { resolve } from '../dns/resolve.ts';
import { accessOf, type Host } from '../host/host.ts';
import { candidateSources } from '../pvd/candidate-source.ts';
import { defaultDomain } from '../pvd/default-domain.ts';
import type {
  ConnectOutcome,
  ConnectRequest,
  SessionNetwork,
  TranslateRequest,
  TranslationOutcome,
} from '../session/network.ts';
import type { TranslationStatus } from '../session/message.ts';
import { attemptConnection } from '../socket/connection.ts';
import { checkCarrier } from '../socket/preflight.ts';
import { WaitingConnection } from '../socket/waiting-connection.ts';

export function sessionNetwork(host: Host): SessionNetwork {
  const access = accessOf(host);
  return {
    snapshot: () => access.snapshot(),
    subscribe(observer) {
      const stops = [
        access.observe(observer),
        access.intents.observe((interfaceId) => observer.intentChanged?.(interfaceId)),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
    wantsToConnect: (wish) => host.hints.wantsToConnect(wish),
    useChanged: (subscriber, interfaceId, use) => host.hints.report(subscriber, interfaceId, use),
    intentOf: (interfaceId) => access.intents.of(interfaceId),
    now: () => access.now(),
    chooseSources: candidateSources,
    connect: (request, done) => ({ cancel: start(host, request, done) }),
    translate: (request, done) => ({ cancel: translate(host, request, done) }),
    defaultPvd: () => defaultDomain(access.snapshot().pvds),
    retain: () => access.retain(),
    release: () => access.release(),
  };
}

/** Starts an attempt unless it is known to fail; either way the outcome comes later. */
function start(host: Host, request: ConnectRequest, done: (outcome: ConnectOutcome) => void): () => void {
  const { family, source, interface: link, destination, port } = request;
  const endpoint = { family, address: destination, port };
  try {
    checkCarrier(accessOf(host).snapshot(), { interface: link }, endpoint);
    const receiver = {
      connected: (socket: Socket) => done({ connection: new WaitingConnection(socket) }),
      failed: (error: Error) => done({ error }),
    };
    const attempt = attemptConnection(host, { endpoint, interface: link, source }, {}, receiver);
    return () => attempt.giveUp();
  } catch (error) {
    let isGivenUp = false;
    queueMicrotask(() => {
      if (!isGivenUp) done({ error: error as Error });
    });
    return () => {
      isGivenUp = true;
    };
  }
}

function translate(
  host: Host,
  { pvd, name, family }: TranslateRequest,
  done: (outcome: TranslationOutcome) => void,
): () => void {
  const aborter = new AbortController();
  const finish = (outcome: TranslationOutcome) => {
    if (!aborter.signal.aborted) done(outcome);
  };
  resolve(host, name, family === 4 ? 'A' : 'AAAA', { via: pvd.handle, signal: aborter.signal }).then(
    ({ addresses, origin, server }) => finish({ addresses, origin, server }),
    (error) => finish({ status: statusOf(error) }),
  );
  return () => aborter.abort();
}

function statusOf(error: unknown): TranslationStatus {
  if (!isMifError(error)) return 'server-failure';
  switch (error.code) {
    case 'ERR_MIF_INVALID_ARG':
      return 'bad-name';
    // Nobody in that domain knows names, or names of that kind.
    case 'ERR_MIF_DNS_NO_SERVERS':
    case 'ERR_MIF_UNSUPPORTED':
    case 'ERR_MIF_NO_CARRIER':
    case 'ERR_MIF_INTERFACE_DOWN':
      return 'no-data';
    case 'ERR_MIF_DNS_TIMEOUT':
      return 'timeout';
    case 'ERR_MIF_DNS_RCODE':
      return error.rcode === 'NXDOMAIN' ? 'no-name' : 'server-failure';
    case 'ERR_MIF_UNKNOWN_ID':
    case 'ERR_MIF_PATH_LOST':
    case 'ERR_MIF_CLOSED':
      return 'cancelled-pvd-gone';
    default:
      return 'server-failure';
  }
}
