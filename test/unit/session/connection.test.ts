// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { MifError } from '../../../lib/binding/mif-error.ts';
import type { Connected, NotConnected } from '../../../lib/session/message.ts';
import { type MifSession, openSession } from '../../../lib/session/session.ts';
import {
  address,
  domain,
  FakeConnection,
  FakeNetwork,
  link,
  systemError,
  twoUplinks,
  withStates,
} from './fake-network.ts';
import { drain, lines } from './reading.ts';

const toServer = {
  type: 'connect-to-address',
  address: '203.0.113.80',
  port: 80,
  pvd: 'pvd:1',
  connectionId: 'a',
} as const;
const from = { ...toServer, type: 'connect-to-address-from-address' } as const;

function opened() {
  const lab = twoUplinks();
  return { ...lab, session: openSession(lab.network) };
}

/** The one waiting outcome that a connection did not come about. */
function refusal(session: MifSession): Pick<NotConnected, 'reason'> & { code: string; message: string } {
  const messages = drain(session);
  expect(messages).toEqual([expect.objectContaining({ type: 'not-connected' })]);
  const { reason, error } = messages[0] as NotConnected;
  return { reason, code: error.code, message: error.message };
}

describe('connect-to-address', () => {
  test('connection: tries a source of the domain over its interface and says what it got (MIF-56, MIF-58, MIF-63)', () => {
    const { network, session, eth1 } = opened();
    session.post(toServer);
    expect(network.attempts).toMatchObject([
      { family: 4, source: '192.0.2.10', interface: eth1, destination: '203.0.113.80', port: 80 },
    ]);
    expect(session.get()).toBeUndefined();
    network.pass(0.025);
    network.attempts[0]!.end({ connection: new FakeConnection() });
    expect(drain(session)).toEqual([
      {
        type: 'connected',
        connectionId: 'a',
        token: expect.stringMatching(/./),
        source: '192.0.2.10',
        localPort: 40_000,
        address: '203.0.113.80',
        port: 80,
        pvd: { handle: 'pvd:1', id: 'eth1/192.0.2.1' },
        interface: { id: eth1.id, index: 1, name: 'eth1' },
        elapsedMs: 25,
        enforcement: 'strict',
      },
    ]);
  });

  test('connection: a domain is named by handle or id, of the latter an FQDN in any case (MIF-29, PVD-22)', () => {
    const { network, session, eth1 } = opened();
    network.change((it) =>
      it.put({ ...domain(3, [eth1], [address(eth1, '192.0.2.30')]), id: 'isp.example', explicit: true }),
    );
    for (const pvd of ['eth1/192.0.2.1', 'isp.example', 'ISP.Example.']) {
      session.post({ ...toServer, connectionId: pvd, pvd });
    }
    expect(network.attempts.map(({ source }) => source)).toEqual(['192.0.2.10', '192.0.2.30', '192.0.2.30']);
  });

  test('connection: the same destination through two domains is two connections (MIF-88)', () => {
    const { network, session } = opened();
    session.post(toServer);
    session.post({ ...toServer, pvd: 'pvd:2', connectionId: 'b' });
    network.attempts[1]!.end({ connection: new FakeConnection() });
    network.attempts[0]!.end({ error: systemError('ECONNREFUSED') });
    expect(lines(session)).toEqual(['connected b', 'not connected a: refused']);
  });

  test('connection: without a source that fits it is not tried (MIF-56)', () => {
    const { network, session, eth1, pvd1 } = opened();
    network.put(domain(3, [eth1], [address(eth1, '192.0.2.30')]), withStates(pvd1, 'tentative'));
    const other = openSession(network);
    for (const [pvd, to] of [
      ['pvd:3', '2001:db8:9::1'],
      ['pvd:1', '203.0.113.80'],
    ] as const) {
      other.post({ ...toServer, pvd, address: to });
      expect(refusal(other)).toMatchObject({ reason: 'no-source', code: 'ERR_MIF_NO_ADDRESS' });
    }
    expect(network.attempts).toEqual([]);
    expect(session.get()).toBeUndefined();
  });

  test('connection: when the first source cannot be bound the next is tried, the outcome is one (MIF-56, MIF-59)', () => {
    const { network, session, eth1 } = opened();
    network.change((it) => it.put(domain(1, [eth1], [address(eth1, '192.0.2.10'), address(eth1, '192.0.2.11')])));
    session.post(toServer);
    network.attempts[0]!.end({ error: new MifError('ERR_MIF_NO_ADDRESS', 'cannot bind to 192.0.2.10') });
    network.attempts[1]!.end({ connection: new FakeConnection() });
    expect(drain(session)).toMatchObject([{ type: 'connected', source: '192.0.2.11' }]);
  });

  test('connection: what the peer said is final, no other source is tried (MIF-59)', () => {
    const { network, session, eth1 } = opened();
    network.change((it) => it.put(domain(1, [eth1], [address(eth1, '192.0.2.10'), address(eth1, '192.0.2.11')])));
    session.post(toServer);
    network.attempts[0]!.end({ error: systemError('ECONNREFUSED') });
    expect(network.attempts).toHaveLength(1);
    expect(refusal(session).reason).toBe('refused');
  });

  test('connection: of a thousand sources that cannot be bound only a few are tried (MIF-59)', () => {
    const { network, session, eth1 } = opened();
    const many = Array.from({ length: 1_000 }, (_, host) => address(eth1, `10.0.${host >> 8}.${host & 255}`));
    network.change((it) => it.put(domain(1, [eth1], many)));
    network.connectAtOnce = () => ({ error: systemError('EADDRNOTAVAIL') });
    session.post(toServer);
    expect(network.attempts).toHaveLength(8);
    expect(refusal(session).reason).toBe('no-source');
  });

  test('connection: an outcome may be there before the post returns', () => {
    const { network, session } = opened();
    network.connectAtOnce = () => ({ error: new MifError('ERR_MIF_NO_ROUTE', 'no route through eth1') });
    session.post(toServer);
    expect(refusal(session)).toEqual({
      reason: 'no-route',
      code: 'ERR_MIF_NO_ROUTE',
      message: 'no route through eth1',
    });
  });

  test.each([
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['::ffff:192.0.2.1', 'IPv4-mapped'],
    ['0::FFFF:c000:201', 'IPv4-mapped'],
  ])('connection: %s cannot be connected to, and the error says why (MIF-59)', (to, why) => {
    const { network, session } = opened();
    session.post({ ...toServer, address: to });
    const { reason, message } = refusal(session);
    expect(reason).toBe('bad-address');
    expect(message).toContain(why);
    expect(network.attempts).toEqual([]);
  });

  test('connection: an address that only looks IPv4-mapped is tried (MIF-59)', () => {
    const { network, session } = opened();
    session.post({ ...toServer, address: '::ffff:0:192.0.2.1' });
    expect(network.attempts).toMatchObject([{ destination: '::ffff:0:c000:201' }]);
  });

  test('connection: a zone names an interface of the domain, or the address is bad (MIF-59)', () => {
    const [eth1, eth2] = [link(1), link(2)];
    const both = domain(1, [eth1, eth2], [address(eth1, 'fe80::1'), address(eth2, 'fe80::2')]);
    const network = new FakeNetwork().put(eth1, eth2, both);
    const session = openSession(network);
    session.post({ ...toServer, address: 'fe80::9%eth2', connectionId: 1 });
    session.post({ ...toServer, address: 'fe80::9%1', connectionId: 2 });
    session.post({ ...toServer, address: 'fe80::9%eth7', connectionId: 3 });
    expect(network.attempts).toMatchObject([
      { source: 'fe80::2', destination: 'fe80::9', interface: { name: 'eth2' } },
      { source: 'fe80::1', destination: 'fe80::9', interface: { name: 'eth1' } },
    ]);
    expect(refusal(session).reason).toBe('bad-address');
  });
});

describe('connect-to-address-from-address', () => {
  test('connection: connects from exactly the given source, in any spelling (MIF-57)', () => {
    const { network, session, eth1 } = opened();
    session.post({ ...from, source: '2001:DB8:1:0::10', address: '2001:db8:9::1' });
    expect(network.attempts).toMatchObject([{ family: 6, source: '2001:db8:1::10', interface: eth1 }]);
  });

  test.each(['198.51.100.10', '192.0.2.99'])(
    'connection: a source of elsewhere, %s, is not replaced (MIF-57)',
    (source) => {
      const { network, session } = opened();
      session.post({ ...from, source });
      expect(refusal(session)).toMatchObject({ reason: 'source-not-in-pvd', code: 'ERR_MIF_NO_ADDRESS' });
      expect(network.attempts).toEqual([]);
    },
  );

  test('connection: the zone of a source, or of the destination, says which of two equal addresses is meant (MIF-57)', () => {
    const [eth1, eth2] = [link(1), link(2)];
    const both = domain(1, [eth1, eth2], [address(eth1, 'fe80::1'), address(eth2, 'fe80::1')]);
    const network = new FakeNetwork().put(eth1, eth2, both);
    const session = openSession(network);
    const post = (connectionId: number, source: string, to: string) =>
      session.post({ ...from, connectionId, source, address: to });
    post(1, 'fe80::1%eth2', 'fe80::9');
    post(2, 'fe80::1', 'fe80::9%eth2');
    post(3, 'fe80::1%eth1', 'fe80::9%eth2');
    post(4, 'fe80::1%eth9', 'fe80::9');
    expect(network.attempts.map((attempt) => attempt.interface.name)).toEqual(['eth2', 'eth2']);
    expect(lines(session)).toEqual(['not connected 3: source-not-in-pvd', 'not connected 4: source-not-in-pvd']);
  });

  test('connection: a given source that cannot be bound is not replaced either (MIF-57)', () => {
    const { network, session, eth1 } = opened();
    network.change((it) => it.put(domain(1, [eth1], [address(eth1, '192.0.2.10'), address(eth1, '192.0.2.11')])));
    session.post({ ...from, source: '192.0.2.11' });
    network.attempts[0]!.end({ error: systemError('EADDRNOTAVAIL') });
    expect(network.attempts).toHaveLength(1);
    expect(refusal(session).reason).toBe('no-source');
  });

  test('connection: source and destination of two families are refused at once (MIF-08)', () => {
    const { session } = opened();
    expect(() => session.post({ ...from, source: '2001:db8:1::10' })).toThrow(
      'connect-to-address-from-address: source must be of the family of address, not "2001:db8:1::10"',
    );
    expect(session.get()).toBeUndefined();
  });
});

describe('which domain', () => {
  test('connection: an unknown or ended domain is unknown-pvd (MIF-79, MIF-80)', () => {
    const { network, session, pvd1 } = opened();
    session.post({ ...toServer, pvd: 'pvd:77' });
    expect(refusal(session)).toMatchObject({ reason: 'unknown-pvd', code: 'ERR_MIF_UNKNOWN_ID' });
    network.change((it) => it.drop(pvd1));
    session.post(toServer);
    expect(refusal(session).reason).toBe('unknown-pvd');
  });

  test('connection: unspecified means the chosen domain, else that of the system, else none (MIF-66, PVD-34)', () => {
    const { network, session, pvd2 } = opened();
    const post = (connectionId: number) => session.post({ ...toServer, pvd: 'unspecified', connectionId });
    post(1);
    expect(refusal(session).reason).toBe('unknown-pvd');
    network.systemDefault = pvd2;
    post(2);
    session.post({ type: 'connect-to-pvd', pvd: 'eth1/192.0.2.1' });
    post(3);
    session.post({ type: 'connect-to-pvd', pvd: 'unspecified' });
    post(4);
    expect(network.attempts.map(({ source }) => source)).toEqual(['198.51.100.10', '192.0.2.10', '198.51.100.10']);
    expect(drain(session)).toEqual([
      { type: 'pvd-selected', pvd: { handle: 'pvd:1', id: 'eth1/192.0.2.1' }, extension: true },
      { type: 'pvd-selected', pvd: { handle: 'unspecified', id: 'unspecified' }, extension: true },
    ]);
  });

  test('connection: a chosen domain that ended fails until another is chosen, nothing drifts (MIF-67)', () => {
    const { network, session, pvd1, pvd2, eth1 } = opened();
    network.systemDefault = pvd2;
    session.post({ type: 'connect-to-pvd', pvd: 'pvd:1' });
    drain(session);
    network.change((it) => it.drop(pvd1));
    // It comes back under its id; the choice was of one association (PVD-27).
    network.change((it) => it.put({ ...domain(9, [eth1], pvd1.addresses), id: pvd1.id }));
    session.post({ ...toServer, pvd: 'unspecified' });
    expect(refusal(session).reason).toBe('pvd-gone');
    session.post({ type: 'connect-to-pvd', pvd: 'pvd:9' });
    session.post({ ...toServer, pvd: 'unspecified' });
    expect(network.attempts).toHaveLength(1);
  });

  test('connection: choosing an unknown domain keeps the choice (MIF-67)', () => {
    const { network, session } = opened();
    session.post({ type: 'connect-to-pvd', pvd: 'pvd:2' });
    session.post({ type: 'connect-to-pvd', pvd: 'pvd:77' });
    session.post({ ...toServer, pvd: 'unspecified' });
    expect(network.attempts[0]).toMatchObject({ source: '198.51.100.10' });
    expect(drain(session).at(-1)).toEqual({
      type: 'pvd-not-selected',
      pvd: { handle: 'pvd:77', id: 'pvd:77' },
      reason: 'unknown-pvd',
      extension: true,
    });
  });

  test('connection: everything in the null domain fails at once, chosen or named (MIF-66, PVD-35)', () => {
    const { network, session } = opened();
    session.post({ ...toServer, pvd: 'null' });
    expect(refusal(session)).toMatchObject({ reason: 'no-source', code: 'ERR_MIF_NO_ADDRESS' });
    session.post({ type: 'connect-to-pvd', pvd: 'null' });
    expect(lines(session)).toEqual(['selected null']);
    session.post({ ...toServer, pvd: 'unspecified' });
    expect(refusal(session).reason).toBe('no-source');
    expect(network.attempts).toEqual([]);
  });
});

describe('the end of what it needs', () => {
  test('connection: a domain that ends during an attempt ends the attempt (MIF-64)', () => {
    const { network, session, pvd1 } = opened();
    session.post(toServer);
    session.post({ ...toServer, pvd: 'pvd:2', connectionId: 'b' });
    network.change((it) => it.drop(pvd1));
    expect(refusal(session)).toMatchObject({ reason: 'pvd-gone', code: 'ERR_MIF_PATH_LOST' });
    expect(network.attempts.map(({ isCancelled }) => isCancelled)).toEqual([true, false]);
  });

  test('connection: a vanished interface ends the attempts in its domains (MIF-64)', () => {
    const { network, session, eth1 } = opened();
    session.post(toServer);
    network.change((it) => it.drop(eth1));
    expect(refusal(session).reason).toBe('pvd-gone');
  });

  test('connection: when the domain lives on elsewhere, only attempts over the lost interface end (MIF-59)', () => {
    const [eth1, eth2] = [link(1), link(2)];
    const addresses = [address(eth1, '192.0.2.10'), address(eth2, '192.0.2.11')];
    const network = new FakeNetwork().put(eth1, eth2, domain(1, [eth1, eth2], addresses));
    const session = openSession(network);
    session.post({ ...from, source: '192.0.2.10', connectionId: 1 });
    session.post({ ...from, source: '192.0.2.11', connectionId: 2 });
    network.change((it) => it.put(domain(1, [eth2], addresses.slice(1))).drop(eth1));
    expect(lines(session)).toEqual(['not connected 1: interface-gone']);
    expect(network.attempts.map(({ isCancelled }) => isCancelled)).toEqual([true, false]);
  });

  test('connection: an outcome that comes after the end is closed and not told (MIF-59)', () => {
    const { network, session, pvd1 } = opened();
    session.post(toServer);
    network.change((it) => it.drop(pvd1));
    drain(session);
    const late = new FakeConnection();
    network.attempts[0]!.end({ connection: late });
    expect(late.isClosed).toBe(true);
    expect(session.get()).toBeUndefined();
  });

  test('connection: an established connection is left to TCP when its domain ends (MIF-64)', () => {
    const { network, session, pvd1 } = opened();
    const connection = new FakeConnection();
    network.connectAtOnce = () => ({ connection });
    session.post(toServer);
    network.change((it) => it.drop(pvd1));
    expect(lines(session)).toEqual(['connected a']);
    expect(connection.isClosed).toBe(false);
  });
});

describe('stop-connecting', () => {
  const stop = { type: 'stop-connecting', connectionId: 'a' } as const;

  test('connection: a stopped attempt is cancelled and has no outcome (MIF-60)', () => {
    const { network, session } = opened();
    session.post(toServer);
    session.post(stop);
    expect(network.attempts[0]!.isCancelled).toBe(true);
    network.attempts[0]!.end({ error: systemError('ECONNREFUSED') });
    expect(session.get()).toBeUndefined();
    // The id is free.
    session.post(toServer);
  });

  test('connection: stopping purges an unread outcome and closes its socket (MIF-16, MIF-60)', () => {
    const { network, session } = opened();
    const connection = new FakeConnection();
    session.post(toServer);
    network.attempts[0]!.end({ connection });
    session.post(stop);
    expect(connection.isClosed).toBe(true);
    expect(session.get()).toBeUndefined();
    session.post({ ...toServer, pvd: 'pvd:77' });
    session.post(stop);
    expect(session.get()).toBeUndefined();
  });

  test('connection: stopping ends a token that nobody took, and leaves a socket that somebody did (MIF-60)', () => {
    const { network, session } = opened();
    const connections: FakeConnection[] = [];
    network.connectAtOnce = () => {
      connections.push(new FakeConnection());
      return { connection: connections.at(-1)! };
    };
    session.post(toServer);
    const { token } = session.get() as Connected;
    session.post(stop);
    expect(connections[0]!.isClosed).toBe(true);
    expect(() => session.take(token)).toThrow(expect.objectContaining({ code: 'ERR_MIF_UNKNOWN_ID' }));
    session.post(toServer);
    session.take((session.get() as Connected).token);
    session.post(stop);
    expect(connections[1]!.isClosed).toBe(false);
  });

  test('connection: stopping what is unknown is ignored, the race is normal (MIF-79)', () => {
    const { session } = opened();
    session.post(stop);
    expect(session.get()).toBeUndefined();
  });
});

describe('ids and tokens', () => {
  test('connection: an id in use is refused at once and its first use goes on (MIF-61)', () => {
    const { network, session } = opened();
    session.post(toServer);
    expect(() => session.post(toServer)).toThrow(expect.objectContaining({ code: 'ERR_MIF_DUPLICATE_ID' }));
    expect(network.attempts).toHaveLength(1);
    network.attempts[0]!.end({ error: systemError('ETIMEDOUT') });
    // Still in use: the outcome is unread.
    expect(() => session.post(toServer)).toThrow(expect.objectContaining({ code: 'ERR_MIF_DUPLICATE_ID' }));
    expect(lines(session)).toEqual(['not connected a: timeout']);
    session.post(toServer);
    expect(network.attempts).toHaveLength(2);
  });

  test('connection: an id stays in use while its token or its socket is open (MIF-61)', () => {
    const { network, session } = opened();
    const connection = new FakeConnection();
    network.connectAtOnce = () => ({ connection });
    const isInUse = () => {
      try {
        session.post({ ...toServer, pvd: 'pvd:77' });
        return false;
      } catch {
        return true;
      }
    };
    session.post(toServer);
    const { token } = session.get() as Connected;
    expect(isInUse()).toBe(true);
    const socket = session.take(token);
    expect(isInUse()).toBe(true);
    socket.emit('close', false);
    expect(isInUse()).toBe(false);
  });

  test('connection: 1 and "1" are two ids (MIF-61)', () => {
    const { network, session } = opened();
    session.post({ ...toServer, connectionId: 1 });
    session.post({ ...toServer, connectionId: '1' });
    expect(network.attempts).toHaveLength(2);
  });

  test('connection: a token is a socket once, then it is unknown (MIF-62)', () => {
    const { network, session } = opened();
    const connection = new FakeConnection();
    network.connectAtOnce = () => ({ connection });
    session.post(toServer);
    const { token } = session.get() as Connected;
    expect(session.take(token)).toBe(connection.socket);
    expect(() => session.take(token)).toThrow(expect.objectContaining({ code: 'ERR_MIF_UNKNOWN_ID' }));
    // Not even when another connection has its id.
    connection.socket.emit('close', false);
    session.post(toServer);
    expect(() => session.take(token)).toThrow(expect.objectContaining({ code: 'ERR_MIF_UNKNOWN_ID' }));
    expect(() => session.take('made up')).toThrow(expect.objectContaining({ code: 'ERR_MIF_UNKNOWN_ID' }));
  });

  test('connection: a socket that cannot be made frees the id, and the caller learns why (MIF-62)', () => {
    const { network, session } = opened();
    const connection = new FakeConnection();
    connection.take = () => {
      throw systemError('EBADF');
    };
    network.connectAtOnce = () => ({ connection });
    session.post(toServer);
    const { token } = session.get() as Connected;
    expect(() => session.take(token)).toThrow('EBADF');
    session.post(toServer);
  });

  test('connection: beyond 256 requests without a read answer a post is refused, reading makes room (MIF-83)', () => {
    const { network, session } = opened();
    const post = (connectionId: number) => session.post({ ...toServer, connectionId });
    for (let id = 0; id < 256; id += 1) post(id);
    expect(() => post(256)).toThrow(expect.objectContaining({ code: 'ERR_MIF_QUEUE_FULL' }));
    // What is refused has no effect at all.
    expect(network.attempts).toHaveLength(256);
    network.attempts[0]!.end({ error: systemError('ECONNREFUSED') });
    expect(() => post(256)).toThrow(expect.objectContaining({ code: 'ERR_MIF_QUEUE_FULL' }));
    session.get();
    post(256);
  });
});
