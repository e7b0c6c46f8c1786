// SPDX-License-Identifier: MIT
// The sources of records of one host: opened with it, looked at when they have something to tell, closed with it. Whatever the
// program says itself is one more, from the first word on.

import type { RecordOrigin } from '../pvd/record.ts';
import type { RecordSource, SourceContext } from '../pvd/source.ts';
import type { HostChangeCause } from '../snapshot/change.ts';
import { type OpenedSources, openSources, type SourceChoice, type SourceReport } from '../source/open-sources.ts';
import { type PvdPolicy, ToldSource } from '../source/told.ts';
import type { Mirror } from './mirror.ts';

// A host opens without what a slow disk holds; that is a change then.
const longestReadMs = 250;

export interface HostSourcesOptions {
  readonly choice: SourceChoice;
  readonly place: Parameters<typeof openSources>[2];
  readonly mirror: Mirror;
  /** Milliseconds on the clock of lifetimes. */
  readonly now: () => number;
  /** Milliseconds for which what is told is collected. */
  readonly settle: number;
  /** The mirror is to hear what sources have. */
  readonly onTold: () => void;
}

export class HostSources {
  readonly #mirror: Mirror;
  readonly #settle: number;
  readonly #onTold: () => void;
  readonly #context: SourceContext;
  readonly #opened: OpenedSources;
  #told: ToldSource | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ choice, place, mirror, now, settle, onTold }: HostSourcesOptions) {
    this.#mirror = mirror;
    this.#settle = settle;
    this.#onTold = onTold;
    this.#context = { ...mirror.interfaces, now, onChange: () => this.#tellSoon() };
    this.#opened = openSources(choice, this.#context, place);
    if (this.#opened.sources.length === 0) return;
    mirror.listenTo(this.#opened.sources);
    mirror.hear(now());
  }

  get reports(): readonly SourceReport[] {
    return this.#opened.reports();
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
      this.#mirror.listenTo([...this.#opened.sources, told]);
    }
    return takeBack;
  }

  /** Resolves when sources have read what is there, or after a while; undefined when there is nothing to wait for. */
  read(): Promise<void> | undefined {
    const reading = this.#opened.sources.flatMap(({ ready }: RecordSource) => ready ?? []);
    return reading.length === 0 ? undefined : this.#read(reading);
  }

  async #read(reading: readonly Promise<void>[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestReadMs);
    });
    await Promise.race([Promise.allSettled(reading), patience]);
    clearTimeout(timer);
    this.#onTold();
  }

  /** The mirror hears now what there is. */
  taken(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Safe twice. */
  close(): void {
    this.taken();
    for (const source of this.#opened.sources) source.close();
    this.#told?.close();
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
};
