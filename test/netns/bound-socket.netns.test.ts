// SPDX-License-Identifier: MIT
// Sockets held to an interface and a source, in a host with two uplinks of which the routes prefer one. Made from
// outside of its namespace, on the monitor's thread; what is made on the calling thread is the same code.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isMifError } from '../../lib/binding/mif-error.ts';
import { type NativeMonitor, native } from '../../lib/binding/native.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const a0 = { index: 11, name: 'a0' };
const b0 = { index: 12, name: 'b0' };
/** As binding.d.ts numbers them. */
const stream = 0;
const datagram = 1;
const none = { index: 0, name: '' };
const live = 2;

interface Wanted {
  family: 4 | 6;
  type: 0 | 1;
  source: string;
  port: number;
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

requires(
  'root',
  'ip',
  'nsenter',
)('bound socket', () => {
  let lab: Lab;
  let monitor: NativeMonitor;
  let port: number;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    ({ port } = await lab.echoServer('inet'));
    monitor = native().openMonitor({
      namespacePath: lab.path('host'),
      settleMs: 0,
      onWake: () => monitor.snapshot(),
    });
    monitor.hold(true);
    await until('the monitor to be live', () => monitor.state() === live);
  });
  afterAll(async () => {
    monitor?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  const bind = (
    { index, name }: { index: number; name: string },
    { family = 4, type = stream, source, port = 0 }: Partial<Wanted> = {},
  ) => monitor.createBoundSocket(family, type, index, name, source, port);

  /** As the recipe says (trap 1): Node connects it, and takes no other for it. */
  function connected(fd: number, destination: string, to = port): Socket {
    // @ts-expect-error manualStart is not in the types of Node; without it the constructor starts to read.
    const socket = new Socket({ fd, manualStart: true });
    return socket.connect({ host: destination, port: to, autoSelectFamily: false });
  }

  it.each([
    ['IPv4', 4, a0, '10.1.0.100', '198.51.100.80'],
    ['IPv4, against the preferred route', 4, b0, '10.2.0.100', '198.51.100.80'],
    ['IPv6', 6, a0, '2001:db8:a:1::100', '2001:db8:ffff::80'],
    ['IPv6, against the preferred route', 6, b0, '2001:db8:b:1::100', '2001:db8:ffff::80'],
  ] as const)(
    'bound socket: one made elsewhere leaves by the interface it is held to, and stays held: %s (F1, trap 1)',
    async (_, family, device, source, destination) => {
      const fd = bind(device, { family });
      const socket = connected(fd, destination);
      const [line] = await once(socket, 'data');
      expect(JSON.parse(String(line))).toMatchObject({ peer: source });
      expect(native().heldDevice(fd)).toBe(device.index);
      socket.destroy();
    },
  );

  it("bound socket: an address of the other uplink is accepted: checking the pair is the caller's affair (F7)", () => {
    const fd = bind(b0, { source: '10.1.0.100' });
    expect(native().heldDevice(fd)).toBe(b0.index);
    native().closeDescriptor(fd);
  });

  it('bound socket: a source takes its port when it connects, not before', () => {
    const socket = new Socket({ fd: bind(a0, { source: '10.1.0.100' }), readable: false, writable: false });
    expect(socket.localPort).toBe(0);
    socket.destroy();
    // So any number of them may be open with one source: ports of this host end after some 28,000.
    const fixed = new Socket({
      fd: bind(a0, { source: '10.1.0.100', port: 4711 }),
      readable: false,
      writable: false,
    });
    expect(fixed.localPort).toBe(4711);
    fixed.destroy();
  });

  it.each([
    ['fe80::a:1', a0],
    ['fe80::b:1', b0],
  ] as const)(
    'bound socket: the link-local peer %s is sought on the link it is held to (F8)',
    async (destination, device) => {
      // Nobody listens there: the router refuses, which only happens when the question reached it.
      const [error] = await once(connected(bind(device, { family: 6 }), destination, 1), 'error');
      expect(error).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
    },
  );

  it.each([
    ['no such interface', 'ERR_MIF_INTERFACE_NOT_FOUND', { index: 999, name: 'gone0' }, {}],
    ['no such address', 'ERR_MIF_NO_ADDRESS', a0, { source: '10.9.9.9' }],
    ['a link-local address of nobody', 'ERR_MIF_NO_ADDRESS', a0, { family: 6, source: 'fe80::dead' }],
    ['a link-local address without interface', 'ERR_MIF_SCOPE_REQUIRED', none, { family: 6, source: 'fe80::1' }],
    ['a port in use', 'ERR_MIF_BIND_FAILED', a0, { source: '10.1.0.100', port: 4712 }],
  ] as const)('bound socket: %s is %s, and nothing stays open', (_, code, device, wanted) => {
    const holder = bind(a0, { type: datagram, source: '10.1.0.100', port: 4712 });
    const before = readdirSync('/proc/self/fd').length;
    const error = thrownBy(() => bind(device, { ...wanted, type: datagram }));
    expect(isMifError(error, code)).toBe(true);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
    native().closeDescriptor(holder);
  });

  it('bound socket: one of IPv6 does not speak IPv4 through a mapped address', async () => {
    const [error] = await once(connected(bind(none, { family: 6 }), '::ffff:198.51.100.80'), 'error');
    expect(error).toMatchObject({ code: 'ENETUNREACH', syscall: 'connect' });
  });

  it('bound socket: one whose interface has gone is still held to it (F5)', async () => {
    const fd = bind({ index: 13, name: 'wwan0' });
    await lab.ip('host', 'link del wwan0');
    expect(native().heldDevice(fd)).toBe(13);
    native().closeDescriptor(fd);
  });
});
