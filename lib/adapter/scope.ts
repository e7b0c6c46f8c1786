// SPDX-License-Identifier: MIT
// scope(): a function inside which Node's own sockets are held to a path, in libraries that take no agent and no socket. The
// one place where this package changes what Node itself does: once somebody has asked for a scope, and outside of scopes to
// no effect.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Host } from '../host/host.ts';
import { EnteredScope, type ScopeOptions } from './entered-scope.ts';
import { holdDatagrams } from './scope-datagram.ts';
import { keepPoolsApart } from './scope-pools.ts';
import { holdStreams } from './scope-stream.ts';
import { runtimeDispatchers } from './undici-class.ts';

const current = new AsyncLocalStorage<EnteredScope | undefined>();
/** Of the whole program: also of what was begun before it. */
let everywhere: EnteredScope | undefined;
let isInstalled = false;

/**
 * Runs a function, and holds to `via` every TCP and UDP socket that is opened in it or in what it starts: timers, promises,
 * callbacks. What cannot be held fails and sends nothing. Inside another scope it replaces that one.
 * @returns what the function returns
 * @throws MifError ERR_MIF_INVALID_ARG; what the function throws
 */
export function scope<T>(host: Host, options: ScopeOptions, run: () => T): T {
  const entered = new EnteredScope(host, options);
  install();
  return current.run(entered, run);
}

/**
 * Makes all of the program that follows a scope.
 * @throws MifError ERR_MIF_INVALID_ARG
 */
export function enterScope(host: Host, options: ScopeOptions): void {
  everywhere = new EnteredScope(host, options);
  install();
}

/** The scope that something happens in, if any. */
export function scopeNow(): EnteredScope | undefined {
  return isInstalled ? (current.getStore() ?? everywhere) : undefined;
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  holdStreams(scopeNow);
  holdDatagrams(scopeNow);
  keepPoolsApart(scopeNow, (entered, run) => current.run(entered, run), runtimeDispatchers());
}
