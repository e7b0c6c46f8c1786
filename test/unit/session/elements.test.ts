// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { ConfigurationElement } from '../../../lib/pvd/provisioning-domain.ts';
import { openSession } from '../../../lib/session/session.ts';
import { address, twoUplinks } from './fake-network.ts';
import { drain, lines } from './reading.ts';

const ra = (version: number): ConfigurationElement => ({ type: 'ra', version });
const dhcpv4 = (version: number): ConfigurationElement => ({ type: 'dhcpv4', version });
const pvd = 'pvd:1';

function opened(elements: readonly ConfigurationElement[] = [ra(1), dhcpv4(1)], queueLimit = 1024) {
  const lab = twoUplinks();
  lab.network.put({ ...lab.pvd1, elements });
  const session = openSession(lab.network, { queueLimit });
  /** Gives the domain other elements, and returns what is told of it. */
  const change = (...elements: ConfigurationElement[]) => {
    lab.network.change((it) => it.put({ ...lab.pvd1, elements }));
    return lines(session);
  };
  return { ...lab, session, change };
}

describe('announce-configuration-element', () => {
  test('elements: those that are there are announced, then the end of the list (MIF-31, MIF-33)', () => {
    const { session } = opened();
    session.post({ type: 'announce-configuration-element', pvd });
    const reference = { handle: pvd, id: 'eth1/192.0.2.1' };
    expect(drain(session)).toEqual([
      { type: 'configuration-element-announcement', pvd: reference, element: 'ra', version: 1 },
      { type: 'configuration-element-announcement', pvd: reference, element: 'dhcpv4', version: 1 },
      { type: 'enumeration-done', request: 'announce-configuration-element', pvd: reference, extension: true },
    ]);
  });

  test('elements: a later one is announced, a changed one again with its higher version, a lost one withdrawn (MIF-31, MIF-34, MIF-35)', () => {
    const { session, change } = opened([ra(1)]);
    session.post({ type: 'announce-configuration-element', pvd });
    lines(session);
    expect(change(ra(1), dhcpv4(1))).toEqual(['+ dhcpv4 1 of pvd:1']);
    expect(change(ra(2), dhcpv4(1))).toEqual(['+ ra 2 of pvd:1']);
    expect(change(dhcpv4(1))).toEqual(['- ra of pvd:1']);
    expect(change(dhcpv4(1))).toEqual([]);
  });

  test('elements: unread, only the newest version waits, and what came and went is not told (MIF-34, MIF-83)', () => {
    const { network, session, change, pvd1 } = opened([ra(1)]);
    session.post({ type: 'announce-configuration-element', pvd });
    lines(session);
    network.change((it) => it.put({ ...pvd1, elements: [ra(2), dhcpv4(1)] }));
    expect(change(ra(3))).toEqual(['+ ra 3 of pvd:1']);
  });

  test('elements: filters add up, and an element is told once, not once for each filter (MIF-32)', () => {
    const { session, change } = opened();
    session.post({ type: 'announce-configuration-element', pvd, elements: ['ra'] });
    expect(lines(session)).toEqual(['+ ra 1 of pvd:1', 'done announce-configuration-element']);
    expect(change(ra(1), dhcpv4(2))).toEqual([]);
    session.post({ type: 'announce-configuration-element', pvd, elements: ['dhcpv4', 'vpn'] });
    expect(lines(session)).toEqual(['+ dhcpv4 2 of pvd:1', 'done announce-configuration-element']);
    session.post({ type: 'announce-configuration-element', pvd });
    lines(session);
    expect(change(ra(2), dhcpv4(3))).toEqual(['+ ra 2 of pvd:1', '+ dhcpv4 3 of pvd:1']);
  });

  test('elements: a type that nobody knows is tolerated and finds nothing (MIF-33)', () => {
    const { session } = opened();
    session.post({ type: 'announce-configuration-element', pvd, elements: ['x-example'] });
    expect(lines(session)).toEqual(['done announce-configuration-element']);
  });

  test('elements: in an unknown domain the answer says so (MIF-79)', () => {
    const { session } = opened();
    session.post({ type: 'announce-configuration-element', pvd: 'pvd:77' });
    expect(lines(session)).toEqual(['- pvd:77 on none: unknown', 'done announce-configuration-element']);
  });

  test('elements: a list of which a type is stopped unread tells the others (MIF-16, MIF-37)', () => {
    const { session } = opened();
    session.post({ type: 'announce-configuration-element', pvd, elements: ['ra', 'dhcpv4'] });
    session.post({ type: 'stop-announce-configuration-element', pvd, elements: ['ra'] });
    expect(lines(session)).toEqual(['+ dhcpv4 1 of pvd:1', 'done announce-configuration-element']);
    session.post({ type: 'announce-configuration-element', pvd, elements: ['ra', 'dhcpv4'] });
    session.post({ type: 'stop-announce-configuration-element', pvd, elements: ['dhcpv4'] });
    session.post({ type: 'stop-announce-configuration-element', pvd, elements: ['ra'] });
    expect(lines(session)).toEqual([]);
  });

  test('elements: after an overrun they are listed anew, stopped ones not (MIF-37, MIF-84)', () => {
    const { network, session, pvd1 } = opened([ra(1), dhcpv4(1)], 1);
    session.post({ type: 'announce-configuration-element', pvd, elements: ['ra', 'dhcpv4'] });
    session.post({ type: 'announce-configuration-element', pvd, elements: ['ra', 'static'] });
    lines(session);
    session.post({ type: 'stop-announce-configuration-element', pvd, elements: ['static'] });
    network.change((it) => it.put({ ...pvd1, elements: [ra(2), dhcpv4(2), { type: 'static', version: 1 }] }));
    expect(lines(session)).toEqual([
      'overrun',
      '+ ra 2 of pvd:1',
      'done announce-configuration-element',
      '+ dhcpv4 2 of pvd:1',
      'done announce-configuration-element',
    ]);
  });
});

describe('stop-announce-configuration-element', () => {
  test('elements: with a type it ends that filter alone (MIF-37)', () => {
    const { session, change } = opened();
    session.post({ type: 'announce-configuration-element', pvd, elements: ['ra'] });
    session.post({ type: 'announce-configuration-element', pvd });
    session.post({ type: 'stop-announce-configuration-element', pvd, elements: ['ra'] });
    lines(session);
    expect(change(ra(2), dhcpv4(1))).toEqual(['+ ra 2 of pvd:1']);
    session.post({ type: 'stop-announce-configuration-element', pvd });
    expect(change(ra(3), dhcpv4(3))).toEqual([]);
  });

  test('elements: without one it ends all filters of that domain, and nothing else (MIF-16, MIF-37)', () => {
    const { network, session, change, pvd2 } = opened();
    session.post({ type: 'announce-configuration-element', pvd, elements: ['ra'] });
    session.post({ type: 'announce-configuration-element', pvd, elements: ['dhcpv4'] });
    session.post({ type: 'announce-configuration-element', pvd: 'pvd:2' });
    session.post({ type: 'announce-address', pvd });
    lines(session);
    session.post({ type: 'stop-announce-configuration-element', pvd });
    network.put({ ...pvd2, elements: [ra(9)] });
    expect(change(ra(2))).toEqual([]);
    network.change((it) => it.put({ ...pvd2, elements: [ra(10)] }));
    expect(lines(session)).toEqual(['+ ra 10 of pvd:2']);
  });
});

describe('containment', () => {
  test('elements: arrive after their domain and before its addresses, whatever was asked for first (MIF-77)', () => {
    const { network, session, eth1, pvd1 } = opened([]);
    session.post({ type: 'announce-address', pvd });
    session.post({ type: 'announce-configuration-element', pvd });
    session.post({ type: 'announce-provisioning-domain', interface: '*' });
    session.post({ type: 'announce-interfaces' });
    lines(session);
    const changed = { ...pvd1, mtu: 1400, elements: [ra(1)], addresses: [address(eth1, '192.0.2.11')] };
    network.change((it) => it.put({ ...eth1, mtu: 1400 }, changed));
    expect(lines(session)).toEqual([
      '- 192.0.2.10 in pvd:1',
      '- 2001:db8:1::10 in pvd:1',
      '+ eth1',
      '+ pvd:1 on eth1',
      '+ ra 1 of pvd:1',
      '+ 192.0.2.11 in pvd:1',
    ]);
  });

  test('elements: leave after the addresses and before their domain, and the subscription ends with it (MIF-36, MIF-77)', () => {
    const { network, session, eth1, pvd1 } = opened();
    session.post({ type: 'announce-interfaces' });
    session.post({ type: 'announce-provisioning-domain', interface: '*' });
    session.post({ type: 'announce-configuration-element', pvd });
    session.post({ type: 'announce-address', pvd });
    lines(session);
    network.change((it) => it.drop(eth1, pvd1));
    expect(lines(session)).toEqual([
      '- 192.0.2.10 in pvd:1',
      '- 2001:db8:1::10 in pvd:1',
      '- ra of pvd:1',
      '- dhcpv4 of pvd:1',
      '- pvd:1 on eth1: interface-gone',
      '- eth1',
    ]);
    network.change((it) => it.put(eth1, { ...pvd1, elements: [ra(7)] }));
    expect(lines(session)).toEqual(['+ eth1', '+ pvd:1 on eth1']);
  });

  test('elements: of a domain on two interfaces are told once, and stay with it when it leaves one (MIF-28, MIF-34, MIF-36)', () => {
    const { network, session, eth1, eth2, pvd1 } = opened();
    const both = { interfaces: ['eth1', 'eth2'], interfaceIds: [eth1.id, eth2.id], elements: [ra(1)] };
    network.change((it) => it.put({ ...pvd1, ...both }));
    session.post({ type: 'announce-provisioning-domain', interface: '*' });
    session.post({ type: 'announce-configuration-element', pvd });
    expect(lines(session).filter((text) => text.includes(' ra '))).toEqual(['+ ra 1 of pvd:1']);
    network.change((it) => it.put({ ...pvd1, interfaces: ['eth1'], interfaceIds: [eth1.id], elements: [ra(1)] }));
    expect(lines(session)).toEqual(['- pvd:1 on eth2: withdrawn']);
    network.change((it) => it.put({ ...pvd1, ...both }));
    lines(session);
    network.change((it) => it.put({ ...pvd1, interfaces: ['eth2'], interfaceIds: [eth2.id], elements: [ra(1)] }));
    expect(lines(session)).toEqual(['- ra of pvd:1', '- pvd:1 on eth1: withdrawn', '+ ra 1 of pvd:1']);
  });
});
