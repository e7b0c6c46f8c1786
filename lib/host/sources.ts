// SPDX-License-Identifier: MIT
// The sources of records of one host: opened when somebody looks at its domains, looked at when they have something to tell, closed with it. Whatever the
// program says itself is one more, from the first word on.

import type { DomainState } from '../pvd/domain-state.ts';
import type { RecordOrigin } from '../pvd/record.ts';
import type { RecordSource, SourceContext } from '../pvd/source.ts';
import type { HostChangeCause } from '../snapshot/change.ts';
import type { FetchIn } from '../source/domain-fetch.ts';
import { FetchingSources, fetchingReports } from '../source/fetching-sources.ts';
import { type OpenedSources, openSources, type SourcePlace } from '../source/open-sources.ts';
import { isWanted, recordOrigins, type SourceChoice, type SourceReport, unwanted } from '../source/source-choice.ts';
import { type PvdPolicy, ToldSource } from '../source/told.ts';
import type { Mirror } from './mirror.ts';

// A host opens without what a slow disk holds; that is a change then.
const longestReadMs = 250;

export interface HostSourcesOptions {
  readonly choice: SourceChoice;
  readonly place: Omit<SourcePlace, 'root'>;
  readonly mirror: Mirror;
  /** Milliseconds on the clock of lifetimes. */
  readonly now: () => number;
  /** Milliseconds for which what is told is collected. */
  readonly settle: number;
  /** The mirror is to hear what sources have. */
  readonly onTold: () => void;
  /** Asks servers over single domains; undefined where none are to be asked. */
  readonly fetchIn: FetchIn | undefined;
}

export class HostSources {
  readonly #mirror: Mirror;
  readonly #settle: number;
  readonly #onTold: () => void;
  readonly #context: SourceContext;
  readonly #choice: SourceChoice;
  readonly #place: HostSourcesOptions['place'];
  #opened: OpenedSources | undefined;
  #opening: Promise<void> | undefined;
  #isClosed = false;
  #told: ToldSource | undefined;
  /** What asks servers, from when sources are open; they follow the domains that the others make. */
  #fetching: FetchingSources | undefined;
  readonly #fetchIn: FetchIn | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ choice, place, mirror, now, settle, onTold, fetchIn }: HostSourcesOptions) {
    this.#mirror = mirror;
    this.#settle = settle;
    this.#onTold = onTold;
    this.#context = { ...mirror.interfaces, now, onChange: () => this.#tellSoon() };
    this.#choice = choice;
    this.#place = place;
    this.#fetchIn = fetchIn;
  }

  get reports(): readonly SourceReport[] {
    const others = fetchingReports(this.#fetchIn !== undefined, this.#fetching);
    if (this.#opened !== undefined) return [...this.#opened.reports(), ...others];
    const known = recordOrigins.map(
      (origin): SourceReport => (isWanted(this.#choice, origin) ? { origin, state: 'unopened' } : unwanted(origin)),
    );
    return [...known, ...others];
  }

  /** Whether a source has something to tell that the mirror has not heard. */
  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  /** What a change that only sources made is put down to: to all of them together when several spoke. */
  get cause(): HostChangeCause {
    const causes = new Set([...this.#mirror.heardFrom].map((origin) => causeByOrigin[origin]));
    const [only] = causes;
    return only !== undefined && causes.size === 1 ? only : 'inferred';
  }

  /** @throws MifError ERR_MIF_INVALID_ARG */
  tell(policy: PvdPolicy): () => void {
    const told = this.#told ?? new ToldSource(this.#context);
    const takeBack = told.tell(policy);
    if (this.#told === undefined) {
      this.#told = told;
      this.#listen();
    }
    return takeBack;
  }

  /**
   * Opens them, once: only who looks at domains needs them. Resolves when they have read what is there, or after a while.
   */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    if (this.#choice === 'kernel' || this.#choice.length === 0) return;
    // Not while somebody reads: it takes a millisecond or two.
    await undefined;
    if (this.#isClosed) return;
    this.#opened = openSources(this.#choice, this.#context, this.#place);
    if (this.#fetchIn !== undefined) {
      this.#fetching = new FetchingSources({ context: this.#context, fetchIn: this.#fetchIn });
    }
    this.#listen();
    await this.#firstWords(this.#opened.sources.flatMap(({ ready }: RecordSource) => ready ?? []));
    this.#onTold();
  }

  async #firstWords(reading: readonly Promise<void>[]): Promise<void> {
    if (reading.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestReadMs);
    });
    await Promise.race([Promise.allSettled(reading), patience]);
    clearTimeout(timer);
  }

  #listen(): void {
    this.#mirror.listenTo([
      ...(this.#opened?.sources ?? []),
      ...(this.#told === undefined ? [] : [this.#told]),
      ...(this.#fetching?.sources ?? []),
    ]);
  }

  /** What is fetched is what the present domains say. */
  follow(states: readonly DomainState[]): void {
    this.#fetching?.follow(states, this.#mirror.discreet);
  }

  /** The mirror hears now what there is. */
  taken(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Safe twice. */
  close(): void {
    this.taken();
    this.#isClosed = true;
    for (const source of this.#opened?.sources ?? []) source.close();
    this.#told?.close();
    this.#fetching?.close();
  }

  /** What is told is looked at when whatever its source was in the middle of is over. */
  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.#onTold(), this.#settle).unref();
  }
}

const causeByOrigin: Readonly<Record<RecordOrigin, HostChangeCause>> = {
  'nd-user-options': 'ra',
  'router-advertisements': 'ra',
  networkd: 'dhcp',
  'network-manager': 'dhcp',
  dhclient: 'dhcp',
  dhcpcd: 'dhcp',
  udhcpc: 'dhcp',
  resolved: 'resolver',
  resolvconf: 'resolver',
  'resolv-conf': 'resolver',
  policy: 'policy',
  'pvd-information': 'pvd-info',
  'captive-portal': 'capport',
};
