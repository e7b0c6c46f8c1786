// SPDX-License-Identifier: MIT
// The source of records that hears routers: whole advertisements, or the options of them that the kernel passes on. Keeps what each
// says on each link; what is kept is in interface-memory.ts, what is read in advertisement.ts.
//
// Domains are keyed by who speaks, and anybody on a link can speak. So nothing here is trusted further than the link: forgeries
// from elsewhere are thrown away (SEC-15), and those from the link cost a bounded amount of memory and time (SEC-17).

import { MifError } from '../../binding/mif-error.ts';
import type { NativeHeard, NativeHearing, NativeRouterListener } from '../../binding/native.ts';
import type { PvdRecord, RouterRecord } from '../../pvd/record.ts';
import type { RecordSource, SourceContext, SourceState } from '../../pvd/source.ts';
import type { Interface } from '../../snapshot/change.ts';
import { type AdvertisementRefusal, decodeAdvertisement, whyFar } from './advertisement.ts';
import { EarlyNews } from './early-news.ts';
import { InterfaceMemory } from './interface-memory.ts';
import { advertisementsPerSecond, optionsPerSecond } from './limits.ts';
import { decodeOption } from './option.ts';
import { RateLimit } from './rate-limit.ts';
import type { OptionRefusal, RouterOption } from './router-option.ts';
import { type Said, saidBy } from './said.ts';

/** What was heard and what became of it, since the source was opened. */
export interface RouterSourceCounters {
  /** Advertisements, or options where only those are heard, that were believed. */
  heard: number;
  /** Thrown away, by reason. */
  readonly refused: { [reason in AdvertisementRefusal | 'router']?: number };
  /** Options not believed, by reason. */
  readonly refusedOptions: { [reason in OptionRefusal]?: number };
  /** More of them than are read in a second. */
  rateLimited: number;
  /** Entries and domains that there was no room for. */
  excess: number;
  /** Of no interface that is known, and never was in time. */
  unplaced: number;
  /** As NativeHearing. */
  lost: number;
  foreign: number;
  malformed: number;
}

export interface RouterSourceOptions {
  readonly origin: RouterRecord['origin'];
  readonly state: SourceState;
  readonly context: SourceContext;
  /** Told of the index of an interface on which a default router was heard. */
  readonly onDefaultRouter?: (interfaceIndex: number) => void;
}

interface Link {
  readonly index: number;
  readonly memory: InterfaceMemory;
  readonly limit: RateLimit;
  /** Had carrier when it was last looked at. */
  isRunning: boolean;
  /** Prefixes come with their router, so that those without one are the same again. */
  hearsPrefixes: boolean;
}

/** How often in a row hearing may fail before it is given up. */
const mostFailures = 8;

export class RouterSource implements RecordSource {
  readonly origin: RouterRecord['origin'];
  readonly counters: RouterSourceCounters = {
    heard: 0,
    refused: {},
    refusedOptions: {},
    rateLimited: 0,
    excess: 0,
    unplaced: 0,
    lost: 0,
    foreign: 0,
    malformed: 0,
  };
  readonly #context: SourceContext;
  readonly #onDefaultRouter: (interfaceIndex: number) => void;
  /** By id of their interface. */
  readonly #links = new Map<string, Link>();
  readonly #early = new EarlyNews();
  readonly #changed = new Set<string>();
  #state: SourceState;
  #listener: Pick<NativeRouterListener, 'receive' | 'close'> | undefined;
  #failures = 0;
  #isTelling = false;
  #isClosed = false;

  constructor({ origin, state, context, onDefaultRouter = () => {} }: RouterSourceOptions) {
    this.origin = origin;
    this.#state = state;
    this.#context = context;
    this.#onDefaultRouter = onDefaultRouter;
  }

  get state(): SourceState {
    return this.#state;
  }

  /** What it hears by from now on, and closes. */
  attach(listener: Pick<NativeRouterListener, 'receive' | 'close'>): void {
    this.#listener = listener;
  }

  /** Hears some of what has come. */
  receive(): void {
    const hearing = this.#hear();
    if (hearing === undefined) return;
    const { news, lost, foreign, malformed } = hearing;
    Object.assign(this.counters, { lost, foreign, malformed });
    const now = this.#context.now();
    for (const heard of news) this.#place(heard, now);
    this.#tell();
  }

  takeChanged(): Iterable<string> {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  records(interfaceId: string | undefined): readonly PvdRecord[] {
    const link = interfaceId === undefined ? undefined : this.#links.get(interfaceId);
    if (link === undefined) return none;
    // Timers stand still in suspend, lifetimes do not.
    this.#expireLink(link, this.#context.now());
    return link.memory.records;
  }

  followInterfaces(): void {
    if (this.#isClosed) return;
    const now = this.#context.now();
    for (const [id, link] of this.#links) {
      const current = this.#context.interfaceAt(link.index);
      // Another one may have its index by now (trap B9). One that was shut down begins anew (PVD-18).
      if (current?.id !== id || !current.adminUp) this.#forget(id, link);
      else this.#followCarrier(link, current, now);
    }
    const isKnown = (index: number) => this.#context.interfaceAt(index) !== undefined;
    for (const heard of this.#early.take(isKnown, now)) this.#place(heard, now);
    this.#tell();
  }

  get nextDeadline(): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    for (const { memory } of this.#links.values()) next = Math.min(next, memory.nextDeadline);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  expire(now: number): void {
    for (const link of this.#links.values()) this.#expireLink(link, now);
    this.#tell();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener?.close();
    this.#links.clear();
    this.#changed.clear();
    this.#early.clear();
  }

  #hear(): NativeHearing | undefined {
    if (this.#isClosed || this.#listener === undefined) return undefined;
    try {
      const hearing = this.#listener.receive();
      this.#failures = 0;
      return hearing;
    } catch (error) {
      if (!(error instanceof MifError)) throw error;
      // A descriptor that only fails would be ready for ever.
      if (++this.#failures < mostFailures) return undefined;
      this.#listener.close();
      this.#listener = undefined;
      this.#state = { state: 'absent', why: error.message };
      return undefined;
    }
  }

  #place(heard: NativeHeard, now: number): void {
    const found = this.#context.interfaceAt(heard.interfaceIndex);
    if (found === undefined) {
      if (!this.#early.keep(heard, now)) this.counters.unplaced++;
      return;
    }
    const link = this.#linkOf(found);
    const router = heard.router === '' ? this.#onlyRouterOf(link) : heard.router;
    if (router === undefined) return;
    const forgery = whyFar({ router, hopLimit: heard.hopLimit });
    if (forgery !== undefined) {
      count(this.counters.refused, forgery);
      return;
    }
    if (!link.limit.admits(link.memory.knows(router), now)) {
      this.counters.rateLimited++;
      return;
    }
    const said = this.origin === 'router-advertisements' ? this.#readWhole(heard) : this.#readOption(heard, link);
    if (said === undefined) return;
    this.counters.heard++;
    const { isNews, excess } = link.memory.hear(router, said, now);
    this.counters.excess += excess;
    if (isNews) this.#changed.add(found.id);
    if (said.header !== undefined && said.header.lifetime > 0) this.#onDefaultRouter(link.index);
  }

  #readWhole({ data, router, hopLimit }: NativeHeard): Said | undefined {
    const advertisement = decodeAdvertisement(data, { router, hopLimit });
    if (typeof advertisement === 'string') {
      count(this.counters.refused, advertisement);
      return undefined;
    }
    for (const { reason } of advertisement.refused) count(this.counters.refusedOptions, reason);
    for (const { reason } of advertisement.pvd?.refused ?? []) count(this.counters.refusedOptions, reason);
    return saidBy(advertisement);
  }

  #readOption({ data, router }: NativeHeard, link: Link): Said | undefined {
    const option: RouterOption | OptionRefusal | undefined = decodeOption(data);
    if (typeof option === 'string') count(this.counters.refusedOptions, option);
    if (option === undefined || typeof option === 'string') return undefined;
    if (option.type === 'prefix' && router !== '') link.hearsPrefixes = true;
    return { header: undefined, pvd: undefined, options: [option] };
  }

  /**
   * Whose prefix it is that the kernel tells without its router: of the only one there is. Where prefixes come with their routers
   * too it is nobody's, because it was told already.
   */
  #onlyRouterOf({ memory, hearsPrefixes }: Link): string | undefined {
    if (hearsPrefixes) return undefined;
    const router = memory.onlyRouter;
    if (router === undefined) count(this.counters.refused, 'router');
    return router;
  }

  #linkOf({ id, index, running }: Interface): Link {
    let link = this.#links.get(id);
    if (link === undefined) {
      const perSecond = this.origin === 'router-advertisements' ? advertisementsPerSecond : optionsPerSecond;
      link = {
        index,
        memory: new InterfaceMemory(id, this.origin),
        limit: new RateLimit(perSecond),
        isRunning: running,
        hearsPrefixes: false,
      };
      this.#links.set(id, link);
    }
    return link;
  }

  #followCarrier(link: Link, { running }: Interface, now: number): void {
    if (running && !link.isRunning) link.memory.doubt(now);
    link.isRunning = running;
  }

  #forget(id: string, link: Link): void {
    this.#links.delete(id);
    if (!link.memory.isEmpty) this.#changed.add(id);
  }

  #expireLink({ memory }: Link, now: number): void {
    if (memory.nextDeadline <= now && memory.expire(now)) this.#changed.add(memory.interfaceId);
  }

  /** Later than the call that it follows from, and once for all of them. */
  #tell(): void {
    if (this.#isTelling || this.#changed.size === 0) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      if (!this.#isClosed && this.#changed.size > 0) this.#context.onChange();
    });
  }
}

const none: readonly PvdRecord[] = Object.freeze([]);

function count<Reason extends string>(counts: { [reason in Reason]?: number }, reason: Reason): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}
