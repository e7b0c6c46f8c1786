// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { PvdAddress } from '../../../lib/pvd/provisioning-domain.ts';
import { openSession } from '../../../lib/session/session.ts';
import { address, domain, FakeNetwork, link, twoUplinks, withAddresses } from './fake-network.ts';
import { drain, lines } from './reading.ts';

const announceInterfaces = { type: 'announce-interfaces' } as const;
const announceAllPvds = { type: 'announce-provisioning-domain', interface: '*' } as const;

describe('order', () => {
  test('queue: arrival is told from the outside in, departure from the inside out (MIF-77)', () => {
    const { network } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    session.post(announceAllPvds);
    drain(session);
    const eth3 = link(3);
    const pvd3 = domain(3, [eth3], [address(eth3, '203.0.113.3')]);
    network.change((it) => it.put(pvd3, eth3));
    expect(lines(session)).toEqual(['+ eth3', '+ pvd:3 on eth3']);
    session.post({ type: 'announce-address', pvd: 'pvd:3' });
    drain(session);
    network.change((it) => it.drop(eth3, pvd3));
    expect(lines(session)).toEqual(['- 203.0.113.3 in pvd:3', '- pvd:3 on eth3: interface-gone', '- eth3']);
  });

  test('queue: whatever the order of the requests, a domain is not told before its interface (MIF-77)', () => {
    const session = openSession(twoUplinks().network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    session.post(announceAllPvds);
    session.post(announceInterfaces);
    expect(lines(session)).toEqual([
      '+ eth1',
      '+ pvd:1 on eth1',
      '+ 192.0.2.10 in pvd:1',
      '+ 2001:db8:1::10 in pvd:1',
      'done announce-address',
      '+ eth2',
      '+ pvd:2 on eth2',
      'done announce-provisioning-domain',
      'done announce-interfaces',
    ]);
  });

  test('queue: an interface that appears while a list is half read comes before its domains (MIF-77)', () => {
    const { network } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    session.post(announceAllPvds);
    session.get();
    const eth3 = link(3);
    network.change((it) => it.put(eth3, domain(3, [eth3], [address(eth3, '203.0.113.3')])));
    expect(lines(session)).toEqual([
      '+ pvd:2 on eth2',
      'done announce-provisioning-domain',
      '+ eth3',
      '+ pvd:3 on eth3',
    ]);
  });

  test('queue: between two reads the whole of a change appears, or nothing of it (MIF-81)', () => {
    const { network, eth1, pvd1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    session.post(announceAllPvds);
    drain(session);
    const seen: string[][] = [];
    // The host reports to its observers one after another; another session reads in the middle of that.
    const early = openSession(network);
    early.post(announceInterfaces);
    drain(early);
    network.observers.add({ changed: () => seen.push(lines(session), lines(early)), closed: () => undefined });
    network.change((it) => it.drop(eth1, pvd1));
    expect(seen).toEqual([['- pvd:1 on eth1: interface-gone', '- eth1'], ['- eth1']]);
  });
});

describe('coalescing', () => {
  test('queue: of many unread states the newest is told, once and in the first place (MIF-83)', () => {
    const { network, eth1, eth2 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    network.change((it) => it.put({ ...eth1, mtu: 1400 }));
    network.change((it) => it.put({ ...eth2, mtu: 1400 }));
    network.change((it) => it.put({ ...eth1, mtu: 1280 }));
    expect(drain(session)).toMatchObject([
      { interface: { name: 'eth1' }, mtu: 1280 },
      { interface: { name: 'eth2' }, mtu: 1400 },
    ]);
  });

  test('queue: an unread change that is taken back is no news (MIF-83)', () => {
    const { network, eth1 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    drain(session);
    network.change((it) => it.put({ ...eth1, mtu: 1400 }));
    network.change((it) => it.put({ ...eth1 }));
    expect(session.checkNow().size).toBe(0);
    expect(lines(session)).toEqual([]);
  });

  test('queue: an appearance and its end annihilate while unread (MIF-83)', () => {
    const { network } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    session.post(announceAllPvds);
    drain(session);
    const eth3 = link(3);
    const pvd3 = domain(3, [eth3], [address(eth3, '203.0.113.3')]);
    network.change((it) => it.put(eth3, pvd3));
    network.change((it) => it.drop(eth3, pvd3));
    expect(session.checkNow().size).toBe(0);
    expect(lines(session)).toEqual([]);
  });

  test('queue: the end of something that was read is never dropped (MIF-83)', () => {
    const { network, eth1 } = twoUplinks();
    const session = openSession(network, { queueLimit: 1 });
    session.post(announceInterfaces);
    drain(session);
    network.change((it) => it.drop(eth1));
    for (let index = 10; index < 40; index += 1) network.change((it) => it.put(link(index)));
    expect(lines(session).filter((line) => line.startsWith('-'))).toEqual(['- eth1']);
  });

  test('queue: a domain that leaves an interface and comes back unread was never away (MIF-83)', () => {
    const { network, eth1, eth2, pvd1 } = twoUplinks();
    const both = { ...pvd1, interfaces: ['eth1', 'eth2'], interfaceIds: [eth1.id, eth2.id] };
    network.put(both);
    const session = openSession(network);
    session.post(announceAllPvds);
    drain(session);
    network.change((it) => it.put({ ...both, interfaceIds: [eth1.id] }));
    network.change((it) => it.put(both));
    expect(lines(session)).toEqual([]);
  });
});

describe('lists', () => {
  const crowd = (size: number) => {
    const eth1 = link(1);
    const addresses = Array.from({ length: size }, (_, host) => address(eth1, `2001:db8::${(host + 1).toString(16)}`));
    return { eth1, network: new FakeNetwork().put(eth1, domain(1, [eth1], addresses)), addresses };
  };

  test('queue: a list of 20000 addresses passes a queue of 1024 without overrun (MIF-83)', () => {
    const { network } = crowd(20_000);
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    const messages = drain(session);
    expect(messages).toHaveLength(20_001);
    expect(messages.some(({ type }) => type === 'overrun')).toBe(false);
    expect(messages.at(-1)).toMatchObject({ type: 'enumeration-done' });
  });

  test('queue: changes of what a list has not reached yet need no room of their own (MIF-83)', () => {
    const { eth1, network, addresses } = crowd(5_000);
    const session = openSession(network, { queueLimit: 8 });
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    for (let count = 0; count < 1_000; count += 1) session.get();
    const deprecated = addresses.map((it, at) => (at < 1_000 ? it : { ...it, state: 'deprecated' as const }));
    network.change((it) => it.put(domain(1, [eth1], deprecated.slice(0, 4_000))));
    const messages = drain(session);
    expect(messages).toHaveLength(3_001);
    expect(messages.slice(0, -1).every((it) => it.type === 'address-announcement' && it.state === 'deprecated')).toBe(
      true,
    );
  });

  test('queue: what comes back behind the place that a list has reached is told by itself (MIF-83)', () => {
    const { network, eth1 } = twoUplinks();
    const [first, second, third] = [1, 2, 3].map((host) => address(eth1, `192.0.2.${host}`));
    const having = (...addresses: (PvdAddress | undefined)[]) => domain(1, [eth1], addresses as PvdAddress[]);
    network.put(having(first, second, third));
    const session = openSession(network);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    network.change((it) => it.put(having(second, third)));
    expect(session.get()).toMatchObject({ address: '192.0.2.2' });
    network.change((it) => it.put(having(first, second, third)));
    network.change((it) => it.put(having({ ...first!, state: 'deprecated' }, second, third)));
    expect(drain(session)).toMatchObject([
      { address: '192.0.2.3' },
      { type: 'enumeration-done' },
      { address: '192.0.2.1', state: 'deprecated' },
    ]);
  });

  test('queue: a list is told as it is when it is read, not as it was when it was asked for (MIF-83)', () => {
    const { network, eth1, eth2 } = twoUplinks();
    const session = openSession(network);
    session.post(announceInterfaces);
    network.change((it) => it.drop(eth1).put({ ...eth2, name: 'uplink' }, link(3)));
    expect(lines(session)).toEqual(['+ uplink', 'done announce-interfaces', '+ eth3']);
  });
});

describe('overrun', () => {
  test('queue: announcements beyond the limit are replaced by overrun and everything anew (MIF-84)', () => {
    const { network, eth1 } = twoUplinks();
    const session = openSession(network, { queueLimit: 3 });
    session.post(announceInterfaces);
    session.post(announceAllPvds);
    session.post({ type: 'announce-address', pvd: 'pvd:2' });
    drain(session);
    network.change((it) => it.drop(eth1));
    network.change((it) => it.put(link(3), link(4)));
    expect(drain(session)[0]).toEqual({ type: 'overrun', dropped: 4, extension: true });
    network.change((it) => it.put(link(5), link(6), link(7), link(8)));
    expect(lines(session)).toEqual([
      'overrun',
      '+ eth2',
      '+ eth3',
      '+ eth4',
      '+ eth5',
      '+ eth6',
      '+ eth7',
      '+ eth8',
      'done announce-interfaces',
      '+ pvd:2 on eth2',
      'done announce-provisioning-domain',
      '+ 198.51.100.10 in pvd:2',
      '+ 2001:db8:2::10 in pvd:2',
      'done announce-address',
    ]);
  });

  test('queue: after an overrun the departed are told first, from the inside out (MIF-77, MIF-84)', () => {
    const { network, eth1, pvd1 } = twoUplinks();
    const session = openSession(network, { queueLimit: 3 });
    session.post(announceInterfaces);
    session.post(announceAllPvds);
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    network.change((it) => it.drop(eth1, pvd1));
    expect(lines(session).slice(0, 6)).toEqual([
      'overrun',
      '- 192.0.2.10 in pvd:1',
      '- 2001:db8:1::10 in pvd:1',
      '- pvd:1 on eth1: interface-gone',
      '- eth1',
      '+ eth2',
    ]);
  });

  test('queue: several overruns without a reader are one, which counts all that was dropped (MIF-84)', () => {
    const { network } = twoUplinks();
    const session = openSession(network, { queueLimit: 2 });
    session.post(announceInterfaces);
    drain(session);
    for (let index = 10; index < 40; index += 3)
      network.change((it) => it.put(link(index), link(index + 1), link(index + 2)));
    const messages = drain(session);
    expect(messages.filter(({ type }) => type === 'overrun')).toEqual([
      { type: 'overrun', dropped: 30, extension: true },
    ]);
    expect(messages.filter(({ type }) => type === 'interface-announcement')).toHaveLength(32);
    expect(messages.filter(({ type }) => type === 'enumeration-done')).toHaveLength(1);
  });

  test('queue: answers survive an overrun, in their order (MIF-83)', () => {
    const { network, eth1, pvd1 } = twoUplinks();
    const session = openSession(network, { queueLimit: 1 });
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    drain(session);
    session.post({ type: 'connect-to-pvd', pvd: 'pvd:1' });
    session.post({ type: 'connect-to-pvd', pvd: 'pvd:9' });
    const more = ['192.0.2.11', '192.0.2.12', '192.0.2.13'].map((text) => address(eth1, text));
    network.change((it) => it.put(withAddresses(pvd1, ...more)));
    expect(lines(session).slice(0, 3)).toEqual(['selected pvd:1', 'not selected pvd:9', 'overrun']);
  });

  test('queue: a subscriber of the draft only is told everything anew without the word (MIF-84)', () => {
    const { network } = twoUplinks();
    const session = openSession(network, { queueLimit: 1, extensions: false });
    session.post(announceInterfaces);
    drain(session);
    network.change((it) => it.put(link(3), link(4)));
    expect(lines(session)).toEqual(['+ eth1', '+ eth2', '+ eth3', '+ eth4']);
  });

  test('queue: a slow subscriber costs another one nothing (MIF-82)', () => {
    const { network } = twoUplinks();
    const slow = openSession(network, { queueLimit: 1 });
    const quick = openSession(network, { queueLimit: 1 });
    for (const session of [slow, quick]) {
      session.post(announceInterfaces);
      drain(session);
    }
    const read: string[] = [];
    for (let index = 3; index < 9; index += 1) {
      network.change((it) => it.put(link(index)));
      read.push(...lines(quick));
    }
    expect(read).toEqual(['+ eth3', '+ eth4', '+ eth5', '+ eth6', '+ eth7', '+ eth8']);
    expect(lines(slow)[0]).toBe('overrun');
  });
});
