// SPDX-License-Identifier: MIT
// The requests by which a subscriber says what it needs of the network, and what not (draft-ietf-mif-api-extension-05
// sec. 3.2.7.26.1 to .3). Hints for whoever brings links up and down; none of them ever fails (MIF-68).

import type { RequestEntries } from './request-entry.ts';
import { identifier, interfaceName, optional, pvdName } from './request-field.ts';
import { anyInterface } from './reference.ts';
import type { InterfaceSubject } from './subject.ts';
import type { Subscriber } from './subscriber.ts';

export const hintRequests: RequestEntries<'wants-to-connect' | 'connection-is-idle' | 'connection-can-be-broken'> = {
  'wants-to-connect': {
    fields: { interface: optional(interfaceName), pvd: optional(pvdName) },
    handle(subscriber, { interface: on, pvd }) {
      subscriber.connections.hints.clear();
      if (isServed(subscriber, on, pvd)) return;
      subscriber.network.wantsToConnect?.({
        ...(on !== undefined && on !== anyInterface && { interface: on }),
        ...(pvd !== undefined && { pvd }),
      });
    },
  },

  'connection-is-idle': {
    fields: { connectionId: optional(identifier) },
    handle: ({ connections }, { connectionId }) => connections.hints.say('isIdle', connectionId),
  },

  'connection-can-be-broken': {
    fields: { connectionId: optional(identifier) },
    handle: ({ connections }, { connectionId }) => connections.hints.say('canBeBroken', connectionId),
  },
};

/** Whether all that is asked for is there already: then there is nothing to be done (MIF-68). */
function isServed({ picture, pvdChoice }: Subscriber, on: string | undefined, pvd: string | undefined): boolean {
  const resolution = pvd === undefined ? undefined : pvdChoice.resolve(pvd);
  if (resolution && !('pvd' in resolution)) return false;
  const ids = resolution?.pvd.interfaceIds;
  const named = on === undefined || on === anyInterface ? undefined : picture.findInterface(on);
  if (named === undefined && on !== undefined && on !== anyInterface) return false;
  const meant = named ? [named] : [...picture.interfaces.values()].filter(({ id }) => ids?.includes(id) ?? true);
  return meant.every((subject) => !subject.current || isOperational(subject));
}

function isOperational({ current, pairs }: InterfaceSubject): boolean {
  if (current?.hardwareType === 'loopback') return true;
  const isConfigured = [...pairs.values()].some(
    (pair) => pair.current && pair.current.origin !== 'link-local' && pair.current.families.length > 0,
  );
  return current?.running === true && isConfigured;
}
