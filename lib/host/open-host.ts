// SPDX-License-Identifier: MIT
// Opens hosts: from a namespace's name to a monitor whose first picture is complete, with and without waiting for the
// event loop. What a host is and does is in host.ts.

import { type RouteDetail as MirroredDetail, MonitorStateNames, RouteDetailNames } from '../binding/contract.gen.ts';
import { MifError } from '../binding/mif-error.ts';
import { errorOf, type NativeMonitor, native } from '../binding/native.ts';
import { codeOf } from '../binding/unpacker.ts';
import { type Granularity, granularities } from '../pvd/granularity.ts';
import type { RouteDetail } from '../snapshot/snapshot.ts';
import { checkSources, type SourceChoice } from '../source/source-choice.ts';
import type { FetchIn } from '../source/domain-fetch.ts';
import { closedError } from './closed-error.ts';
import { accessOf, Host, type HostParts, type Wakes } from './host.ts';
import { namespacePath } from './namespace.ts';

export interface HostOptions {
  /** Namespace: a name of `ip netns`, a path, or a process id. Default: the program's own. */
  netns?: string | number;
  /**
   * Which routes snapshots and changes show; with `none` domains tell none either. Default `all`. Routes that are not shown
   * are not kept either, and the kernel is told not to announce them: a storm of them costs this process nothing.
   */
  routes?: RouteDetail;
  /** Routing tables whose routes are shown, 1 to 4294967295. Default: all; the domains are those of the tables shown. */
  tables?: readonly number[];
  /** Changes are collected for this long before they are told, milliseconds. Default 0: the first of a run at once. */
  settle?: number;
  /**
   * How finely configuration that no network labels is cut into provisioning domains: one for each `router` (default), one for
   * each `interface`, or one for each `family` of an interface (PVD-12).
   */
  granularity?: Granularity;
  /**
   * Who beside the kernel's tables tells of provisioning domains: `all` that work here (default), none (`kernel`), or those
   * named. They are opened when somebody first looks at a domain or waits for changes, and then tell what they know as a
   * change; where this option is given, before the host is. What each tells, and what is missing, is in
   * `host.capabilities.sources`.
   */
  sources?: SourceChoice;
  /**
   * Whether the additional information of domains (RFC 8801 section 4) and the APIs of captive portals (RFC 8908) are asked, over those
   * domains. Default false: it shows servers that this host is there, and nobody asks them unless the program wants to know.
   */
  information?: boolean | InformationOptions;
  /** Gives opening up. */
  signal?: AbortSignal;
}

export interface InformationOptions {
  /** Certificates to trust in place of those that Node does, PEM. */
  ca?: string | readonly string[];
}

/** What a host is handed from the rooms above. */
export interface HostComposition {
  /** Makes what fetches over one domain of a host, and nothing else. */
  readonly fetchIn?: (host: Host, options: InformationOptions) => FetchIn;
}

/**
 * Opens the live view of a namespace and waits until it is complete. Needs no privilege for the program's own namespace,
 * CAP_SYS_ADMIN for another. Keeps the program alive until it is open.
 * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_NAMESPACE_NOT_FOUND, ERR_MIF_PERMISSION, ERR_MIF_UNSUPPORTED,
 * ERR_MIF_NATIVE_MISSING, ERR_MIF_BINDING_MISMATCH, ERR_MIF_KERNEL; the signal's reason
 */
export async function openHost(options: HostOptions = {}, composition: HostComposition = {}): Promise<Host> {
  options.signal?.throwIfAborted();
  const parts = openMonitor(options, composition);
  try {
    parts.monitor.hold(true);
    await becomeLive(parts, options.signal);
    options.signal?.throwIfAborted();
    const host = makeHost(parts);
    try {
      if (options.sources !== undefined) await accessOf(host).openSources();
      options.signal?.throwIfAborted();
    } catch (error) {
      await host.close();
      throw error;
    }
    parts.monitor.hold(false);
    return host;
  } catch (error) {
    parts.monitor.close();
    throw error;
  }
}

/**
 * The same, blocking this thread until the host is open: the dump of an ordinary host takes a few milliseconds.
 * @throws as openHost; MifError ERR_MIF_KERNEL when it takes more than `longestBlockMs`
 */
export function openHostNow(options: Omit<HostOptions, 'signal'> = {}): Host {
  const parts = openMonitor(options);
  try {
    const start = performance.now();
    // The monitor's thread works on without us; there is nothing to wait on but time.
    const pause = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    while (!isLive(parts.monitor)) {
      if (performance.now() - start > longestBlockMs) {
        throw new MifError('ERR_MIF_KERNEL', `the host was not open after ${longestBlockMs} ms`, {
          hint: 'Open it with openHost(), which does not block.',
        });
      }
      Atomics.wait(pause, 0, 0, 1);
    }
    return makeHost(parts);
  } catch (error) {
    parts.monitor.close();
    throw error;
  }
}

/** Longest time for which a program may be blocked, milliseconds: ten times a dump of a million routes. */
const longestBlockMs = 10_000;

function makeHost(parts: HostParts): Host {
  const host = new Host(parts);
  // Whatever happened since the monitor was last asked, its end included.
  parts.wakes.receive();
  return host;
}

function openMonitor(options: HostOptions, { fetchIn }: HostComposition = {}): HostParts {
  const { netns, routes = 'all', tables = [], settle = 0, granularity = 'router', sources = 'all' } = options;
  checkOptions(routes, tables, settle);
  checkGranularity(granularity);
  checkSources(sources);
  const information = checkInformation(options.information);
  const wakes: Wakes = { receive: () => {} };
  const monitor = native().openMonitor({
    ...(netns === undefined ? {} : { namespacePath: namespacePath(netns) }),
    routes: codeOf(RouteDetailNames, mirroredDetails[routes])!,
    tables: [...tables],
    settleMs: settle,
    onWake: () => wakes.receive(),
  });
  return {
    monitor,
    wakes,
    netns,
    routes,
    mirrorsAll: routes === 'all' && tables.length === 0,
    granularity,
    sources,
    settle,
    fetchIn:
      information === undefined || fetchIn === undefined ? undefined : (host: Host) => fetchIn(host, information),
  };
}

/** @throws MifError why the monitor ended, when it has. */
function isLive(monitor: NativeMonitor): boolean {
  const state = MonitorStateNames[monitor.state()];
  if (state === 'live' || state === 'resyncing') return true;
  if (state !== 'closed') return false;
  const failure = monitor.failure();
  throw failure === undefined ? closedError() : errorOf(failure);
}

function becomeLive({ monitor, wakes }: HostParts, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      wakes.receive = () => {};
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => finish(() => reject(signal?.reason));
    wakes.receive = () => {
      try {
        // Answers the wake before the state is asked: what comes between the two wakes again.
        monitor.snapshot();
        if (isLive(monitor)) finish(resolve);
      } catch (error) {
        finish(() => reject(error));
      }
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    // A monitor that others use already may be live.
    wakes.receive();
  });
}

/** What is mirrored for what a host shows: domains are made of default routes, also where no route is shown. */
const mirroredDetails: Readonly<Record<RouteDetail, MirroredDetail>> = {
  none: 'defaults',
  unicast: 'forwarding',
  all: 'all',
};

function checkOptions(routes: unknown, tables: unknown, settle: unknown): void {
  if (routes !== 'all' && routes !== 'unicast' && routes !== 'none') {
    throw new MifError('ERR_MIF_INVALID_ARG', `option routes: ${String(routes)} is not 'all', 'unicast' or 'none'`);
  }
  const isTable = (table: unknown) => Number.isInteger(table) && Number(table) >= 1 && Number(table) < 2 ** 32;
  if (!Array.isArray(tables) || !tables.every(isTable)) {
    throw new MifError(
      'ERR_MIF_INVALID_ARG',
      `option tables: ${JSON.stringify(tables)} is not an array of numbers from 1 to 4294967295`,
    );
  }
  if (typeof settle !== 'number' || !(settle >= 0 && settle <= maxSettleMs)) {
    throw new MifError(
      'ERR_MIF_INVALID_ARG',
      `option settle: ${String(settle)} is not between 0 and ${maxSettleMs} ms`,
    );
  }
}

function checkGranularity(granularity: unknown): void {
  if ((granularities as readonly unknown[]).includes(granularity)) return;
  throw new MifError(
    'ERR_MIF_INVALID_ARG',
    `option granularity: ${String(granularity)} is not 'router', 'interface' or 'family'`,
  );
}

/** What is to be fetched, and how; undefined for nothing. */
function checkInformation(information: unknown): InformationOptions | undefined {
  if (information === undefined || information === false) return undefined;
  if (information === true) return {};
  const { ca, ...others } = Object(information) as { ca?: unknown };
  const isText = (value: unknown) => typeof value === 'string';
  const isFine = ca === undefined || isText(ca) || (Array.isArray(ca) && ca.every(isText));
  if (typeof information !== 'object' || information === null || !isFine || Object.keys(others).length > 0) {
    throw new MifError('ERR_MIF_INVALID_ARG', 'option information: it is neither true, false nor { ca }');
  }
  return ca === undefined ? {} : { ca: ca as string | readonly string[] };
}

/** Longest time for which changes may be collected, milliseconds: beyond it a picture is not a live one. */
const maxSettleMs = 60_000;
