// SPDX-License-Identifier: MIT
// The requests that subscribe to interfaces, provisioning domains and addresses, and those that end it
// (draft-ietf-mif-api-extension-05 sec. 3.2.7.1 to .8, .13 to .16).

import type { EnumerationDone } from './message.ts';
import { referenceTo } from './pvd-choice.ts';
import { anyInterface, type PvdReference } from './reference.ts';
import type { RequestEntries } from './request-entry.ts';
import { interfaceName, pvdName } from './request-field.ts';
import { type AddressSubject, type InterfaceSubject, topic } from './subject.ts';
import type { Subscriber } from './subscriber.ts';
import {
  AddressesSubscription,
  AllPvdsSubscription,
  InterfacesSubscription,
  PvdsSubscription,
  type Subscription,
} from './subscription.ts';

export const announceRequests: RequestEntries<
  | 'announce-interfaces'
  | 'stop-announcing-interfaces'
  | 'announce-provisioning-domain'
  | 'stop-announcing-provisioning-domains'
  | 'announce-address'
  | 'stop-announcing-address'
> = {
  'announce-interfaces': {
    fields: {},
    handle: (subscriber, { type }) => subscribe(subscriber, type, new InterfacesSubscription(subscriber.picture)),
  },

  'stop-announcing-interfaces': {
    fields: {},
    handle({ announcements, picture }) {
      announcements.unsubscribe(({ topic: name }) => name === topic.interfaces, picture.interfaces.values());
    },
  },

  'announce-provisioning-domain': {
    fields: { interface: interfaceName },
    handle(subscriber, { type, interface: posted }) {
      const { picture } = subscriber;
      if (posted === anyInterface) {
        subscribe(subscriber, type, new AllPvdsSubscription(picture));
        return;
      }
      const subject = picture.findInterface(posted);
      if (subject) {
        subscribe(subscriber, type, new PvdsSubscription(subject));
        return;
      }
      const unknown = { id: posted, index: 0, name: posted };
      subscriber.reserve(type);
      subscriber.answer({ type: 'no-interface-announcement', interface: unknown });
      finish(subscriber, { request: type, interface: unknown });
    },
  },

  'stop-announcing-provisioning-domains': {
    fields: { interface: interfaceName },
    handle({ announcements, picture }, { interface: posted }) {
      if (posted === anyInterface) {
        announcements.unsubscribe((subscription) => subscription instanceof AllPvdsSubscription, picture.allPairs());
        return;
      }
      // A departed interface may be meant as well: its last messages can be unread.
      const found = picture.findInterface(posted);
      const isMeant = (subject: InterfaceSubject) =>
        found ? subject === found : subject.id === posted || subject.name === posted;
      announcements.unsubscribe(
        (subscription) => subscription instanceof PvdsSubscription && isMeant(subscription.interface),
        [...picture.interfaces.values()].filter(isMeant).flatMap(({ children }) => [...children.values()]),
      );
    },
  },

  'announce-address': {
    fields: { pvd: pvdName },
    handle(subscriber, { type, pvd: posted }) {
      const resolution = subscriber.pvdChoice.resolve(posted);
      if ('pvd' in resolution) {
        const { pvd } = resolution;
        subscriber.picture.follow(pvd.handle);
        const reference = { handle: pvd.handle, id: pvd.id };
        subscribe(subscriber, type, new AddressesSubscription(reference, subscriber.picture));
        return;
      }
      const { reference } = resolution;
      subscriber.reserve(type);
      subscriber.answer({ type: 'no-provisioning-domain-announcement', pvd: reference, reason: 'unknown' });
      finish(subscriber, { request: type, pvd: reference });
    },
  },

  'stop-announcing-address': {
    fields: { pvd: pvdName },
    handle({ announcements, picture, pvdChoice }, { pvd: posted }) {
      const resolution = pvdChoice.resolve(posted);
      const meant = 'pvd' in resolution ? resolution.pvd : referenceTo(posted);
      // As with interfaces: what was posted may name a domain that ended, whose last messages are unread.
      const isMeant = ({ handle, id }: PvdReference) => handle === meant.handle || handle === posted || id === posted;
      const addresses: AddressSubject[] = [];
      for (const pair of picture.allPairs()) {
        if (isMeant(pair.reference)) addresses.push(...pair.children.values());
      }
      picture.unfollow(meant.handle);
      announcements.unsubscribe(
        (subscription) => subscription instanceof AddressesSubscription && isMeant(subscription.pvd),
        addresses,
      );
    },
  },
};

function subscribe(subscriber: Subscriber, type: string, subscription: Subscription): void {
  if (subscriber.announcements.isListing(subscription.topic)) subscriber.reserve(type);
  subscriber.announcements.subscribe(subscription);
}

function finish(subscriber: Subscriber, about: Pick<EnumerationDone, 'request' | 'interface' | 'pvd'>): void {
  subscriber.answer({ type: 'enumeration-done', ...about, extension: true });
}
