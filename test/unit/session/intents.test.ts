// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { InterfaceIntent } from '../../../lib/pvd/interface-intent.ts';
import type { Interface } from '../../../lib/snapshot/change.ts';
import { openSession } from '../../../lib/session/session.ts';
import { address, link, twoUplinks } from './fake-network.ts';
import { drain, lines } from './reading.ts';

const noCarrier: Partial<Interface> = { running: false, operState: 'down', flags: ['up'] };
const setDown: Partial<Interface> = { running: false, operState: 'down', flags: [], adminUp: false };
const leaves: InterfaceIntent = { direction: 'going-away', reason: 'admin', confidence: 'intended', until: null };

function opened(options: { extensions?: boolean; queueLimit?: number } = {}) {
  const lab = twoUplinks();
  const routers = [{ address: '192.0.2.1', interface: 'eth1', family: 4 as const, metric: 100 }];
  const pvd1 = { ...lab.pvd1, routers };
  lab.network.put(pvd1);
  const session = openSession(lab.network, options);
  session.post({ type: 'announce-interfaces' });
  drain(session);
  const become = (over: Partial<Interface>) => {
    lab.network.change((it) => it.put(link(1, over)));
    return lines(session);
  };
  return { ...lab, pvd1, session, become };
}

describe('inferred from the link', () => {
  test('intents: carrier that is lost is a way of going, told before the new state (MIF-72, MIF-75, MIF-77)', () => {
    const { become } = opened();
    expect(become(noCarrier)).toEqual(['going-away eth1: inferred link-event', '+ eth1']);
    expect(become({ ...noCarrier, mtu: 1400 })).toEqual(['+ eth1']);
    // The announcement that says it is up takes it back (MIF-76).
    expect(become({})).toEqual(['+ eth1']);
    expect(become(noCarrier)).toEqual(['going-away eth1: inferred link-event', '+ eth1']);
  });

  test('intents: so is a link that is set down, and one that becomes dormant (MIF-75)', () => {
    const { become } = opened();
    expect(become({ operState: 'dormant' })).toEqual(['going-away eth1: inferred link-event', '+ eth1']);
    become({});
    expect(become(setDown)).toEqual(['going-away eth1: inferred admin', '+ eth1']);
  });

  test('intents: set up without carrier is going up, until it has some or is set down (MIF-73, MIF-75)', () => {
    const { become } = opened();
    become(setDown);
    expect(become(noCarrier)).toEqual(['going-up eth1: inferred admin', '+ eth1']);
    expect(become({})).toEqual(['+ eth1']);
    become(setDown);
    become(noCarrier);
    expect(become(setDown)).toEqual(['+ eth1']);
  });

  test('intents: a new interface without carrier is going up, after it was announced (MIF-73, MIF-77)', () => {
    const { network, session } = opened();
    network.change((it) => it.put(link(3, noCarrier)));
    expect(lines(session)).toEqual(['+ eth3', 'going-up eth3: inferred admin']);
  });

  test('intents: what was so before anybody looked is none (MIF-75)', () => {
    const { network } = twoUplinks();
    network.put(link(1, noCarrier));
    const session = openSession(network);
    session.post({ type: 'announce-interfaces' });
    expect(lines(session)).toEqual(['+ eth1', '+ eth2', 'done announce-interfaces']);
  });

  test('intents: unread, one that has come to nothing is not told, nor is one of an interface that has gone (MIF-83)', () => {
    const { network, session, become } = opened();
    network.change((it) => it.put(link(1, noCarrier)));
    expect(become({})).toEqual([]);
    network.change((it) => it.put(link(1, noCarrier)));
    network.change((it) => it.drop(link(1)));
    expect(lines(session)).toEqual(['- eth1']);
  });
});

describe('inferred from the network', () => {
  test('intents: routers that are none any more, with the end of the last address as deadline (MIF-72, MIF-74)', () => {
    const { network, session, pvd1, eth1 } = opened();
    const addresses = [
      address(eth1, '192.0.2.10', { validLifetime: 900 }),
      address(eth1, '2001:db8:1::10', { validLifetime: 600 }),
    ];
    network.change((it) => it.put({ ...pvd1, addresses }));
    expect(lines(session)).toEqual([]);
    network.change((it) => it.put({ ...pvd1, addresses, routers: [] }));
    network.pass(100);
    expect(drain(session)).toEqual([
      {
        type: 'interface-is-going-away',
        interface: { id: eth1.id, index: 1, name: 'eth1' },
        reason: 'lease-end',
        confidence: 'inferred',
        deadline: 800,
      },
    ]);
    // Nothing of the interface itself differs; it is announced again so that the message is taken back (MIF-76).
    network.change((it) => it.put({ ...pvd1, addresses }));
    expect(lines(session)).toEqual(['+ eth1']);
  });

  test('intents: one router of two that takes leave is none (MIF-72)', () => {
    const { network, session, pvd1 } = opened();
    const [router] = pvd1.routers;
    network.change((it) => it.put({ ...pvd1, routers: [router!, { ...router!, address: '192.0.2.2' }] }));
    network.change((it) => it.put(pvd1));
    expect(lines(session)).toEqual([]);
  });

  test('intents: addresses of which none is for new connections any more (MIF-72, MIF-74)', () => {
    const { network, session, pvd1, eth1 } = opened();
    const old = address(eth1, '2001:db8:1::10', { state: 'deprecated', validLifetime: 300, preferredLifetime: 0 });
    network.change((it) => it.put({ ...pvd1, addresses: [address(eth1, '192.0.2.10'), old] }));
    expect(lines(session)).toEqual([]);
    network.change((it) => it.put({ ...pvd1, addresses: [old] }));
    expect(drain(session)).toMatchObject([{ type: 'interface-is-going-away', reason: 'lease-end', deadline: 300 }]);
  });
});

describe('intended', () => {
  test('intents: what a network manager is about to do (MIF-72, MIF-75)', () => {
    const { network, session, pvd1 } = opened();
    network.change((it) => it.put({ ...pvd1, intent: 'going-away' }));
    expect(lines(session)).toEqual(['going-away eth1: intended policy']);
    network.change((it) => it.put(pvd1));
    expect(lines(session)).toEqual(['+ eth1']);
  });

  test('intents: what somebody says, above what is inferred, with its deadline (MIF-74, MIF-75)', () => {
    const { network, session, eth1, become } = opened();
    network.intend(eth1, { ...leaves, until: network.now() + 30_000 });
    network.pass(10);
    expect(drain(session)).toMatchObject([{ type: 'interface-is-going-away', confidence: 'intended', deadline: 20 }]);
    expect(become(noCarrier)).toEqual(['+ eth1']);
    become({});
    network.intend(eth1, undefined);
    expect(lines(session)).toEqual([]);
  });

  test('intents: taken back, the interface is announced again; unread, nothing is told (MIF-76, MIF-83)', () => {
    const { network, session, eth1 } = opened();
    network.intend(eth1, leaves);
    network.intend(eth1, undefined);
    expect(lines(session)).toEqual([]);
    network.intend(eth1, leaves);
    expect(lines(session)).toEqual(['going-away eth1: intended admin']);
    network.intend(eth1, undefined);
    expect(lines(session)).toEqual(['+ eth1']);
  });

  test('intents: told and waiting to be taken back when the interface goes: only its end is told (MIF-76, MIF-81)', () => {
    const { network, session, eth1 } = opened();
    network.intend(eth1, leaves);
    lines(session);
    network.intend(eth1, undefined);
    network.change((it) => it.drop(eth1));
    expect(lines(session)).toEqual(['- eth1']);
  });
});

describe('recipients', () => {
  test('intents: those who announce interfaces, and nobody else (MIF-74)', () => {
    const { network, session, eth1, become } = opened();
    const other = openSession(network);
    other.post({ type: 'announce-provisioning-domain', interface: '*' });
    drain(other);
    network.intend(eth1, leaves);
    expect(lines(other)).toEqual([]);
    session.post({ type: 'stop-announcing-interfaces' });
    expect(lines(session)).toEqual([]);
    expect(become(noCarrier)).toEqual([]);
  });

  test('intents: they are the draft’s own messages (MIF-72)', () => {
    const { network, session, eth1 } = opened({ extensions: false });
    network.intend(eth1, leaves);
    expect(lines(session)).toEqual(['going-away eth1: intended admin']);
  });

  test('intents: one who comes later, or overran, is told what is still ahead (MIF-74, MIF-84)', () => {
    const { network, session, eth1, eth2 } = opened({ queueLimit: 1 });
    network.intend(eth1, leaves);
    network.change((it) => it.put({ ...eth1, mtu: 1400 }, { ...eth2, mtu: 1400 }));
    expect(lines(session)).toEqual([
      'overrun',
      '+ eth1',
      'going-away eth1: intended admin',
      '+ eth2',
      'done announce-interfaces',
    ]);
  });
});
