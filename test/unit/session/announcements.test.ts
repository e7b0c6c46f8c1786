// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { openSession } from '../../../lib/session/session.ts';
import { address, domain, FakeNetwork, link, twoUplinks, withAddresses, withStates } from './fake-network.ts';
import { drain, lines } from './reading.ts';

const announceInterfaces = { type: 'announce-interfaces' } as const;
const announceAllPvds = { type: 'announce-provisioning-domain', interface: '*' } as const;

describe('interfaces', () => {
  test('session: announce-interfaces tells each interface that is there, then enumeration-done (MIF-13, MIF-17)', () => {
    const session = openSession(twoUplinks().network);
    session.post(announceInterfaces);
    expect(lines(session)).toEqual(['+ eth1', '+ eth2', 'done announce-interfaces']);
  });

  test('session: an empty list is told by enumeration-done alone (MIF-17)', () => {
    const session = openSession(new FakeNetwork());
    session.post(announceInterfaces);
    expect(drain(session)).toEqual([{ type: 'enumeration-done', request: 'announce-interfaces', extension: true }]);
  });

  test('session: an interface that appears is announced once (MIF-14)', () => {
    const { network } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    network.change((it) => it.put(link(3)));
    expect(lines(session)).toEqual(['+ eth3']);
    network.change((it) => it.put(link(4)));
    expect(lines(session)).toEqual(['+ eth4']);
  });

  test('session: a removed device yields no-interface, a lost carrier a new announcement (MIF-15)', () => {
    const { network, eth1, eth2 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    network.change((it) => it.put(link(1, { running: false, operState: 'down', flags: ['up'] })).drop(eth2));
    expect(drain(session)).toEqual([
      expect.objectContaining({ type: 'interface-is-going-away', reason: 'link-event', confidence: 'inferred' }),
      { type: 'no-interface-announcement', interface: { id: eth2.id, index: 2, name: 'eth2' } },
      expect.objectContaining({
        type: 'interface-announcement',
        interface: { id: eth1.id, index: 1, name: 'eth1' },
        running: false,
        operState: 'down',
      }),
    ]);
  });

  test('session: a change of what is not announced is no news (MIF-15)', () => {
    const { network } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    network.change((it) => it.put(link(1, { transmitQueueLength: 1, group: 5 })));
    expect(lines(session)).toEqual([]);
  });

  test('session: stop-announcing-interfaces purges what is unread and ends both kinds (MIF-16)', () => {
    const { network, eth1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    session.get();
    network.change((it) => it.put(link(3)).drop(eth1));
    session.post({ type: 'stop-announcing-interfaces' });
    network.change((it) => it.put(link(4)));
    expect(lines(session)).toEqual([]);
  });

  test('session: after a stop a new subscription begins from nothing (MIF-16, MIF-18)', () => {
    const { network, eth1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    session.post({ type: 'stop-announcing-interfaces' });
    network.change((it) => it.drop(eth1));
    session.post(announceInterfaces);
    expect(lines(session)).toEqual(['+ eth2', 'done announce-interfaces']);
  });

  test('session: asking again lists again and makes no second stream (MIF-18)', () => {
    const { network } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    session.post(announceInterfaces);
    expect(lines(session)).toEqual(['+ eth1', '+ eth2', 'done announce-interfaces']);
    network.change((it) => it.put(link(3)));
    expect(lines(session)).toEqual(['+ eth3']);
  });

  test('session: each of two requests that meet unread gets its enumeration-done (MIF-17)', () => {
    const session = openSession(twoUplinks().network);
    session.post(announceInterfaces);
    session.post(announceInterfaces);
    const read = lines(session);
    expect(read.filter((line) => line === 'done announce-interfaces')).toHaveLength(2);
    expect(new Set(read)).toEqual(new Set(['+ eth1', '+ eth2', 'done announce-interfaces']));
  });

  test('session: a renamed interface is announced again under its id (MIF-19)', () => {
    const { network, eth1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    network.change((it) => it.put({ ...eth1, name: 'uplink' }));
    expect(drain(session)).toEqual([expect.objectContaining({ interface: { id: eth1.id, index: 1, name: 'uplink' } })]);
  });

  test('session: a device that takes over an index is another interface (MIF-19)', () => {
    const { network, eth1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    network.change((it) => it.drop(eth1).put(link(1, { generation: 2 })));
    expect(drain(session)).toEqual([
      { type: 'no-interface-announcement', interface: { id: 'if:1.1', index: 1, name: 'eth1' } },
      expect.objectContaining({ interface: { id: 'if:1.2', index: 1, name: 'eth1' } }),
    ]);
  });

  test('session: an announcement carries kind, flags and state, loopback and down links included (MIF-20)', () => {
    const lo = link(1, { name: 'lo', hardwareType: 'loopback', mac: undefined, operState: 'unknown' });
    const wg = link(2, { name: 'wg0', kind: 'wireguard', vpn: true, adminUp: false, running: false, flags: [] });
    const session = openSession(new FakeNetwork().put(lo, wg));
    session.post(announceInterfaces);
    expect(drain(session).slice(0, 2)).toEqual([
      {
        type: 'interface-announcement',
        interface: { id: 'if:1.1', index: 1, name: 'lo' },
        altNames: [],
        hardwareType: 'loopback',
        flags: ['up', 'running'],
        operState: 'unknown',
        adminUp: true,
        running: true,
        mtu: 1500,
      },
      expect.objectContaining({ kind: 'wireguard', vpn: true, adminUp: false, flags: [], mtu: 1500 }),
    ]);
  });
});

describe('provisioning domains', () => {
  test('session: announce-provisioning-domain tells the domains of one interface, by name or id (MIF-21)', () => {
    const { network, eth1 } = twoUplinks();
    const session = openSession(network);
    for (const posted of [eth1.name, eth1.id]) {
      session.post({ type: 'announce-provisioning-domain', interface: posted });
      expect(drain(session)).toEqual([
        {
          type: 'provisioning-domain-announcement',
          interface: { id: eth1.id, index: 1, name: 'eth1' },
          pvd: { handle: 'pvd:1', id: 'eth1/192.0.2.1' },
          explicit: false,
          families: [4, 6],
          origin: 'static',
          providers: ['192.0.2.1'],
        },
        {
          type: 'enumeration-done',
          request: 'announce-provisioning-domain',
          interface: { id: eth1.id, index: 1, name: 'eth1' },
          extension: true,
        },
      ]);
    }
  });

  test('session: "*" means all interfaces, those of the future included (MIF-21, MIF-24)', () => {
    const { network, eth1, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceAllPvds);
    expect(lines(session)).toEqual(['+ pvd:1 on eth1', '+ pvd:2 on eth2', 'done announce-provisioning-domain']);
    const back = link(1, { generation: 2 });
    network.change((it) => it.drop(eth1, pvd1));
    network.change((it) => it.put(back, domain(3, [back], [address(back, '192.0.2.10')])));
    expect(lines(session)).toEqual(['- pvd:1 on eth1: interface-gone', '+ pvd:3 on eth1']);
  });

  test('session: a domain that appears is announced, one that ends is withdrawn with its reason (MIF-22, MIF-27)', () => {
    const { network, eth1, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post({ type: 'announce-provisioning-domain', interface: 'eth1' });
    drain(session);
    network.endReasons.set('pvd:1', 'expired');
    network.change((it) => it.drop(pvd1).put(domain(3, [eth1], [address(eth1, '203.0.113.1')])));
    expect(lines(session)).toEqual(['- pvd:1 on eth1: expired', '+ pvd:3 on eth1']);
  });

  test('session: where the change says no reason, the interface tells it (MIF-27)', () => {
    const { network, pvd1, pvd2, eth2 } = twoUplinks();
    const session = openSession(network);
    session.post(announceAllPvds);
    drain(session);
    network.change((it) => it.drop(pvd1, pvd2).put({ ...eth2, adminUp: false, running: false }));
    expect(lines(session)).toEqual(['- pvd:1 on eth1: withdrawn', '- pvd:2 on eth2: interface-down']);
  });

  test('session: the domains of a vanished interface go before it (MIF-23)', () => {
    const { network, eth1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    session.post(announceAllPvds);
    drain(session);
    // The change names the interface only; containment is the session's own knowledge.
    network.change((it) => it.drop(eth1));
    expect(lines(session)).toEqual(['- pvd:1 on eth1: interface-gone', '- eth1']);
  });

  test('session: a subscription to one interface ends with it (MIF-24)', () => {
    const { network, eth1, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post({ type: 'announce-provisioning-domain', interface: 'eth1' });
    drain(session);
    network.change((it) => it.drop(eth1, pvd1));
    drain(session);
    const back = link(1, { generation: 2 });
    network.change((it) => it.put(back, domain(3, [back], [address(back, '192.0.2.10')])));
    expect(lines(session)).toEqual([]);
  });

  test('session: stopping one interface leaves the others and the addresses (MIF-25)', () => {
    const { network, eth1, eth2, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post({ type: 'announce-provisioning-domain', interface: 'eth1' });
    session.post({ type: 'announce-provisioning-domain', interface: 'eth2' });
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    session.post({ type: 'stop-announcing-provisioning-domains', interface: 'eth1' });
    network.change((it) =>
      it.put(
        withAddresses(pvd1, ...pvd1.addresses, address(eth1, '192.0.2.11')),
        domain(3, [eth1], [address(eth1, '203.0.113.1')]),
        domain(4, [eth2], [address(eth2, '203.0.113.2')]),
      ),
    );
    expect(lines(session)).toEqual(['+ pvd:4 on eth2', '+ 192.0.2.11 in pvd:1']);
  });

  test('session: stopping one interface does not stop "*", stopping "*" does not stop one interface (MIF-25)', () => {
    const { network, eth1, eth2 } = twoUplinks();
    const session = openSession(network);
    const arrive = (number: number) => {
      const addresses = (on: typeof eth1) => [address(on, `203.0.113.${number}`)];
      network.change((it) =>
        it.put(domain(number, [eth1], addresses(eth1)), domain(number + 1, [eth2], addresses(eth2))),
      );
      return lines(session);
    };
    session.post(announceAllPvds);
    session.post({ type: 'announce-provisioning-domain', interface: 'eth1' });
    drain(session);
    expect(arrive(10)).toEqual(['+ pvd:10 on eth1', '+ pvd:11 on eth2']);
    session.post({ type: 'stop-announcing-provisioning-domains', interface: 'eth1' });
    expect(arrive(20)).toEqual(['+ pvd:20 on eth1', '+ pvd:21 on eth2']);
    session.post({ type: 'announce-provisioning-domain', interface: 'eth1' });
    drain(session);
    session.post({ type: 'stop-announcing-provisioning-domains', interface: '*' });
    expect(arrive(30)).toEqual(['+ pvd:30 on eth1']);
  });

  test('session: a domain on two interfaces is announced and withdrawn for each (MIF-28)', () => {
    const [eth1, eth2] = [link(1), link(2)];
    const both = domain(1, [eth1, eth2], [address(eth1, '192.0.2.10'), address(eth2, '192.0.2.11')]);
    const network = new FakeNetwork().put(eth1, eth2, both);
    const session = openSession(network);
    session.post(announceAllPvds);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    expect(lines(session)).toEqual([
      '+ pvd:1 on eth1',
      '+ pvd:1 on eth2',
      'done announce-provisioning-domain',
      '+ 192.0.2.10 in pvd:1',
      '+ 192.0.2.11 in pvd:1',
      'done announce-address',
    ]);
    const one = domain(1, [eth2], [address(eth2, '192.0.2.11')], { id: both.id });
    network.change((it) => it.put(one).drop(eth1));
    expect(lines(session)).toEqual(['- 192.0.2.10 in pvd:1', '- pvd:1 on eth1: interface-gone']);
    network.change((it) => it.drop(one));
    expect(lines(session)).toEqual(['- 192.0.2.11 in pvd:1', '- pvd:1 on eth2: withdrawn']);
  });

  test('session: messages name a domain by its handle, with the identity beside it (MIF-29)', () => {
    const { network, pvd1, eth1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceAllPvds);
    drain(session);
    network.change((it) => it.drop(pvd1));
    network.change((it) => it.put({ ...domain(9, [eth1], pvd1.addresses), id: pvd1.id }));
    const references = drain(session).map((message) => ('pvd' in message ? message.pvd : undefined));
    expect(references).toEqual([
      { handle: 'pvd:1', id: 'eth1/192.0.2.1' },
      { handle: 'pvd:9', id: 'eth1/192.0.2.1' },
    ]);
  });

  test('session: a change of an attribute sends the same pair again, a change of its routes does not (MIF-30)', () => {
    const { network, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceAllPvds);
    drain(session);
    network.change((it) => it.put({ ...pvd1, prefixes: ['192.0.2.0/24'] }));
    expect(lines(session)).toEqual([]);
    network.change((it) => it.put({ ...pvd1, validated: false }));
    expect(drain(session)).toEqual([
      expect.objectContaining({ type: 'provisioning-domain-announcement', validated: false }),
    ]);
  });
});

describe('addresses', () => {
  test('session: announce-address tells each address with its lifetimes, by handle or id (MIF-38, MIF-39)', () => {
    const eth1 = link(1);
    const network = new FakeNetwork().put(
      eth1,
      domain(
        1,
        [eth1],
        [
          address(eth1, '192.0.2.10'),
          address(eth1, '192.0.2.11', { validLifetime: 3600, preferredLifetime: 1800 }),
          address(eth1, '2001:db8::1'),
          address(eth1, '2001:db8::2', {
            validLifetime: 7200,
            preferredLifetime: 0,
            state: 'deprecated',
            temporary: true,
          }),
        ],
      ),
    );
    const session = openSession(network);
    const common = {
      type: 'address-announcement',
      pvd: { handle: 'pvd:1', id: 'eth1/192.0.2.1' },
      interface: { id: 'if:1.1', index: 1, name: 'eth1' },
      state: 'preferred',
      temporary: false,
      shared: false,
    };
    for (const posted of ['pvd:1', 'eth1/192.0.2.1']) {
      session.post({ type: 'announce-address', pvd: posted });
      expect(drain(session)).toEqual([
        // IPv4 without a lease says nothing of lifetimes; IPv6 says null for ever.
        { ...common, family: 4, address: '192.0.2.10', prefixLength: 24 },
        { ...common, family: 4, address: '192.0.2.11', prefixLength: 24, validLifetime: 3600, preferredLifetime: 1800 },
        {
          ...common,
          family: 6,
          address: '2001:db8::1',
          prefixLength: 64,
          validLifetime: null,
          preferredLifetime: null,
        },
        {
          ...common,
          family: 6,
          address: '2001:db8::2',
          prefixLength: 64,
          validLifetime: 7200,
          preferredLifetime: 0,
          state: 'deprecated',
          temporary: true,
        },
        {
          type: 'enumeration-done',
          request: 'announce-address',
          pvd: { handle: 'pvd:1', id: 'eth1/192.0.2.1' },
          extension: true,
        },
      ]);
    }
  });

  test('session: lifetimes are those of the moment of reading (MIF-39, MIF-86)', () => {
    const eth1 = link(1);
    const network = new FakeNetwork().put(
      eth1,
      domain(1, [eth1], [address(eth1, '2001:db8::1', { validLifetime: 7200, preferredLifetime: 60 })]),
    );
    // They count from the last change, however long before session, request and reading that was.
    network.pass(10);
    const session = openSession(network);
    network.pass(10);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    network.pass(10);
    expect(session.get()).toMatchObject({ validLifetime: 7170, preferredLifetime: 30 });
    network.pass(100);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    expect(session.get()).toMatchObject({ validLifetime: 7070, preferredLifetime: 0 });
  });

  test('session: later addresses are announced, gone ones withdrawn (MIF-38, MIF-42)', () => {
    const { network, eth1, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    network.change((it) => it.put(withAddresses(pvd1, pvd1.addresses[0]!, address(eth1, '192.0.2.11'))));
    expect(lines(session)).toEqual(['- 2001:db8:1::10 in pvd:1', '+ 192.0.2.11 in pvd:1']);
  });

  test('session: a domain that ends takes each remaining address with it, and the subscription (MIF-42, MIF-78)', () => {
    const { network, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    network.change((it) => it.drop(pvd1));
    // The subscriber asked for addresses only: no message about the domain.
    expect(lines(session)).toEqual(['- 192.0.2.10 in pvd:1', '- 2001:db8:1::10 in pvd:1']);
  });

  test('session: tentative and duplicate addresses do not exist, optimistic ones do (MIF-40)', () => {
    const { network, pvd1 } = twoUplinks();
    network.put(withStates(pvd1, 'tentative'));
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    expect(lines(session)).toEqual(['done announce-address']);
    network.change((it) => it.put(withStates(pvd1, 'optimistic')));
    expect(drain(session)).toMatchObject([{ state: 'optimistic' }, { state: 'optimistic' }]);
    network.change((it) => it.put(withStates(pvd1, 'dad-failed')));
    expect(lines(session)).toEqual(['- 192.0.2.10 in pvd:1', '- 2001:db8:1::10 in pvd:1']);
  });

  const lifetimes = [
    { given: [7200, 7200], later: [7200, 7200], after: 300, isNews: false, because: 'a repeated advertisement' },
    { given: [600, 600], later: [600, 600], after: 59, isNews: false, because: 'extended by less than a minute' },
    { given: [600, 600], later: [600, 600], after: 130, isNews: true, because: 'extended by two minutes of eight' },
    {
      given: [86400, 86400],
      later: [86400, 86400],
      after: 4000,
      isNews: false,
      because: 'extended by less than a tenth',
    },
    {
      given: [86400, 86400],
      later: [86400, 86400],
      after: 9000,
      isNews: true,
      because: 'extended by more than a tenth',
    },
    { given: [86400, 86400], later: [7200, 3600], after: 0, isNews: true, because: 'cut' },
    { given: [null, null], later: [7200, 3600], after: 0, isNews: true, because: 'no longer for ever' },
    { given: [7200, 3600], later: [null, null], after: 0, isNews: true, because: 'for ever from now on' },
    { given: [86400, 0], later: [86400, 0], after: 600, isNews: false, because: 'deprecated, and still deprecated' },
  ] as const;
  test.each(lifetimes)('session: lifetimes $given to $later after $after s, $because: told $isNews (MIF-41)', (row) => {
    const eth1 = link(1);
    const at = ([validLifetime, preferredLifetime]: readonly [number | null, number | null]) =>
      domain(1, [eth1], [address(eth1, '2001:db8::1', { validLifetime, preferredLifetime })]);
    const network = new FakeNetwork().put(eth1, at(row.given));
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    network.pass(row.after);
    network.change((it) => it.put(at(row.later)));
    expect(lines(session)).toEqual(row.isNews ? ['+ 2001:db8::1 in pvd:1'] : []);
  });

  test('session: small extensions add up until they are told (MIF-41)', () => {
    const eth1 = link(1);
    const refreshed = () =>
      domain(1, [eth1], [address(eth1, '2001:db8::1', { validLifetime: 7200, preferredLifetime: 7200 })]);
    const network = new FakeNetwork().put(eth1, refreshed());
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    const told: number[] = [];
    for (let minutes = 5; minutes <= 30; minutes += 5) {
      network.pass(300);
      network.change((it) => it.put(refreshed()));
      if (drain(session).length > 0) told.push(minutes);
    }
    expect(told).toEqual([15, 30]);
  });

  test('session: a record that a change hands on unchanged is as old as it was (MIF-41)', () => {
    const eth1 = link(1);
    const old = address(eth1, '2001:db8::1', { validLifetime: 7200, preferredLifetime: 7200 });
    const network = new FakeNetwork().put(eth1, domain(1, [eth1], [old]));
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    network.pass(3600);
    network.change((it) => it.put(domain(1, [eth1], [old], { mtu: 1280 })));
    expect(lines(session)).toEqual([]);
  });

  test('session: a change between preferred and deprecated, or temporary and stable, is told (MIF-41)', () => {
    const { network, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    network.change((it) => it.put(withStates(pvd1, 'deprecated')));
    expect(drain(session)).toMatchObject([{ state: 'deprecated' }, { state: 'deprecated' }]);
    network.change((it) => it.put(withStates(pvd1, 'preferred')));
    expect(drain(session)).toMatchObject([{ state: 'preferred' }, { state: 'preferred' }]);
    const [first, second] = pvd1.addresses;
    network.change((it) => it.put(withAddresses(pvd1, first!, { ...second!, temporary: true })));
    expect(drain(session)).toMatchObject([{ address: '2001:db8:1::10', temporary: true }]);
  });

  test('session: stop-announcing-address ends one domain and purges what is unread of it (MIF-43, MIF-16)', () => {
    const { network, eth1, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    session.post({ type: 'announce-address', pvd: 'pvd:2' });
    session.get();
    session.post({ type: 'stop-announcing-address', pvd: 'pvd:1' });
    network.change((it) => it.put(withAddresses(pvd1, address(eth1, '192.0.2.12'))));
    expect(lines(session)).toEqual(['+ 198.51.100.10 in pvd:2', '+ 2001:db8:2::10 in pvd:2', 'done announce-address']);
  });

  test('session: a stop purges the unread farewells of a domain that has ended already (MIF-16)', () => {
    const { network, pvd1 } = twoUplinks();
    for (const posted of ['pvd:1', 'eth1/192.0.2.1']) {
      network.put(pvd1);
      const session = openSession(network);
      session.post({ type: 'announce-address', pvd: 'pvd:1' });
      drain(session);
      network.change((it) => it.drop(pvd1));
      session.post({ type: 'stop-announcing-address', pvd: posted });
      expect(lines(session)).toEqual([]);
    }
  });

  test('session: after a stop and a new request the list is whole again (MIF-43, MIF-18)', () => {
    const { network } = twoUplinks();
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    session.post({ type: 'stop-announcing-address', pvd: 'pvd:1' });
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    expect(lines(session)).toEqual(['+ 192.0.2.10 in pvd:1', '+ 2001:db8:1::10 in pvd:1', 'done announce-address']);
  });

  test('session: an address in two domains is announced in each (MIF-44)', () => {
    const eth1 = link(1);
    const shared = address(eth1, '2001:db8::1', { shared: true });
    const network = new FakeNetwork().put(eth1, domain(1, [eth1], [shared]), domain(2, [eth1], [shared]));
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    session.post({ type: 'announce-address', pvd: 'pvd:2' });
    network.change((it) => it.put(domain(2, [eth1], [])));
    expect(lines(session)).toEqual(['+ 2001:db8::1 in pvd:1', 'done announce-address', 'done announce-address']);
  });

  test('session: one address with two prefix lengths is two (MIF-42)', () => {
    const eth1 = link(1);
    const wide = address(eth1, '192.0.2.1', { prefixLength: 24 });
    const narrow = address(eth1, '192.0.2.1', { prefixLength: 32 });
    const network = new FakeNetwork().put(eth1, domain(1, [eth1], [wide, narrow]));
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    network.change((it) => it.put(domain(1, [eth1], [wide])));
    expect(drain(session)).toMatchObject([{ type: 'no-address-announcement', address: '192.0.2.1', prefixLength: 32 }]);
  });
});
