// SPDX-License-Identifier: MIT
// The real library on whatever host this is, checked against what Node itself says of it.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Address,
  type Interface,
  unpackAddress,
  unpackInterface,
  unpackRoute,
} from '../../../lib/binding/contract.gen.ts';
import { isMifError } from '../../../lib/binding/mif-error.ts';
import { type NativeBinding, type NativeMonitor, type NativeSnapshot, native } from '../../../lib/binding/native.ts';
import { Unpacker } from '../../../lib/binding/unpacker.ts';

const kinds = { interface: 0, address: 1, route: 3 };
const endPosition = 0xffffffff;
const live = 2;

/** All records of a kind, read in batches. */
function readAll<T>(snapshot: NativeSnapshot, kind: number, unpack: (u: Unpacker) => T, batch: number): T[] {
  const records: T[] = [];
  for (let position = 0; position !== endPosition; ) {
    const context = { now: native().now(), interfaceName: (index: number) => `#${index}` };
    const u = new Unpacker(snapshot.read(kind, position, batch), context);
    position = u.word();
    for (let left = u.word(); left > 0; left--) records.push(unpack(u));
    expect(u.remaining).toBe(0);
  }
  return records;
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('binding: an open monitor', () => {
  let monitor: NativeMonitor;
  let snapshot: NativeSnapshot;

  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      const onWake = () => {
        snapshot = monitor.snapshot();
        if (monitor.state() === live) resolve();
      };
      monitor = native().openMonitor({ settleMs: 0, onWake });
      monitor.hold(true);
    });
  });
  afterAll(() => monitor.close());

  it.each([1, 3, 1000])('binding: every address that Node knows is there, read in batches of %i', (batch) => {
    const links = new Map(readAll(snapshot, kinds.interface, unpackInterface, batch).map((link) => [link.index, link]));
    const named = ({ index, address, prefixLength }: Address) => `${links.get(index)?.name} ${address}/${prefixLength}`;
    const ours = readAll(snapshot, kinds.address, unpackAddress, batch).map(named);
    const theirs = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
      addresses.map(({ cidr }) => `${name} ${cidr}`),
    );
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.filter((address) => !ours.includes(address))).toEqual([]);
  });

  it('binding: interfaces have the link-layer address that Node knows', () => {
    const macs = new Map(
      readAll(snapshot, kinds.interface, unpackInterface, 100).map(({ name, mac }: Interface) => [name, mac]),
    );
    for (const [name, [first] = []] of Object.entries(networkInterfaces())) expect(macs.get(name)).toBe(first?.mac);
  });

  it('binding: the loopback interface is what it is on every host', () => {
    const loopback = readAll(snapshot, kinds.interface, unpackInterface, 100).find(({ index }) => index === 1);
    expect(loopback).toMatchObject({ name: 'lo', hardwareType: 'loopback', generation: 1, mac: '00:00:00:00:00:00' });
    expect(loopback?.flags).toEqual(expect.arrayContaining(['up', 'loopback', 'running']));
    const own = readAll(snapshot, kinds.address, unpackAddress, 100).find(({ address }) => address === '127.0.0.1');
    expect(own).toMatchObject({ interface: '#1', family: 4, scope: 'host', validLifetime: null });
  });

  it('binding: sizes count what is read, with a filter as without', () => {
    const routes = readAll(snapshot, kinds.route, unpackRoute, 100);
    expect(snapshot.size(kinds.route)).toBe(routes.length);
    for (const family of [4, 6] as const) {
      expect(snapshot.size(kinds.route, { family })).toBe(routes.filter((route) => route.family === family).length);
    }
    // RTN_LOCAL is 2.
    const filter = { types: 1 << 2, table: 255, family: 4 };
    expect(snapshot.size(kinds.route, filter)).toBe(
      routes.filter(({ type, table, family }) => type === 'local' && table === 255 && family === 4).length,
    );
  });

  it('binding: nothing leads from a snapshot to itself', () => {
    expect([...snapshot.difference(snapshot)]).toEqual([0, 0]);
    expect(snapshot).toMatchObject({ epoch: 1, synced: true });
  });

  const invalid: [string, RegExp, () => unknown][] = [
    ['no kind', /^kind must be a whole number from 0 to 5, not 6$/, () => snapshot.size(6)],
    ['half a position', /^position must be a whole number/, () => snapshot.read(0, 0.5, 1)],
    ['a negative position', /^position must be .* not -1$/, () => snapshot.read(0, -1, 1)],
    ['a limit of none', /^limit must be a whole number from 1 /, () => snapshot.read(0, 0, 0)],
    ['family 5', /^filter\.family must be 4 or 6, not 5$/, () => snapshot.size(3, { family: 5 })],
    ['a long prefix', /^filter\.maxPrefixLength must be/, () => snapshot.size(3, { maxPrefixLength: 129 })],
    ['no filter', /^filter must be an object, not "x"$/, () => snapshot.size(3, 'x' as never)],
    ['no snapshot', /^earlier must be a snapshot/, () => snapshot.difference({} as never)],
    ['a monitor', /^earlier must be a snapshot/, () => snapshot.difference(monitor as never)],
    ['no truth value', /^alive must be true or false, not 1$/, () => monitor.hold(1 as never)],
    ['no options', /^options must be an object, not undefined$/, () => native().openMonitor(undefined as never)],
    ['no function', /^options\.onWake must be a function/, () => native().openMonitor({ settleMs: 0 } as never)],
    [
      'a path with NUL',
      /^options\.namespacePath must be a string without NUL/,
      () => native().openMonitor({ settleMs: 0, onWake() {}, namespacePath: '/run/netns/a\0b' }),
    ],
  ];
  it.each(invalid)('binding: refuses %s by the name of the argument', (_, message, call) => {
    const error = thrownBy(call);
    expect(isMifError(error, 'ERR_MIF_INVALID_ARG')).toBe(true);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('binding: what a getter of the options throws comes out as it is', () => {
    const thrown = new Error('mine');
    const options = {
      settleMs: 0,
      get onWake(): () => void {
        throw thrown;
      },
    };
    expect(thrownBy(() => native().openMonitor(options))).toBe(thrown);
  });
});

describe('binding: sockets', () => {
  type Arguments = Parameters<NativeBinding['createBoundSocket']>;
  const bind = (...[family = 4, type = 0, index = 0, name = '', source, port = 0, options]: Partial<Arguments>) =>
    native().createBoundSocket(family, type, index, name, source, port, options);

  const refused: [string, string, RegExp, () => unknown][] = [
    ['family 5', 'ERR_MIF_INVALID_ARG', /^family must be 4 or 6, not 5$/, () => bind(5 as never)],
    ['no type', 'ERR_MIF_INVALID_ARG', /^type must be a whole number from 0 to 2, not 3$/, () => bind(4, 3 as never)],
    ['a type by name', 'ERR_MIF_INVALID_ARG', /^type must be .* not "stream"$/, () => bind(4, 'stream' as never)],
    ['no index', 'ERR_MIF_INVALID_ARG', /^interfaceIndex must be .* not -1$/, () => bind(4, 0, -1)],
    ['no name', 'ERR_MIF_INVALID_ARG', /^interfaceName must be a string/, () => bind(4, 0, 0, 7 as never)],
    [
      'no port',
      'ERR_MIF_INVALID_ARG',
      /^sourcePort must be .* 65535, not 65536$/,
      () => bind(4, 0, 0, '', undefined, 65536),
    ],
    ['the other family', 'ERR_MIF_INVALID_ARG', /^source must be an IPv4 address/, () => bind(4, 0, 0, '', '::1')],
    ['a zone', 'ERR_MIF_INVALID_ARG', /without zone/, () => bind(6, 0, 0, '', 'fe80::1%lo')],
    ['a name for a source', 'ERR_MIF_INVALID_ARG', /not "localhost"$/, () => bind(4, 0, 0, '', 'localhost')],
    [
      'no options',
      'ERR_MIF_INVALID_ARG',
      /^options must be an object, not 7$/,
      () => bind(4, 0, 0, '', undefined, 0, 7 as never),
    ],
    [
      'too high a mark',
      'ERR_MIF_INVALID_ARG',
      /^options\.mark must be/,
      () => bind(4, 0, 0, '', undefined, 0, { mark: 2 ** 32 }),
    ],
    [
      'a foreign source',
      'ERR_MIF_NO_ADDRESS',
      /^cannot bind a socket to 192\.0\.2\.1: /,
      () => bind(4, 0, 0, '', '192.0.2.1'),
    ],
    [
      'an interface that is not there',
      'ERR_MIF_INTERFACE_NOT_FOUND',
      /^cannot hold a socket to interface "gone0" \(index 2147483647\): there is no such interface$/,
      () => bind(4, 0, 0x7fffffff, 'gone0'),
    ],
    [
      'a link-local source without interface',
      'ERR_MIF_SCOPE_REQUIRED',
      /a link-local address needs an interface$/,
      () => bind(6, 0, 0, '', 'fe80::1'),
    ],
  ];
  it.each(refused)('binding: a socket for %s is refused and leaves nothing open', (_, code, message, call) => {
    const before = readdirSync('/proc/self/fd').length;
    const error = thrownBy(call);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
    expect(error).toMatchObject({ name: 'MifError', code, message: expect.stringMatching(message) });
  });

  it('binding: a socket held to loopback says so, and is closed once', () => {
    const fd = bind(4, 0, 1, 'lo', '127.0.0.1');
    expect(native().heldDevice(fd)).toBe(1);
    expect(readlinkSync(`/proc/self/fd/${fd}`)).toMatch(/^socket:/);
    const [, flags] = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
    // O_CLOEXEC and O_NONBLOCK; no child of this process is to have it (SEC-24).
    expect(Number.parseInt(flags ?? '0', 8) & 0o2004000).toBe(0o2004000);
    native().closeDescriptor(fd);
    expect(() => readlinkSync(`/proc/self/fd/${fd}`)).toThrow('ENOENT');
  });

  it('binding: what is held to nothing says so, and what is no socket cannot say', () => {
    const fd = bind();
    expect(native().heldDevice(fd)).toBe(0);
    native().closeDescriptor(fd);
    const error = thrownBy(() => native().heldDevice(fd));
    expect(error).toMatchObject({ name: 'MifError', code: 'ERR_MIF_BIND_FAILED', syscall: 'SO_BINDTOIFINDEX' });
  });
});
