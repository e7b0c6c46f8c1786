// SPDX-License-Identifier: MIT
// What has to be tried to connect somewhere: which interface, which sources, in which order. Thought out once for each place
// and picture of the host, since servers connect to few places, thousands of times a second.

import type { MifErrorCode } from '../binding/contract.gen.ts';
import { isMifError } from '../binding/mif-error.ts';
import { accessOf, type Host } from '../host/host.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import { snapshotNaming } from '../via/named-interface.ts';
import { onlyLink } from '../via/only-link.ts';
import { sourcesTo } from './carrier-source.ts';
import type { ConnectionRequest } from './connection.ts';
import { type ConnectTarget, type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.ts';
import { checkCarrier } from './preflight.ts';

/**
 * The attempts that one path allows, best source first; at least one.
 * @throws MifError as parseEndpoint, findCarrier, onlyLink and checkCarrier
 */
export function planConnections(host: Host, target: ConnectTarget, via: Via | undefined): readonly ConnectionRequest[] {
  // A selector or a function may mean something else each time.
  if (typeof via !== 'string' && typeof via !== 'number') return think(host, parseEndpoint(target), via);
  const plans = plansOf(accessOf(host).snapshot());
  const known = plans.find(via, target);
  if (known !== undefined) return known;
  const plan = think(host, parseEndpoint(target), via);
  plans.keep(via, target, plan);
  return plan;
}

/**
 * The same, and where `via` has no way there, the system's.
 * @throws MifError as parseEndpoint, and what is wrong with `via` itself
 */
export function planLoosely(host: Host, target: ConnectTarget, via: Via | undefined): readonly ConnectionRequest[] {
  if (via === undefined) return planConnections(host, target, via);
  const last: ConnectionRequest = { endpoint: parseEndpoint(target), isLoose: true };
  try {
    return [...planConnections(host, target, via), last];
  } catch (error) {
    if (!isWithoutPath(error)) throw error;
    return [last];
  }
}

/** Whether an error says that a path cannot be had, rather than that something is wrong with the question. */
export function isWithoutPath(error: unknown): boolean {
  return isMifError(error) && withoutPath.has(error.code);
}

const withoutPath: ReadonlySet<string> = new Set<MifErrorCode>([
  'ERR_MIF_INTERFACE_NOT_FOUND',
  'ERR_MIF_INTERFACE_DOWN',
  'ERR_MIF_NO_CARRIER',
  'ERR_MIF_NO_ADDRESS',
  'ERR_MIF_NO_ROUTE',
  'ERR_MIF_NO_PATH',
  'ERR_MIF_LOOPBACK',
  'ERR_MIF_UNKNOWN_ID',
  'ERR_MIF_PATH_LOST',
  'ERR_MIF_PERMISSION',
  'ERR_MIF_BIND_UNSUPPORTED',
  'ERR_MIF_BIND_FAILED',
]);

/** The attempts over a carrier; none where it has no source. */
export function requestsOver(carrier: Carrier, endpoint: Endpoint): readonly ConnectionRequest[] {
  const { interface: link, pvd, mark } = carrier;
  const request: ConnectionRequest = { endpoint, interface: link, pvd: pvd?.id, mark };
  const sources = sourcesTo(carrier, endpoint);
  return sources === undefined ? [request] : sources.map((source) => ({ ...request, source }));
}

function think(host: Host, endpoint: Endpoint, given: Via | undefined): readonly ConnectionRequest[] {
  const via = given ?? zoneOf(endpoint);
  const snapshot = snapshotNaming(accessOf(host), via);
  const chosen = via ?? onlyLink(snapshot, endpoint, `cannot connect to ${formatEndpoint(endpoint)}`);
  if (chosen === undefined) return [{ endpoint }];
  return requestsOver(
    findCarrier(snapshot, chosen, (candidate) => checkCarrier(snapshot, candidate, endpoint)),
    endpoint,
  );
}

function zoneOf({ zone }: Endpoint): Via | undefined {
  return zone !== undefined && /^\d+$/.test(zone) ? Number(zone) : zone;
}

/** Bounds what a crawler costs. */
const rememberedPlans = 1_024;

/** Plans of one picture, by what they were asked with: strings that are the same as the last time are found fastest. */
class Plans {
  readonly #byVia = new Map<string | number, Map<string, Map<number | undefined, readonly ConnectionRequest[]>>>();
  #count = 0;

  find(via: string | number, target: ConnectTarget): readonly ConnectionRequest[] | undefined {
    return this.#byVia.get(via)?.get(textOf(target))?.get(portOf(target));
  }

  keep(via: string | number, target: ConnectTarget, plan: readonly ConnectionRequest[]): void {
    if (++this.#count > rememberedPlans) return;
    const byText = this.#byVia.get(via) ?? new Map();
    this.#byVia.set(via, byText);
    const byPort = byText.get(textOf(target)) ?? new Map();
    byText.set(textOf(target), byPort);
    byPort.set(portOf(target), plan);
  }
}

function textOf(target: ConnectTarget): string {
  if (typeof target === 'string') return target;
  const { host, address } = (target ?? {}) as { host?: string; address?: string };
  return (address ?? host) as string;
}

/** Of a target in one piece none. */
function portOf(target: ConnectTarget): number | undefined {
  return typeof target === 'string' ? undefined : target?.port;
}

function plansOf(snapshot: HostSnapshot): Plans {
  let plans = knownPlans.get(snapshot);
  if (plans === undefined) {
    plans = new Plans();
    knownPlans.set(snapshot, plans);
  }
  return plans;
}

/** By picture: the next one, at most a second later, is thought about anew. */
const knownPlans = new WeakMap<HostSnapshot, Plans>();
