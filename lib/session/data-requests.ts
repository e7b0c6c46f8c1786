// SPDX-License-Identifier: MIT
// The request for one datum of a provisioning domain, which has exactly one answer and begins nothing
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.17, MIF-45).

import { configurationData } from './configuration-data.ts';
import { referenceTo } from './pvd-choice.ts';
import type { RequestEntries } from './request-entry.ts';
import { identifier, optional, pvdName, word } from './request-field.ts';
import type { Subscriber } from './subscriber.ts';

export const dataRequests: RequestEntries<'get-configuration-data'> = {
  'get-configuration-data': {
    fields: { pvd: pvdName, element: word, information: word, requestId: optional(identifier) },
    handle(subscriber, { type, pvd: posted, element, information, requestId }) {
      const resolution = subscriber.pvdChoice.resolve(posted);
      const pvd = 'pvd' in resolution ? resolution.pvd : undefined;
      subscriber.reserve(type);
      const keys = {
        pvd: pvd ? { handle: pvd.handle, id: pvd.id } : referenceTo(posted),
        element,
        ...(requestId !== undefined && { requestId }),
      };
      const answer = pvd ? read(subscriber, pvd.handle, element, information) : ({ reason: 'unknown-pvd' } as const);
      if ('value' in answer) subscriber.answer({ type: 'configuration-data', ...keys, ...answer });
      else subscriber.answer({ type: 'no-configuration-data', ...keys, information, ...answer });
    },
  },
};

function read({ network }: Subscriber, handle: string, element: string, information: string) {
  const snapshot = network.snapshot();
  const pvd = snapshot.pvds.find((candidate) => candidate.handle === handle);
  if (!pvd) return { reason: 'unknown-pvd' } as const;
  const links = [...snapshot.interfaces].filter(({ id }) => pvd.interfaceIds.includes(id));
  return configurationData({ pvd, links, takenAt: snapshot.now, now: network.now() }, element, information);
}
