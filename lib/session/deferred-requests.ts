// SPDX-License-Identifier: MIT
// Requests of the draft whose answers need more than this version has: connectivity management
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.26). They are checked
// and answered like the others; to serve one, move its entry to a file of its own.

import { failUnsupported, type RequestEntries } from './request-entry.ts';
import { identifier, interfaceName, optional, pvdName } from './request-field.ts';

export const deferredRequests: RequestEntries<'wants-to-connect' | 'connection-is-idle' | 'connection-can-be-broken'> =
  {
    // MIF-68: without somebody who could bring a network up this does nothing, and never fails.
    'wants-to-connect': { fields: { interface: optional(interfaceName), pvd: optional(pvdName) }, handle: ignore },

    'connection-is-idle': { fields: { connectionId: optional(identifier) }, handle: failUnsupported },
    'connection-can-be-broken': { fields: { connectionId: optional(identifier) }, handle: failUnsupported },
  };

function ignore(): void {}
