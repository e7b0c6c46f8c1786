// SPDX-License-Identifier: MIT
// The requests that subscribe to interfaces, provisioning domains, configuration elements and addresses, and those that
// end it (draft-ietf-mif-api-extension-05 sec. 3.2.7.1 to .16).

import { elementOrder } from '../pvd/element.ts';
import type { ElementType } from '../pvd/provisioning-domain.ts';
import type { EnumerationDone } from './message.ts';
import { type PvdChoice, referenceTo } from './pvd-choice.ts';
import { anyInterface, type PostedPvd, type PvdReference } from './reference.ts';
import type { RequestEntries } from './request-entry.ts';
import { interfaceName, optional, pvdName, words } from './request-field.ts';
import { type AddressSubject, type ElementSubject, type InterfaceSubject, topic } from './subject.ts';
import type { Subscriber } from './subscriber.ts';
import {
  AddressesSubscription,
  AllPvdsSubscription,
  ElementsSubscription,
  InterfacesSubscription,
  PvdsSubscription,
  type Subscription,
} from './subscription.ts';

export const announceRequests: RequestEntries<
  | 'announce-interfaces'
  | 'stop-announcing-interfaces'
  | 'announce-provisioning-domain'
  | 'stop-announcing-provisioning-domains'
  | 'announce-configuration-element'
  | 'stop-announce-configuration-element'
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
      announcements.unsubscribe((_, name) => name === topic.interfaces, picture.interfaces.values());
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
        [...picture.interfaces.values()].filter(isMeant).flatMap(({ pairs }) => [...pairs.values()]),
      );
    },
  },

  'announce-configuration-element': {
    fields: { pvd: pvdName, elements: optional(words) },
    handle(subscriber, { type, pvd: posted, elements }) {
      const pvd = findPvd(subscriber, type, posted);
      if (!pvd) return;
      const types = elements && knownTypes(elements);
      if (types?.size === 0) {
        subscriber.reserve(type);
        finish(subscriber, { request: type, pvd });
        return;
      }
      subscriber.picture.followElements(pvd.handle);
      subscribe(subscriber, type, new ElementsSubscription(pvd, subscriber.picture, types));
    },
  },

  'stop-announce-configuration-element': {
    fields: { pvd: pvdName, elements: optional(words) },
    handle({ announcements, picture, pvdChoice }, { pvd: posted, elements }) {
      const isMeant = meaning(pvdChoice, posted);
      const types = elements && [...knownTypes(elements)];
      const subjects: ElementSubject[] = [];
      for (const pair of picture.allPairs()) if (isMeant(pair.reference)) subjects.push(...pair.elements.values());
      announcements.unsubscribe(
        (subscription, name) =>
          subscription instanceof ElementsSubscription &&
          isMeant(subscription.pvd) &&
          (types?.some((type) => name === topic.elementOf(subscription.pvd.handle, type)) ?? true),
        subjects,
      );
    },
  },

  'announce-address': {
    fields: { pvd: pvdName },
    handle(subscriber, { type, pvd: posted }) {
      const pvd = findPvd(subscriber, type, posted);
      if (!pvd) return;
      subscriber.picture.follow(pvd.handle);
      subscribe(subscriber, type, new AddressesSubscription(pvd, subscriber.picture));
    },
  },

  'stop-announcing-address': {
    fields: { pvd: pvdName },
    handle({ announcements, picture, pvdChoice }, { pvd: posted }) {
      const isMeant = meaning(pvdChoice, posted);
      const addresses: AddressSubject[] = [];
      for (const { reference, addresses: own } of picture.allPairs()) {
        if (!isMeant(reference)) continue;
        addresses.push(...own.values());
        picture.unfollow(reference.handle);
      }
      announcements.unsubscribe(
        (subscription) => subscription instanceof AddressesSubscription && isMeant(subscription.pvd),
        addresses,
      );
    },
  },
};

/** The types among some words; later versions know more (MIF-33). */
function knownTypes(words: readonly string[]): ReadonlySet<ElementType> {
  return new Set(elementOrder.filter((type) => words.includes(type)));
}

/** A living domain; says that there is none otherwise (MIF-79). */
function findPvd(subscriber: Subscriber, type: ContentsRequest, posted: PostedPvd): PvdReference | undefined {
  const resolution = subscriber.pvdChoice.resolve(posted);
  if ('pvd' in resolution) return { handle: resolution.pvd.handle, id: resolution.pvd.id };
  const { reference } = resolution;
  subscriber.reserve(type);
  subscriber.answer({ type: 'no-provisioning-domain-announcement', pvd: reference, reason: 'unknown' });
  finish(subscriber, { request: type, pvd: reference });
  return undefined;
}

type ContentsRequest = 'announce-configuration-element' | 'announce-address';

/** Which domains a stop is about. As with interfaces: one that ended, whose last messages are unread, may be meant. */
function meaning(pvdChoice: PvdChoice, posted: PostedPvd): (reference: PvdReference) => boolean {
  const resolution = pvdChoice.resolve(posted);
  const meant = 'pvd' in resolution ? resolution.pvd : referenceTo(posted);
  return ({ handle, id }) => handle === meant.handle || handle === posted || id === posted;
}

function subscribe(subscriber: Subscriber, type: string, subscription: Subscription): void {
  if (subscriber.announcements.isListing(subscription.topics)) subscriber.reserve(type);
  subscriber.announcements.subscribe(subscription);
}

function finish(subscriber: Subscriber, about: Pick<EnumerationDone, 'request' | 'interface' | 'pvd'>): void {
  subscriber.answer({ type: 'enumeration-done', ...about, extension: true });
}
