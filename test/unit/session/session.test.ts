// SPDX-License-Identifier: MIT
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { isMifError } from '../../../lib/binding/mif-error.ts';
import type { MifMessage } from '../../../lib/session/message.ts';
import { openSession } from '../../../lib/session/session.ts';
import { FakeConnection, link, twoUplinks } from './fake-network.ts';
import { drain, line, lines } from './reading.ts';

const announceInterfaces = { type: 'announce-interfaces' } as const;

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return isMifError(error) ? error.code : String(error);
  }
  return undefined;
}

/** An open session that has told its two interfaces. */
function settled(options?: Parameters<typeof openSession>[1]) {
  const { network, ...rest } = twoUplinks();
  const session = openSession(network, options);
  session.post(announceInterfaces);
  drain(session);
  return { network, session, ...rest };
}

describe('options', () => {
  test.each([0, -1, 1.5, Number.NaN, '10' as never])(
    'session: a queueLimit of %o is refused by name (MIF-83)',
    (queueLimit) => {
      expect(() => openSession(twoUplinks().network, { queueLimit })).toThrow(/queueLimit must be a positive integer/);
    },
  );

  test('session: without extensions only messages of the draft are delivered', () => {
    const { network } = twoUplinks();
    const session = openSession(network, { extensions: false });
    session.post(announceInterfaces);
    session.post({ type: 'announce-provisioning-domain', interface: '*' });
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    session.post({ type: 'connect-to-pvd', pvd: 'pvd:1' });
    session.post({ type: 'translate-name', pvd: 'pvd:1', name: 'host.example', translationId: 1 });
    session.post({ type: 'announce-provisioning-domain', interface: 'nowhere' });
    const messages = drain(session);
    expect(messages.filter((message) => 'extension' in message)).toEqual([]);
    expect(messages.map(line)).toEqual([
      '+ eth1',
      '+ eth2',
      '+ pvd:1 on eth1',
      '+ pvd:2 on eth2',
      '+ 192.0.2.10 in pvd:1',
      '+ 2001:db8:1::10 in pvd:1',
      '- nowhere',
    ]);
    expect(session.checkNow().size).toBe(0);
  });

  test('session: without extensions a list that is empty makes nothing readable (MIF-09)', () => {
    const { network, eth1, eth2, pvd1, pvd2 } = twoUplinks();
    const session = openSession(network, { extensions: false });
    session.post(announceInterfaces);
    network.change((it) => it.drop(eth1, eth2, pvd1, pvd2));
    expect(session.checkNow().size).toBe(0);
    expect(session.get()).toBeUndefined();
  });

  test('session: without extensions stop-connecting is refused', () => {
    const session = openSession(twoUplinks().network, { extensions: false });
    expect(() => session.post({ type: 'stop-connecting', connectionId: 1 })).toThrow(/opened without extensions/);
  });
});

describe('check', () => {
  test('session: checkNow tells whether get would return a message, and takes none (MIF-09)', () => {
    const { network, session } = settled();
    expect(session.checkNow()).toEqual(new Set());
    network.change((it) => it.put(link(3)));
    expect(session.checkNow()).toEqual(new Set(['mif']));
    expect(session.checkNow()).toEqual(new Set(['mif']));
    expect(lines(session)).toEqual(['+ eth3']);
    expect(session.checkNow()).toEqual(new Set());
  });

  test('session: check with 0 probes without waiting (MIF-09)', async () => {
    const { network, session } = settled();
    expect(await session.check({ timeout: 0 })).toEqual(new Set());
    expect(network.retained).toBe(0);
    network.change((it) => it.put(link(3)));
    expect(await session.check({ timeout: 0 })).toEqual(new Set(['mif']));
  });

  test('session: check waits for a message, without a limit unless one is given (MIF-09)', async () => {
    const { network, session } = settled();
    const waiting = [session.check(), session.check({ timeout: 60_000 })];
    network.change((it) => it.put(link(3)));
    expect(await Promise.all(waiting)).toEqual([new Set(['mif']), new Set(['mif'])]);
    expect(lines(session)).toEqual(['+ eth3']);
  });

  test('session: a check that ends by time has the empty set, not before its time (MIF-09)', async () => {
    vi.useFakeTimers();
    try {
      const { session } = settled();
      let result: unknown = 'waiting';
      void session.check({ timeout: 5_000 }).then((set) => {
        result = set;
      });
      await vi.advanceTimersByTimeAsync(4_999);
      expect(result).toBe('waiting');
      await vi.advanceTimersByTimeAsync(1);
      expect(result).toEqual(new Set());
    } finally {
      vi.useRealTimers();
    }
  });

  test('session: a check longer than timers can be does not end at once (MIF-09)', async () => {
    vi.useFakeTimers();
    try {
      const { session } = settled();
      let isOver = false;
      session.check({ timeout: 2 ** 40 }).then(
        () => {
          isOver = true;
        },
        () => undefined,
      );
      await vi.advanceTimersByTimeAsync(86_400_000);
      expect(isOver).toBe(false);
      await session.close();
    } finally {
      vi.useRealTimers();
    }
  });

  test('session: a signal ends a check with its own reason (MIF-09)', async () => {
    const { network, session } = settled();
    const reason = new Error('enough');
    await expect(session.check({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = session.check({ signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(network.retained).toBe(0);
  });

  test.each([-1, Number.NaN, '5' as never])('session: check refuses a timeout of %o by name', async (timeout) => {
    await expect(settled().session.check({ timeout })).rejects.toThrow(/timeout must be a number of milliseconds/);
  });

  test('session: who waits keeps the program alive, an idle session does not', async () => {
    const { network, session } = settled();
    expect(network.retained).toBe(0);
    const waiting = [session.check(), session.check()];
    expect(network.retained).toBe(1);
    network.change((it) => it.put(link(3)));
    await Promise.all(waiting);
    expect(network.retained).toBe(0);
  });
});

describe('get', () => {
  test('session: get returns each message once and then undefined, without waiting (MIF-10)', () => {
    const session = openSession(twoUplinks().network);
    expect(session.get()).toBeUndefined();
    session.post(announceInterfaces);
    expect([session.get(), session.get(), session.get()].map((message) => message?.type)).toEqual([
      'interface-announcement',
      'interface-announcement',
      'enumeration-done',
    ]);
    expect(session.get()).toBeUndefined();
  });

  test('session: messages are plain data that JSON keeps whole', () => {
    const session = openSession(twoUplinks().network);
    session.post(announceInterfaces);
    session.post({ type: 'announce-provisioning-domain', interface: '*' });
    session.post({ type: 'announce-address', pvd: 'pvd:1' });
    session.post({ type: 'connect-to-address', connectionId: 1, address: '192.0.2.1', port: 80, pvd: 'none' });
    for (const message of drain(session)) expect(JSON.parse(JSON.stringify(message))).toEqual(message);
  });
});

describe('iteration', () => {
  test('session: iterating gives what get would, and waits in between (MIF-11)', async () => {
    const { network, session } = settled();
    network.change((it) => it.put(link(3)));
    const read: string[] = [];
    for await (const message of session) {
      read.push(line(message));
      if (read.length === 1) setImmediate(() => network.change((it) => it.put(link(4))));
      if (read.length === 2) break;
    }
    expect(read).toEqual(['+ eth3', '+ eth4']);
    expect(network.retained).toBe(0);
  });

  test('session: what a loop leaves unread stays for the next reader (MIF-11)', async () => {
    const { network, session } = settled();
    network.change((it) => it.put(link(3), link(4)));
    for await (const message of session) {
      expect(line(message)).toBe('+ eth3');
      break;
    }
    expect(lines(session)).toEqual(['+ eth4']);
  });

  test('session: while it is iterated, every other way of reading is refused (MIF-11)', async () => {
    const { network, session } = settled();
    network.change((it) => it.put(link(3), link(4)));
    const iterator = session[Symbol.asyncIterator]();
    await iterator.next();
    expect(codeOf(() => session.get())).toBe('ERR_MIF_QUEUE_BUSY');
    expect(codeOf(() => session.checkNow())).toBe('ERR_MIF_QUEUE_BUSY');
    await expect(session.check()).rejects.toMatchObject({ code: 'ERR_MIF_QUEUE_BUSY' });
    await expect(session[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'ERR_MIF_QUEUE_BUSY' });
    await iterator.return();
    expect(lines(session)).toEqual(['+ eth4']);
  });

  test('session: a check that waits keeps an iteration out (MIF-11)', async () => {
    const { network, session } = settled();
    const waiting = session.check();
    await expect(session[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'ERR_MIF_QUEUE_BUSY' });
    network.change((it) => it.put(link(3)));
    await waiting;
  });

  test('session: closing ends an iteration in peace, a failing network with an error (MIF-12)', async () => {
    const read: MifMessage[] = [];
    const iterate = async (session: ReturnType<typeof openSession>) => {
      for await (const message of session) read.push(message);
    };
    const closed = settled();
    const ending = iterate(closed.session);
    await closed.session.close();
    await expect(ending).resolves.toBeUndefined();

    const failed = settled();
    const failing = iterate(failed.session);
    failed.network.fail(new Error('the kernel said no'));
    await expect(failing).rejects.toMatchObject({ code: 'ERR_MIF_CLOSED', cause: new Error('the kernel said no') });
    expect(read).toEqual([]);
  });
});

describe('end', () => {
  test('session: after close nothing is posted, read or reported (MIF-12)', async () => {
    const { network, session } = settled();
    network.change((it) => it.put(link(3)));
    await session.close();
    await session.close();
    network.change((it) => it.put(link(4)));
    expect(network.observers.size).toBe(0);
    expect(session.get()).toBeUndefined();
    expect(session.checkNow().size).toBe(0);
    expect(codeOf(() => session.post(announceInterfaces))).toBe('ERR_MIF_CLOSED');
    expect(codeOf(() => session.take('token'))).toBe('ERR_MIF_CLOSED');
    await expect(session.check()).rejects.toMatchObject({ code: 'ERR_MIF_CLOSED' });
  });

  test('session: close cancels attempts and closes tokens, not sockets that were taken (MIF-12)', async () => {
    const { network, session } = settled();
    for (const connectionId of ['trying', 'untaken', 'taken']) {
      session.post({ type: 'connect-to-address', connectionId, address: '203.0.113.1', port: 80, pvd: 'pvd:1' });
    }
    const [untaken, taken] = [new FakeConnection(), new FakeConnection()];
    network.attempts[1]!.end({ connection: untaken });
    network.attempts[2]!.end({ connection: taken });
    for (const message of drain(session)) {
      if (message.type === 'connected' && message.connectionId === 'taken') session.take(message.token);
    }
    await session.close();
    expect(network.attempts[0]!.isCancelled).toBe(true);
    expect(untaken.isClosed).toBe(true);
    expect(taken).toMatchObject({ isTaken: true, isClosed: false });
  });

  test('session: await using closes (MIF-12)', async () => {
    const { network, session } = settled();
    await session[Symbol.asyncDispose]();
    expect(network.observers.size).toBe(0);
  });

  test('session: close ends a waiting check (MIF-12)', async () => {
    const { network, session } = settled();
    const waiting = session.check();
    await session.close();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_MIF_CLOSED' });
    expect(network.retained).toBe(0);
  });

  test('session: when the network ends, waiting and posting fail with its reason (MIF-80)', async () => {
    const { network, session } = settled();
    const waiting = session.check();
    const cause = new Error('the kernel said no');
    network.fail(cause);
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_MIF_CLOSED', cause });
    expect(() => session.post(announceInterfaces)).toThrow(/the kernel said no/);
    expect(network.observers.size).toBe(0);
  });

  test('session: one that nobody holds any more ends by itself (MIF-12)', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { network } = twoUplinks();
    const connection = new FakeConnection();
    network.connectAtOnce = () => ({ connection });
    (() => {
      const session = openSession(network);
      session.post({ type: 'connect-to-address', connectionId: 1, address: '203.0.113.1', port: 80, pvd: 'pvd:1' });
    })();
    await vi.waitFor(() => {
      collect();
      expect(network.observers.size).toBe(0);
    });
    expect(connection.isClosed).toBe(true);
  });

  test('session: one that somebody waits on is not garbage (MIF-12)', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { network } = twoUplinks();
    const waiting = (() => {
      const session = openSession(network);
      session.post({ type: 'stop-announcing-interfaces' });
      return session.check().then((set) => [...set]);
    })();
    for (let round = 0; round < 5; round += 1) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(network.observers.size).toBe(1);
    for (const observer of network.observers) observer.closed();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_MIF_CLOSED' });
  });
});

test('session: subscribers have their own flags, ids and defaults (MIF-82)', () => {
  const { network } = twoUplinks();
  const one = openSession(network);
  const other = openSession(network);
  one.post(announceInterfaces);
  one.post({ type: 'connect-to-pvd', pvd: 'pvd:1' });
  const request = {
    type: 'connect-to-address',
    connectionId: 1,
    address: '203.0.113.1',
    port: 80,
    pvd: 'unspecified',
  } as const;
  one.post(request);
  other.post(request);
  expect(network.attempts).toHaveLength(1);
  expect(lines(other)).toEqual(['not connected 1: unknown-pvd']);
});
