// SPDX-License-Identifier: MIT
// A subscriber that reads, or does not, at random moments believes in the end what is true, and never was told
// anything that did not fit. Each seed is one life of a network; a failing one repeats.

import { describe, expect, test } from 'vitest';
import { Announcements } from '../../../lib/session/announcements.ts';
import { Picture } from '../../../lib/session/picture.ts';
import { MessageQueue } from '../../../lib/session/queue.ts';
import { Sequence } from '../../../lib/session/sequence.ts';
import { type MifSession, openSession } from '../../../lib/session/session.ts';
import { AllPvdsSubscription, InterfacesSubscription } from '../../../lib/session/subscription.ts';
import { FakeNetwork } from './fake-network.ts';
import { Random, RandomLife } from './random-life.ts';
import { View } from './reading.ts';

/** A subscriber that asks, stops and reads at random, and the view that its messages give. */
class Subscriber {
  readonly view = new View({ interfaces: false, pvds: false });
  readonly stars = new Set<'interfaces' | 'pvds'>();
  readonly interfaces = new Set<string>();
  readonly pvds = new Set<string>();
  readonly elements = new Set<string>();
  requests = 0;
  dones = 0;
  overruns = 0;
  readonly #network: FakeNetwork;
  readonly #session: MifSession;
  readonly #random: Random;
  readonly #stopChance: number;

  constructor(network: FakeNetwork, random: Random, { queueLimit = 1024, stopChance = 25 } = {}) {
    this.#network = network;
    this.#random = random;
    this.#stopChance = stopChance;
    this.#session = openSession(network, { queueLimit });
  }

  post(): void {
    const on = this.#random.pick([...this.#network.interfaces.values()])?.id;
    const pvd = this.#random.pick([...this.#network.pvds.values()])?.handle;
    const isStop = this.#random.chance(this.#stopChance);
    switch (this.#random.below(5)) {
      case 0:
        this.#session.post({ type: isStop ? 'stop-announcing-interfaces' : 'announce-interfaces' });
        this.#note(this.stars, 'interfaces', isStop);
        break;
      case 1:
        this.#session.post({
          type: isStop ? 'stop-announcing-provisioning-domains' : 'announce-provisioning-domain',
          interface: '*',
        });
        this.#note(this.stars, 'pvds', isStop);
        break;
      case 2:
        if (!on) return;
        this.#session.post({
          type: isStop ? 'stop-announcing-provisioning-domains' : 'announce-provisioning-domain',
          interface: on,
        });
        this.#note(this.interfaces, on, isStop);
        break;
      case 3:
        if (!pvd) return;
        this.#session.post({
          type: isStop ? 'stop-announce-configuration-element' : 'announce-configuration-element',
          pvd,
        });
        this.#note(this.elements, pvd, isStop);
        break;
      default:
        if (!pvd) return;
        this.#session.post({ type: isStop ? 'stop-announcing-address' : 'announce-address', pvd });
        this.#note(this.pvds, pvd, isStop);
    }
  }

  read(count: number): void {
    for (; count > 0; count -= 1) {
      const isReady = this.#session.checkNow().has('mif');
      const message = this.#session.get();
      // A probe tells exactly whether there is a message (MIF-09).
      if (isReady !== (message !== undefined)) this.view.faults.push(`checkNow() said ${isReady}`);
      if (!message) return;
      if (message.type === 'enumeration-done') this.dones += 1;
      if (message.type === 'overrun') this.overruns += 1;
      this.view.read(message);
    }
  }

  /** What the view should be, now that everything was read. */
  expected() {
    const interfaces = [...this.#network.interfaces.values()];
    const domains = [...this.#network.pvds.values()];
    const pairs = domains.flatMap((pvd) =>
      pvd.interfaceIds.map((id) => ({ pvd, on: this.#network.interfaces.get(id)! })),
    );
    return {
      interfaces: new Map(this.stars.has('interfaces') ? interfaces.map(({ id, name }) => [id, name]) : []),
      pairs: new Set(
        pairs
          .filter(({ on }) => this.stars.has('pvds') || this.interfaces.has(on.id))
          .map(({ pvd, on }) => `${on.id} ${pvd.handle}`),
      ),
      addresses: new Map(
        pairs
          .filter(({ pvd }) => this.pvds.has(pvd.handle))
          .flatMap(({ pvd, on }) =>
            pvd.addresses
              .filter(({ index, state }) => index === on.index && state !== 'tentative' && state !== 'dad-failed')
              .map((it): [string, string] => [`${on.id} ${pvd.handle} ${it.address}/${it.prefixLength}`, it.state]),
          ),
      ),
      elements: new Map(
        domains
          .filter(({ handle }) => this.elements.has(handle))
          .flatMap(({ handle, elements }) =>
            elements.map(({ type, version }): [string, number] => [`${handle} ${type}`, version]),
          ),
      ),
    };
  }

  /** Notes a subscription; forgets what the end of one leaves uncovered, as a subscriber would. */
  #note<T extends string>(subscriptions: Set<T>, name: T, isStop: boolean): void {
    if (!isStop) {
      this.requests += 1;
      subscriptions.add(name);
    } else {
      subscriptions.delete(name);
      const { view, stars } = this;
      if (name === 'interfaces') view.interfaces.clear();
      for (const pair of view.pairs) {
        const id = pair.split(' ')[0]!;
        const isMeant = name === 'pvds' || name === id;
        if (isMeant && !stars.has('pvds') && !this.interfaces.has(id)) view.pairs.delete(pair);
      }
      if (subscriptions === this.pvds) {
        for (const key of view.addresses.keys()) if (key.split(' ')[1] === name) view.addresses.delete(key);
      } else if (subscriptions === this.elements) {
        for (const key of view.elements.keys()) if (key.startsWith(`${name} `)) view.elements.delete(key);
      }
    }
    this.view.follows.interfaces = this.stars.has('interfaces');
    this.view.follows.pvds = this.stars.has('pvds');
  }

  /** Subscriptions to what is gone have ended by themselves (MIF-24, MIF-78). */
  dropEnded(): void {
    for (const id of this.interfaces) if (!this.#network.interfaces.has(id)) this.interfaces.delete(id);
    for (const handles of [this.pvds, this.elements]) {
      for (const handle of handles) if (!this.#network.pvds.has(handle)) handles.delete(handle);
    }
  }
}

const seeds = Array.from({ length: 40 }, (_, number) => 1 + number * 7919);
const steps = 250;

describe.each([
  { reader: 'that reads often', readChance: 60, mostRead: 30, queueLimit: 1024 },
  { reader: 'that reads seldom', readChance: 5, mostRead: 60, queueLimit: 1024 },
  { reader: 'that overruns', readChance: 10, mostRead: 12, queueLimit: 4 },
])('a subscriber $reader', ({ readChance, mostRead, queueLimit }) => {
  test.each(seeds)(
    'session: seed %i: what was told fits, what is believed is true (MIF-36, MIF-77, MIF-81, MIF-83)',
    (seed) => {
      const random = new Random(seed);
      const network = new FakeNetwork();
      const life = new RandomLife(network, random);
      const subscriber = new Subscriber(network, random, { queueLimit });
      for (let step = 0; step < steps; step += 1) {
        life.step();
        subscriber.dropEnded();
        if (random.chance(20)) subscriber.post();
        if (random.chance(readChance)) subscriber.read(random.below(mostRead));
      }
      subscriber.read(Number.POSITIVE_INFINITY);
      const { interfaces, pairs, addresses, elements } = subscriber.view;
      expect(subscriber.view.faults).toEqual([]);
      expect({ interfaces, pairs, addresses, elements }).toEqual(subscriber.expected());
    },
  );
});

test.each(seeds.slice(0, 10))(
  'session: seed %i: each announce request is followed by one enumeration-done (MIF-17, MIF-80)',
  (seed) => {
    const random = new Random(seed);
    const network = new FakeNetwork();
    const life = new RandomLife(network, random);
    const subscriber = new Subscriber(network, random, { stopChance: 0 });
    for (let step = 0; step < steps; step += 1) {
      life.step();
      subscriber.dropEnded();
      if (random.chance(20)) subscriber.post();
      if (random.chance(10)) subscriber.read(random.below(20));
    }
    subscriber.read(Number.POSITIVE_INFINITY);
    expect(subscriber.requests).toBeGreaterThan(20);
    expect(subscriber.dones).toBe(subscriber.requests);
  },
);

test('session: a queue of 4 overruns in such lives, so that the above means something (MIF-84)', () => {
  const random = new Random(1);
  const network = new FakeNetwork();
  const life = new RandomLife(network, random);
  const subscriber = new Subscriber(network, random, { queueLimit: 4 });
  for (let step = 0; step < steps; step += 1) {
    life.step();
    subscriber.dropEnded();
    if (random.chance(20)) subscriber.post();
    if (random.chance(10)) subscriber.read(12);
  }
  expect(subscriber.overruns).toBeGreaterThan(3);
});

test('session: the queue of a subscriber that never reads stays bounded, whatever happens (MIF-83)', () => {
  const random = new Random(4711);
  const network = new FakeNetwork();
  const life = new RandomLife(network, random);
  const sequence = new Sequence();
  const picture = new Picture(network.snapshot(), sequence);
  const queue: MessageQueue = new MessageQueue((subject) => announcements.tell(subject));
  const limit = 8;
  const announcements = new Announcements({
    picture,
    queue,
    sequence,
    now: () => network.now(),
    limit,
    saysExtensions: true,
  });
  network.subscribe({ changed: (change) => announcements.apply(change), closed: () => undefined });
  announcements.subscribe(new InterfacesSubscription(picture));
  announcements.subscribe(new AllPvdsSubscription(picture));
  let largest = 0;
  for (let step = 0; step < 5_000; step += 1) {
    life.step();
    largest = Math.max(largest, queue.size);
    expect(queue.announcements).toBeLessThanOrEqual(limit);
  }
  // The announcements, two lists, the list of departures, the notice.
  expect(largest).toBeLessThanOrEqual(limit + 4);
  // What has gone and was told leaves nothing behind.
  while (queue.next());
  expect([...picture.interfaces.keys()]).toEqual([...network.interfaces.keys()]);
  expect([...picture.allPairs()]).toHaveLength(
    [...network.pvds.values()].flatMap(({ interfaceIds }) => interfaceIds).length,
  );
});
