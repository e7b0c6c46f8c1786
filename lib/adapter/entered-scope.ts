// SPDX-License-Identifier: MIT
// A scope that was entered: which path its sockets are held to, and what it keeps for them.

import type { Host } from '../host/host.ts';
import type { Via } from '../via/carrier.ts';
import { PathChoice } from './chosen-path.ts';
import { createDispatcher } from './dispatcher.ts';
import { PathWatch } from './path-watch.ts';
import type { UndiciAgent } from './undici-class.ts';

export interface ScopeOptions {
  /** Who carries what is opened inside; nothing else ever does. Looked at anew for each socket. */
  via: Via;
}

export class EnteredScope {
  readonly host: Host;
  readonly choice: PathChoice;
  readonly watch: PathWatch;
  /** Tells its pools from those of others. */
  readonly name: string;
  readonly via: Via;
  #dispatcher: UndiciAgent | undefined;
  static #count = 0;

  /** @throws MifError ERR_MIF_INVALID_ARG without `via` */
  constructor(host: Host, { via }: ScopeOptions) {
    this.host = host;
    this.choice = new PathChoice(host, via);
    this.watch = new PathWatch(host);
    this.via = via;
    this.name = `scope-${++EnteredScope.#count}`;
  }

  /** For fetch, whose kept connections may have been made outside. */
  get dispatcher(): UndiciAgent {
    this.#dispatcher ??= createDispatcher(this.host, { via: this.via }) as unknown as UndiciAgent;
    return this.#dispatcher;
  }
}

/** The scope that something happens in, if any. */
export type ScopeNow = () => EnteredScope | undefined;

/** Does something as in that scope, or as in none. */
export type RunIn = <T>(scope: EnteredScope | undefined, run: () => T) => T;
