// SPDX-License-Identifier: MIT
// Where knowledge of provisioning domains comes from. The kernel's tables make the first drafts (source/kernel.ts); sources of
// records, each a room of its own, add what routers, servers, daemons and administrators say.

import type { Interface } from '../snapshot/change.ts';
import type { DomainDraft } from './draft.ts';
import type { PvdRecord, RecordOrigin } from './record.ts';

/** One source of knowledge. Asked in a fixed order, the kernel first. */
export interface PvdSource {
  /** Ids of the interfaces whose domains may differ since this was last called, gone ones included. */
  takeChanged(): Iterable<string>;
  /**
   * The domains of one interface.
   * @param interfaceId - `if:<index>.<generation>`.
   * @param drafts - what the sources before this one make of it.
   * @returns the same with what this source knows; the given ones when it knows nothing.
   */
  describe(interfaceId: string, drafts: readonly DomainDraft[]): readonly DomainDraft[];
}

/** What a source of records may ask. */
export interface SourceContext {
  /** The interface that has an index or a name now; undefined when none does. */
  readonly interfaceAt: (index: number) => Interface | undefined;
  readonly interfaceNamed: (name: string) => Interface | undefined;
  /** All there are now; absent where nobody can tell. */
  readonly interfaces?: () => Iterable<Interface>;
  /** Milliseconds on the clock of lifetimes. */
  readonly now: () => number;
  /** To be called, later than the call that caused it, when `takeChanged` has something to tell. */
  readonly onChange: () => void;
}

/** Whether a source tells anything here, and if not all, why. */
export type SourceState =
  | { readonly state: 'working' }
  /** It works, without a part: `why` says which, and what is needed for it. */
  | { readonly state: 'limited'; readonly why: string }
  /** It cannot, or what it reads is not on this host. */
  | { readonly state: 'absent'; readonly why: string };

/** A source of records: a room that listens to a socket or watches files, and keeps what it was told. */
export interface RecordSource {
  readonly origin: RecordOrigin;
  readonly state: SourceState;
  /** Resolves when what was there at the start has been read; absent when nothing has to be waited for. */
  readonly ready?: Promise<void>;
  /** Ids of the interfaces whose records differ since this was last called; undefined for those of the whole host. */
  takeChanged(): Iterable<string | undefined>;
  /** The records of an interface, or those of the whole host; the same objects as long as nothing of them changed. */
  records(interfaceId: string | undefined): readonly PvdRecord[];
  /** Interfaces came, went, or were renamed: what belongs to those that are gone is forgotten. */
  followInterfaces(): void;
  /** When `expire` has something to do, on the clock of lifetimes. */
  readonly nextDeadline: number | undefined;
  /** Forgets what is over. */
  expire(now: number): void;
  /** Ends listening and watching. Safe twice. */
  close(): void;
}
