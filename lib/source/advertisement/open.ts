// SPDX-License-Identifier: MIT
// Opens the source that hears routers, by the best way that this process may use: whole advertisements where it has
// CAP_NET_RAW, the options that the kernel passes on where it has not (PVD-84, SEC-27, trap G1).

import { MifError } from '../../binding/mif-error.ts';
import type { NativeRouterListener, NativeRouterListenerOptions } from '../../binding/native.ts';
import type { RouterRecord } from '../../pvd/record.ts';
import type { SourceContext, SourceState } from '../../pvd/source.ts';
import { LinkStates } from './link-states.ts';
import { RouterSource } from './router-source.ts';
import { Solicitor } from './solicitor.ts';

/** What makes listeners in the namespace of a host: its monitor. */
export interface RouterListening {
  openRouterListener(options: NativeRouterListenerOptions): NativeRouterListener;
}

export interface AdvertisementOptions {
  /** Whether routers are asked to advertise when a link is new. Only where whole advertisements are heard. Default true. */
  readonly solicit?: boolean;
  /** Which sources are wanted. Default: all. */
  readonly isWanted?: (origin: RouterRecord['origin']) => boolean;
}

/** The sources of this room, the better one first. */
export const advertisementOrigins = ['router-advertisements', 'nd-user-options'] as const;

/**
 * Opens the first of the wanted sources that this process may have. Those before it are there too, say why they are not open,
 * and tell nothing. Never throws for what the system refuses.
 */
export function openAdvertisementSources(
  listening: RouterListening,
  context: SourceContext,
  { solicit = true, isWanted = () => true }: AdvertisementOptions = {},
): RouterSource[] {
  const refused: RouterSource[] = [];
  for (const origin of advertisementOrigins.filter(isWanted)) {
    try {
      const source =
        origin === 'router-advertisements'
          ? openWhole(listening, context, solicit)
          : openOptions(listening, context, refused);
      return [source, ...refused];
    } catch (error) {
      if (!(error instanceof MifError)) throw error;
      refused.push(new RouterSource({ origin, state: { state: 'absent', why: error.message }, context }));
    }
  }
  return refused;
}

function openWhole(listening: RouterListening, context: SourceContext, solicit: boolean): RouterSource {
  const source = new SolicitingSource(context);
  const listener = listening.openRouterListener({ news: 'advertisements', onReady: () => source.receive() });
  source.attach(listener);
  if (solicit) source.solicitBy(listener);
  return source;
}

/** @param refused - what would have been better, whose reason is the reason for less */
function openOptions(
  listening: RouterListening,
  context: SourceContext,
  refused: readonly RouterSource[],
): RouterSource {
  const missing =
    'of advertisements the kernel passes on no route information, no names of domains and not whether it is a default router, ' +
    'and nothing where accept_ra is off';
  const reasons = refused.map(({ state }) => (state.state === 'working' ? '' : state.why));
  const state: SourceState = { state: 'limited', why: [missing, ...reasons].join('; ') };
  const source = new RouterSource({ origin: 'nd-user-options', state, context });
  source.attach(listening.openRouterListener({ news: 'options', onReady: () => source.receive() }));
  return source;
}

/** How long changes of interfaces are collected before links are looked at, milliseconds: thousands may come at once. */
const settleMs = 200;

/** Hears whole advertisements, and asks for them on links that are new. */
class SolicitingSource extends RouterSource {
  readonly #interfaces: SourceContext['interfaces'];
  readonly #links = new LinkStates();
  #solicitor: Solicitor | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(context: SourceContext) {
    super({
      origin: 'router-advertisements',
      state: { state: 'working' },
      context,
      onDefaultRouter: (index) => this.#solicitor?.stop(index),
    });
    this.#interfaces = context.interfaces;
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

  #lookLater(): void {
    if (this.#solicitor === undefined || this.#timer !== undefined || this.#isEnded) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, settleMs).unref();
  }

  #look(): void {
    const { came, went } = this.#links.follow(this.#interfaces?.() ?? []);
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
