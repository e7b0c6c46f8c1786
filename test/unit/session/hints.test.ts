// SPDX-License-Identifier: MIT
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { ConnectWish, InterfaceUse } from '../../../lib/host/hints.ts';
import { type MifSession, openSession } from '../../../lib/session/session.ts';
import { FakeConnection, type FakeNetwork, twoUplinks } from './fake-network.ts';
import { drain } from './reading.ts';

function lab() {
  const { network, ...rest } = twoUplinks();
  network.connectAtOnce = () => ({ connection: new FakeConnection() });
  const wishes: ConnectWish[] = [];
  const uses: [string, InterfaceUse | undefined][] = [];
  const stop = network.hints.register({
    wantsToConnect: (wish) => wishes.push(wish),
    useChanged: (interfaceId, use) => uses.push([interfaceId, use]),
  });
  return { network, ...rest, wishes, uses, stop };
}

/** Opens a session with a connection under each id, all in one domain; returns the session and the tokens. */
function connected(network: FakeNetwork, pvd: string, ...ids: readonly string[]) {
  const session = openSession(network);
  for (const connectionId of ids) {
    session.post({ type: 'connect-to-address', address: '203.0.113.80', port: 80, pvd, connectionId });
  }
  const tokens = drain(session).map((message) => (message.type === 'connected' ? message.token : ''));
  return { session, tokens };
}

const idle = (session: MifSession, connectionId?: string) =>
  session.post({ type: 'connection-is-idle', ...(connectionId !== undefined && { connectionId }) });

describe('wants-to-connect', () => {
  test('hints: reaches the providers, and nothing is answered (MIF-68)', () => {
    const { network, pvd2, wishes } = lab();
    network.change((it) => it.drop(pvd2));
    const session = openSession(network);
    session.post({ type: 'wants-to-connect' });
    session.post({ type: 'wants-to-connect', interface: 'eth2' });
    session.post({ type: 'wants-to-connect', interface: 'wlan9' });
    session.post({ type: 'wants-to-connect', pvd: 'voice.example' });
    expect(wishes).toEqual([{}, { interface: 'eth2' }, { interface: 'wlan9' }, { pvd: 'voice.example' }]);
    expect(session.get()).toBeUndefined();
  });

  test('hints: what has its network already is not asked for (MIF-68)', () => {
    const { network, pvd2, wishes } = lab();
    const session = openSession(network);
    session.post({ type: 'wants-to-connect' });
    network.change((it) => it.drop(pvd2));
    session.post({ type: 'wants-to-connect', interface: 'eth1' });
    session.post({ type: 'wants-to-connect', pvd: 'pvd:1' });
    expect(wishes).toEqual([]);
  });

  test('hints: without a provider, and with one that throws, nothing fails (MIF-68)', async () => {
    const { network, pvd2, stop, wishes } = lab();
    network.change((it) => it.drop(pvd2));
    stop();
    const session = openSession(network);
    session.post({ type: 'wants-to-connect' });
    expect(wishes).toEqual([]);
    network.hints.register({
      wantsToConnect: () => {
        throw new Error('the modem is on fire');
      },
    });
    const warned = once(process, 'warning');
    session.post({ type: 'wants-to-connect' });
    expect((await warned)[0]).toMatchObject({ message: 'the modem is on fire' });
    expect(session.get()).toBeUndefined();
  });
});

describe('connection-is-idle and connection-can-be-broken', () => {
  test('hints: an interface is idle when every connection over it is said to be, in every session (MIF-69, MIF-71)', () => {
    const { network, eth1, uses } = lab();
    const one = connected(network, 'pvd:1', 'a', 'b').session;
    const other = connected(network, 'pvd:1', 'a').session;
    idle(one, 'a');
    idle(other);
    expect(network.hints.useOf(eth1.id)).toEqual({ isIdle: false, canBeBroken: false });
    idle(one, 'b');
    idle(one, 'b');
    expect(network.hints.useOf(eth1.id)).toEqual({ isIdle: true, canBeBroken: false });
    expect(uses.at(-1)).toEqual([eth1.id, { isIdle: true, canBeBroken: false }]);
    expect(drain(one)).toEqual([]);
  });

  test('hints: the other interface is another matter (MIF-70, MIF-71)', () => {
    const { network, eth1, eth2 } = lab();
    const one = connected(network, 'pvd:1', 'a').session;
    connected(network, 'pvd:2', 'a');
    one.post({ type: 'connection-can-be-broken' });
    expect(network.hints.useOf(eth1.id)).toEqual({ isIdle: false, canBeBroken: true });
    expect(network.hints.useOf(eth2.id)).toEqual({ isIdle: false, canBeBroken: false });
  });

  test('hints: a new connect and wants-to-connect take them back (MIF-71)', () => {
    const { network, eth1 } = lab();
    const { session } = connected(network, 'pvd:1', 'a');
    idle(session);
    session.post({ type: 'wants-to-connect' });
    expect(network.hints.useOf(eth1.id)).toEqual({ isIdle: false, canBeBroken: false });
    idle(session);
    session.post({
      type: 'connect-to-address',
      address: '203.0.113.80',
      port: 80,
      pvd: 'pvd:2',
      connectionId: 'b',
    });
    expect(network.hints.useOf(eth1.id)).toEqual({ isIdle: false, canBeBroken: false });
  });

  test('hints: a connection that ends counts no more: given up, its socket closed, its session closed (MIF-71)', async () => {
    const { network, eth1, uses } = lab();
    const { session, tokens } = connected(network, 'pvd:1', 'a', 'b', 'c');
    idle(session, 'b');
    idle(session, 'c');
    session.post({ type: 'stop-connecting', connectionId: 'a' });
    expect(network.hints.useOf(eth1.id)).toEqual({ isIdle: true, canBeBroken: false });
    session.take(tokens[1]!).emit('close');
    expect(network.hints.useOf(eth1.id)).toEqual({ isIdle: true, canBeBroken: false });
    await session.close();
    expect(network.hints.useOf(eth1.id)).toBeUndefined();
    expect(uses.at(-1)).toEqual([eth1.id, undefined]);
  });

  test('hints: of an unknown connection mean nothing (MIF-69, MIF-70)', () => {
    const { network, eth1 } = lab();
    const { session } = connected(network, 'pvd:1', 'a');
    idle(session, 'z');
    expect(network.hints.useOf(eth1.id)).toEqual({ isIdle: false, canBeBroken: false });
    expect(session.get()).toBeUndefined();
  });
});
