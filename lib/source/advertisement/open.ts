// SPDX-License-Identifier: MIT
// Opens the source that hears routers, by the best way that this process may use: whole advertisements where it has
// CAP_NET_RAW, the options that the kernel passes on where it has not (PVD-84, SEC-27, trap G1).

import { MifError } from '../../binding/mif-error.ts';
import type { NativeRouterListener, NativeRouterListenerOptions } from '../../binding/native.ts';
import type { SourceContext, SourceState } from '../../pvd/source.ts';
import type { Interface } from '../../snapshot/change.ts';
import { LinkStates } from './link-states.ts';
import { RouterSource } from './router-source.ts';
import { Solicitor } from './solicitor.ts';

/** What it uses of a host. */
export interface RouterAccess {
  openRouterListener(options: NativeRouterListenerOptions): NativeRouterListener;
  snapshot(): { readonly interfaces: Iterable<Interface> };
}

export interface AdvertisementOptions {
  /** Whether routers are asked to advertise when a link is new. Only where whole advertisements are heard. Default true. */
  readonly solicit?: boolean;
  /** Which ways may be tried. Default: whole advertisements, then options. */
  readonly ways?: readonly NativeRouterListenerOptions['news'][];
}

/**
 * The source of what routers say in the namespace of a host, in a list, as other rooms give theirs. Never throws for what the
 * system refuses: the state of the source says so.
 */
export function openAdvertisementSources(
  access: RouterAccess,
  context: SourceContext,
  { solicit = true, ways = ['advertisements', 'options'] }: AdvertisementOptions = {},
): RouterSource[] {
  const reasons: string[] = [];
  for (const news of ways) {
    try {
      return [news === 'advertisements' ? openWhole(access, context, solicit) : openOptions(access, context, reasons)];
    } catch (error) {
      if (!(error instanceof MifError)) throw error;
      reasons.push(error.message);
    }
  }
  return [
    new RouterSource({ origin: 'nd-user-options', state: { state: 'absent', why: reasons.join('; ') }, context }),
  ];
}

function openWhole(access: RouterAccess, context: SourceContext, solicit: boolean): RouterSource {
  const source = new SolicitingSource(access, context);
  const listener = access.openRouterListener({ news: 'advertisements', onReady: () => source.receive() });
  source.attach(listener);
  if (solicit) source.solicitBy(listener);
  return source;
}

function openOptions(access: RouterAccess, context: SourceContext, reasons: readonly string[]): RouterSource {
  const missing = 'route information, provisioning domain names and whether it is a default router are not heard';
  const state: SourceState = { state: 'limited', why: [missing, ...reasons].join(': ') };
  const source = new RouterSource({ origin: 'nd-user-options', state, context });
  source.attach(access.openRouterListener({ news: 'options', onReady: () => source.receive() }));
  return source;
}

/** How long changes of interfaces are collected before links are looked at, milliseconds: thousands may come at once. */
const settleMs = 200;

/** Hears whole advertisements, and asks for them on links that are new. */
class SolicitingSource extends RouterSource {
  readonly #access: RouterAccess;
  readonly #links = new LinkStates();
  #solicitor: Solicitor | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(access: RouterAccess, context: SourceContext) {
    super({
      origin: 'router-advertisements',
      state: { state: 'working' },
      context,
      onDefaultRouter: (index) => this.#solicitor?.stop(index),
    });
    this.#access = access;
  }

  /** Solicitations sent so far. */
  get solicitations(): number {
    return this.#solicitor?.sent ?? 0;
  }

  solicitBy(listener: NativeRouterListener): void {
    this.#solicitor = new Solicitor({ send: (index) => send(listener, index) });
    this.#lookLater();
  }

  override followInterfaces(): void {
    super.followInterfaces();
    this.#lookLater();
  }

  override close(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#solicitor?.close();
    super.close();
  }

  /** Not from within a call of the host's, whose picture is being made then. */
  #lookLater(): void {
    if (this.#solicitor === undefined || this.#timer !== undefined || this.#isEnded) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, settleMs).unref();
  }

  #look(): void {
    let interfaces: Iterable<Interface>;
    try {
      ({ interfaces } = this.#access.snapshot());
    } catch (error) {
      // The host has ended, and this source is about to.
      if (error instanceof MifError) return;
      throw error;
    }
    const { came, went } = this.#links.follow(interfaces);
    for (const index of went) this.#solicitor?.stop(index);
    for (const index of came) this.#solicitor?.start(index);
  }
}

function send(listener: NativeRouterListener, index: number): boolean {
  try {
    return listener.solicit(index);
  } catch (error) {
    // A link that refuses is one without routers; hearing goes on.
    if (error instanceof MifError) return false;
    throw error;
  }
}
