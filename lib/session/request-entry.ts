// SPDX-License-Identifier: MIT
// What the table of requests holds for each message: its fields, whose it is, what is done with it.

import { MifError } from '../binding/mif-error.ts';
import { describeError } from './not-connected.ts';
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

/** Answers a request of the draft that this version cannot serve yet. */
export function failUnsupported(subscriber: Subscriber, request: MifRequest): void {
  subscriber.reserve(request.type);
  const error = new MifError('ERR_MIF_UNSUPPORTED', `${request.type}: this version does not serve it`, {
    hint: 'docs/api/session.md says which messages are served.',
  });
  subscriber.answer({
    type: 'request-failed',
    request: request.type,
    ...('connectionId' in request && { connectionId: request.connectionId }),
    ...('translationId' in request && { translationId: request.translationId }),
    error: describeError(error),
    extension: true,
  });
}
