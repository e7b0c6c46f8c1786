// SPDX-License-Identifier: MIT
// The summary for those who do not want to know more: whether there is a network, and what it is like. Of the network that has
// the best default route, since that is what most traffic will use.

import type { Route } from '../binding/contract.gen.ts';
import { MifError } from '../binding/mif-error.ts';
import { defaultDomain } from '../pvd/default-domain.ts';
import { addressState, isUsable } from '../pvd/draft.ts';
import type { CaptivePortal } from '../pvd/provisioning-domain.ts';
import { checkNames } from '../selection/question.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type LocalPath, localPathOf } from '../via/local-path.ts';
import { obstacleOn } from '../via/obstacle.ts';
import { accessOf, type Host, type HostCapabilities } from './host.ts';

export interface Status {
  /**
   * Whether there is a default route over an interface that is up, from an address that can be used, and nobody who probed says
   * that it leads nowhere. It is no proof that the Internet answers.
   */
  readonly online: boolean;
  /** Of the preferred path; absent where nobody says. */
  readonly metered?: boolean | undefined;
  /** What the network of the preferred path says of its portal; null where it named none. */
  readonly captivePortal: CaptivePortal | null;
  /** The network with the best default route; null when there is none. */
  readonly preferredPath: LocalPath | null;
  /** What this host can tell and do. */
  readonly capabilities: HostCapabilities;
}

export interface OnChangeOptions {
  /** The summary is told when nothing has changed for this long, or twice as long after the first change, milliseconds. Default 200. */
  settle?: number | undefined;
  /** Ends it, as the returned function does. */
  signal?: AbortSignal | undefined;
}

const usualSettleMs = 200;
const longestSettleMs = 60_000;

/** @throws MifError ERR_MIF_CLOSED */
export function statusOf(host: Host): Status {
  const path = preferredPath(accessOf(host).snapshot());
  return Object.freeze({
    online: path !== undefined,
    metered: path?.local.metered,
    captivePortal: path?.captivePortal ?? null,
    preferredPath: path?.local ?? null,
    capabilities: host.capabilities,
  });
}

/**
 * Calls `tell` with each summary that differs from the one before, once things have settled; not with the present one. Keeps the
 * program alive until it is ended; it ends with the host.
 * @returns ends it. Safe twice.
 * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_CLOSED
 */
export function onStatusChange(host: Host, tell: (status: Status) => void, options: OnChangeOptions = {}): () => void {
  if (typeof tell !== 'function') throw new MifError('ERR_MIF_INVALID_ARG', 'onChange: whom to tell is no function');
  checkNames(options, optionNames);
  const { settle = usualSettleMs, signal } = options;
  if (typeof settle !== 'number' || !(settle >= 0 && settle <= longestSettleMs)) {
    const allowed = `between 0 and ${longestSettleMs} ms`;
    throw new MifError('ERR_MIF_INVALID_ARG', `option settle: ${String(settle)} is not ${allowed}`);
  }
  let told = textOf(statusOf(host));
  let timer: NodeJS.Timeout | undefined;
  let latestAt = 0;
  const look = () => {
    timer = undefined;
    const now = statusOf(host);
    const text = textOf(now);
    if (text === told) return;
    told = text;
    tell(now);
  };
  const onChange = () => {
    const now = performance.now();
    if (timer === undefined) latestAt = now + 2 * settle;
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(0, Math.min(settle, latestAt - now)));
  };
  const stop = () => {
    clearTimeout(timer);
    host.removeListener('change', onChange);
    host.removeListener('close', stop);
    signal?.removeEventListener('abort', stop);
  };
  if (signal?.aborted) return stop;
  host.on('change', onChange);
  host.once('close', stop);
  signal?.addEventListener('abort', stop, { once: true });
  return stop;
}

const optionNames = new Set(['settle', 'signal']);

interface Preferred {
  readonly local: LocalPath;
  readonly captivePortal?: CaptivePortal | undefined;
}

function preferredPath(snapshot: HostSnapshot): Preferred | undefined {
  const usable = snapshot.pvds.filter(({ interfaceIds, addresses }) => {
    const link = [...snapshot.interfaces].find(({ id }) => id === interfaceIds[0]);
    const isReady = link !== undefined && obstacleOn(link) === undefined;
    return isReady && addresses.some((address) => isUsable(address.state) && address.scope !== 'link');
  });
  const pvd = defaultDomain(usable);
  if (pvd !== undefined) {
    const link = [...snapshot.interfaces].find(({ id }) => id === pvd.interfaceIds[0])!;
    return { local: localPathOf({ interface: link, pvd }), captivePortal: pvd.captivePortal };
  }
  return directPath(snapshot);
}

/** A default route that names no router: of a tunnel, or a point-to-point link. */
function directPath(snapshot: HostSnapshot): Preferred | undefined {
  const routes = [...snapshot.routes.where({ types: ['unicast'], maxPrefixLength: 0 })];
  routes.sort((one, other) => one.metric - other.metric);
  for (const route of routes) {
    for (const { index } of hopsOf(route)) {
      const link = [...snapshot.interfaces].find((each) => each.index === index);
      if (link === undefined || obstacleOn(link) !== undefined) continue;
      const addresses = [...snapshot.addresses].filter(
        (address) => address.index === index && address.scope !== 'link' && isUsable(addressState(address)),
      );
      if (addresses.length === 0) continue;
      const texts = addresses.map(({ address }) => address);
      return { local: localPathOf({ interface: link }, texts) };
    }
  }
  return undefined;
}

function hopsOf(route: Route): readonly { readonly index?: number | undefined }[] {
  return route.nexthops ?? [route];
}

/** What differs when a user would see a difference: not what a host can do, which does not change while it lives. */
function textOf({ capabilities: _, ...told }: Status): string {
  return JSON.stringify(told);
}
