// SPDX-License-Identifier: MIT
// Keeps the connections that a scope made apart from those of everybody else, in the pools that a whole program shares:
// agents of node:http, and the dispatcher of fetch. A kept connection of outside would lead past the path.

import type { ClientRequest } from 'node:http';
import type { EnteredScope, RunIn, ScopeNow } from './entered-scope.ts';
import type { UndiciAgent } from './undici-class.ts';

/** The scope of a request and its path, where Node carries them along: in its options. */
const stamp = Symbol('scope');

interface Stamp {
  readonly scope: EnteredScope;
  readonly pool: string;
}

interface RequestOptions {
  [stamp]?: Stamp | undefined;
}

/** The methods that Node's agents call on themselves. */
interface AgentInside {
  addRequest(request: ClientRequest, options: RequestOptions | string, port?: number, localAddress?: string): void;
  createSocket(request: ClientRequest, options: RequestOptions, callback: unknown): void;
  getName(options?: RequestOptions): string;
}

/** Changes http.Agent and the global dispatchers for good. */
export function keepPoolsApart(
  scopeNow: ScopeNow,
  runIn: RunIn,
  dispatchers: readonly { readonly key: symbol; readonly dispatcher: UndiciAgent }[],
): void {
  nameAgentPools(scopeNow, runIn);
  for (const { key, dispatcher } of dispatchers) {
    (globalThis as unknown as Record<symbol, unknown>)[key] = choosing(dispatcher, scopeNow);
  }
}

function nameAgentPools(scopeNow: ScopeNow, runIn: RunIn): void {
  const { Agent } = process.getBuiltinModule('node:http');
  const { addRequest, createSocket, getName } = Agent.prototype as unknown as AgentInside;
  const held: AgentInside & ThisType<AgentInside> = {
    addRequest(request, given, port, localAddress) {
      const options = typeof given === 'string' ? { host: given, port, localAddress } : given;
      addRequest.call(this, request, { ...options, [stamp]: stampNow(scopeNow()) });
    },
    // Made when another connection ends, a socket belongs to its request's scope, not to that one's.
    createSocket(request, options, callback) {
      runIn(options[stamp]?.scope, () => createSocket.call(this, request, options, callback));
    },
    getName(options) {
      const pool = options?.[stamp]?.pool;
      return pool === undefined ? getName.call(this, options) : `${getName.call(this, options)}:${pool}`;
    },
  };
  Object.assign(Agent.prototype, held);
}

function stampNow(scope: EnteredScope | undefined): Stamp | undefined {
  if (scope === undefined) return undefined;
  let key = '';
  try {
    ({ key } = scope.choice.now());
  } catch {
    // The socket fails, and says why.
  }
  return { scope, pool: `${scope.name}:${key}` };
}

/** A dispatcher that gives requests of a scope to the scope's own. */
function choosing(dispatcher: UndiciAgent, scopeNow: ScopeNow): UndiciAgent {
  const dispatch: UndiciAgent['dispatch'] = (options, handler) =>
    (scopeNow()?.dispatcher ?? dispatcher).dispatch(options, handler);
  return new Proxy(dispatcher, {
    get(target, name) {
      if (name === 'dispatch') return dispatch;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' && name !== 'constructor' ? value.bind(target) : value;
    },
  });
}
