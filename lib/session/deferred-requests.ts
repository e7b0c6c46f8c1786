// SPDX-License-Identifier: MIT
// Requests of the draft whose answers need more than this version has: names
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.18 to .20). They are checked
// and answered like the others; to serve one, move its entry to a file of its own.

import { failUnsupported, type RequestEntries } from './request-entry.ts';
import { families, identifier, optional, pvdName, word } from './request-field.ts';

export const deferredRequests: RequestEntries<'translate-name' | 'stop-translating-name'> = {
  'translate-name': {
    fields: { pvd: pvdName, name: word, translationId: identifier, families: optional(families) },
    handle: failUnsupported,
  },
  'stop-translating-name': { fields: { translationId: identifier }, handle: ignore },
};

function ignore(): void {}
