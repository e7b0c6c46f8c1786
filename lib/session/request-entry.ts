// SPDX-License-Identifier: MIT
// What the table of requests holds for each message: its fields, whose it is, what is done with it.

import type { MifRequest } from './request.ts';
import type { FieldTable } from './request-field.ts';
import type { Subscriber } from './subscriber.ts';

/** The request of one type. */
export type RequestOf<Type extends MifRequest['type']> = Extract<MifRequest, { type: Type }>;

export interface RequestEntry<Type extends MifRequest['type']> {
  readonly fields: FieldTable<RequestOf<Type>>;
  /** Not of the draft: refused by sessions that were opened without extensions. */
  readonly isExtension?: true;
  /**
   * Takes effect at once or not at all. Throws only what needs no look at the network (MIF-08); everything else
   * becomes a message, and a request with an id always gets one (MIF-80).
   */
  handle(subscriber: Subscriber, request: RequestOf<Type>): void;
}

/** Entries for some types; the table itself is checked for holding all. */
export type RequestEntries<Type extends MifRequest['type']> = { readonly [T in Type]: RequestEntry<T> };
