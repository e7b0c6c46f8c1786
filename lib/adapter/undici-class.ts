// SPDX-License-Identifier: MIT
// The Agent class of an undici: the runtime's own, whose dispatchers its global fetch is sure to take, or a caller's.
// Majors of undici refuse each other's dispatchers (trap 8), so none is a dependency of this package.

import { MifError } from '../binding/mif-error.ts';

/** What is used of a dispatcher of undici. */
export interface UndiciAgent {
  dispatch(options: unknown, handler: unknown): boolean;
  close(done?: Done): Promise<void>;
  destroy(error?: Error | Done | null, done?: Done): Promise<void>;
}

/** undici calls these methods on itself with one. */
export type Done = (...outcome: unknown[]) => void;

export type UndiciAgentClass = new (options: object) => UndiciAgent;

/** The module `undici` as far as it is needed. */
export interface UndiciModule {
  readonly Agent: abstract new (
    // biome-ignore lint/suspicious/noExplicitAny: every major has other types for its options.
    options?: any,
  ) => object;
}

/** Where undici keeps its global dispatcher, newest first; undocumented, so what is found there is tested. */
const globalDispatchers = [Symbol.for('undici.globalDispatcher.2'), Symbol.for('undici.globalDispatcher.1')];

/** @throws MifError ERR_MIF_UNSUPPORTED, ERR_MIF_INVALID_ARG */
export function agentClassOf(undici: UndiciModule | undefined): UndiciAgentClass {
  if (undici === undefined) return runtimeClass();
  if (typeof undici?.Agent !== 'function' || !isAgentClass(undici.Agent)) {
    throw new MifError('ERR_MIF_INVALID_ARG', 'option undici: it is not the module undici, which has a class Agent');
  }
  return undici.Agent as UndiciAgentClass;
}

/** The global dispatchers that there are, each with where it is kept. */
export function runtimeDispatchers(): { readonly key: symbol; readonly dispatcher: UndiciAgent }[] {
  // Named once, Headers makes the runtime load its undici, which sets its dispatcher.
  void globalThis.Headers;
  const global = globalThis as unknown as Record<symbol, UndiciAgent | undefined>;
  return globalDispatchers.flatMap((key) => {
    const dispatcher = global[key];
    return dispatcher === undefined ? [] : [{ key, dispatcher }];
  });
}

let found: UndiciAgentClass | undefined;

function runtimeClass(): UndiciAgentClass {
  found ??= runtimeDispatchers()
    .flatMap(({ dispatcher }) => classesOf(dispatcher))
    .find(isAgentClass);
  if (found !== undefined) return found;
  throw new MifError('ERR_MIF_UNSUPPORTED', "this runtime does not show the class of its fetch's dispatchers", {
    hint: "Install undici, and give it: createDispatcher({ via, undici: await import('undici') }).",
  });
}

/** The class of a dispatcher, and of those inside one that wraps others, such as the one for proxies. */
function classesOf(dispatcher: object): unknown[] {
  const inner = Object.getOwnPropertySymbols(dispatcher)
    .map((key) => (dispatcher as Record<symbol, unknown>)[key])
    .filter((value) => typeof value === 'object' && value !== null && 'dispatch' in value);
  return [dispatcher, ...inner].map((value) => (value as object).constructor);
}

function isAgentClass(candidate: unknown): candidate is UndiciAgentClass {
  if (typeof candidate !== 'function' || candidate.name !== 'Agent') return false;
  const { prototype } = candidate;
  return ['dispatch', 'close', 'destroy'].every((method) => typeof prototype?.[method] === 'function');
}
