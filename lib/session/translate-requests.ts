// SPDX-License-Identifier: MIT
// The requests that translate a name in one provisioning domain, and give that up
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.18 and .19).

import { MifError } from '../binding/mif-error.ts';
import type { RequestEntries } from './request-entry.ts';
import { families, identifier, optional, pvdName, word } from './request-field.ts';

export const translateRequests: RequestEntries<'translate-name' | 'stop-translating-name'> = {
  'translate-name': {
    fields: { pvd: pvdName, name: word, translationId: identifier, families: optional(families) },
    handle(subscriber, { type, pvd: posted, name, translationId, families: wanted = [6, 4] }) {
      const { translations, pvdChoice } = subscriber;
      if (translations.has(translationId)) {
        throw new MifError(
          'ERR_MIF_DUPLICATE_ID',
          `${type}: translationId ${JSON.stringify(translationId)} still names a translation of this session`,
        );
      }
      subscriber.reserve(type);
      const resolution = pvdChoice.resolve(posted);
      if ('pvd' in resolution) translations.start({ translationId, name, pvd: resolution.pvd, families: wanted });
      else translations.refuse(translationId, statusOf[resolution.refusal]);
    },
  },

  'stop-translating-name': {
    fields: { translationId: identifier },
    handle: ({ translations }, { translationId }) => translations.stop(translationId),
  },
};

/** The null domain has no configuration, hence nobody to ask. */
const statusOf = { 'unknown-pvd': 'unknown-pvd', 'pvd-gone': 'cancelled-pvd-gone', 'no-source': 'no-data' } as const;
