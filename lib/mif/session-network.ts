// SPDX-License-Identifier: MIT
// The network below a MIF session, from a host: where lib/session, which knows neither socket nor kernel, meets both.

import type { Socket } from 'node:net';
import { accessOf, type Host } from '../host/host.ts';
import { candidateSources } from '../pvd/candidate-source.ts';
import { defaultDomain } from '../pvd/default-domain.ts';
import type { ConnectOutcome, ConnectRequest, SessionNetwork } from '../session/network.ts';
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
