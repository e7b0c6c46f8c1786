// SPDX-License-Identifier: MIT
// Requests of the draft whose answers need more than this version has: configuration data, connectivity management
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.17, .26). They are checked
// and answered like the others; to serve one, move its entry to a file of its own.

import { referenceTo } from './pvd-choice.ts';
import { failUnsupported, type RequestEntries } from './request-entry.ts';
import { identifier, interfaceName, optional, pvdName, word } from './request-field.ts';

export const deferredRequests: RequestEntries<
  'get-configuration-data' | 'wants-to-connect' | 'connection-is-idle' | 'connection-can-be-broken'
> = {
  'get-configuration-data': {
    fields: { pvd: pvdName, element: word, information: word, requestId: optional(identifier) },
    handle(subscriber, { type, pvd: posted, element, information, requestId }) {
      const resolution = subscriber.pvdChoice.resolve(posted);
      const pvd = 'pvd' in resolution ? resolution.pvd : undefined;
      subscriber.reserve(type);
      subscriber.answer({
        type: 'no-configuration-data',
        pvd: pvd ? { handle: pvd.handle, id: pvd.id } : referenceTo(posted),
        element,
        information,
        ...(requestId !== undefined && { requestId }),
        reason: pvd ? 'not-available-on-host' : 'unknown-pvd',
      });
    },
  },

  // MIF-68: without somebody who could bring a network up this does nothing, and never fails.
  'wants-to-connect': { fields: { interface: optional(interfaceName), pvd: optional(pvdName) }, handle: ignore },

  'connection-is-idle': { fields: { connectionId: optional(identifier) }, handle: failUnsupported },
  'connection-can-be-broken': { fields: { connectionId: optional(identifier) }, handle: failUnsupported },
};

function ignore(): void {}
