// SPDX-License-Identifier: MIT
// Sockets held to an interface and a source, in a host with two uplinks of which the routes prefer one. Made from
// outside of its namespace, on the monitor's thread; what is made on the calling thread is the same code.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isMifError } from '../../lib/binding/mif-error.ts';
import { type NativeBindRequest, type NativeMonitor, type NativeOutcome, native } from '../../lib/binding/native.ts';
import { Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const a0 = { interfaceIndex: 11, interfaceName: 'a0' };
const b0 = { interfaceIndex: 12, interfaceName: 'b0' };
const live = 2;

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
  const ended: NativeOutcome[] = [];

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    ({ port } = await lab.echoServer('inet'));
    const onWake = () => {
      monitor.snapshot();
      ended.push(...monitor.outcomes());
    };
    monitor = native().openMonitor({ namespacePath: lab.path('host'), settleMs: 0, onWake });
    monitor.hold(true);
    await until('the monitor to be live', () => monitor.state() === live);
  });
  afterAll(async () => {
    monitor?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  /** The outcome of an attempt, once it has ended. */
  function outcomeOf(attempt: number): Promise<NativeOutcome> {
    return until('an outcome', () => ended.find((outcome) => outcome.attempt === attempt));
  }

  /** What the server says of the connection behind a connected descriptor. */
  async function peerSeenBy(fd: number): Promise<{ peer: string }> {
    const socket = new Socket({ fd });
    const [line] = await once(socket, 'data');
    socket.destroy();
    return JSON.parse(String(line));
  }

  const stream = (request: Partial<NativeBindRequest>): NativeBindRequest => ({
    family: 4,
    type: 'stream',
    interfaceIndex: 0,
    ...request,
  });

  it.each([
    ['IPv4', 4, a0, '10.1.0.100', '198.51.100.80'],
    ['IPv4, against the preferred route', 4, b0, '10.2.0.100', '198.51.100.80'],
    ['IPv6', 6, a0, '2001:db8:a:1::100', '2001:db8:ffff::80'],
    ['IPv6, against the preferred route', 6, b0, '2001:db8:b:1::100', '2001:db8:ffff::80'],
  ] as const)(
    'bound socket: leaves by the interface it is held to: %s (F1)',
    async (_, family, device, source, destination) => {
      const outcome = await outcomeOf(monitor.connect({ ...stream({ family, ...device }), destination, port }));
      expect(outcome).toMatchObject({ localAddress: source, interfaceIndex: device.interfaceIndex });
      expect(await peerSeenBy(outcome.fd as number)).toMatchObject({ peer: source });
    },
  );

  it("bound socket: an address of the other uplink is accepted: checking the pair is the caller's affair (F7)", async () => {
    const { fd } = monitor.createBoundSocket(stream({ ...b0, source: '10.1.0.100' }));
    native().closeDescriptor(fd);
  });

  it('bound socket: one made elsewhere connects as the recipe says, and stays held (trap 1)', async () => {
    const { fd, interfaceIndex } = monitor.createBoundSocket(stream(b0));
    expect(interfaceIndex).toBe(b0.interfaceIndex);
    // @ts-expect-error manualStart is not in the types of Node; without it the constructor starts to read.
    const socket = new Socket({ fd, manualStart: true });
    socket.connect({ host: '198.51.100.80', port, autoSelectFamily: false });
    const [line] = await once(socket, 'data');
    socket.destroy();
    expect(JSON.parse(String(line))).toMatchObject({ peer: '10.2.0.100' });
  });

  it('bound socket: a source takes its port when it connects, not before', () => {
    const { fd } = monitor.createBoundSocket(stream({ ...a0, source: '10.1.0.100' }));
    const socket = new Socket({ fd, readable: false, writable: false });
    expect(socket.localPort).toBe(0);
    socket.destroy();
    // So any number of them may be open with one source: ports of this host end after some 28,000.
    const { fd: other } = monitor.createBoundSocket(stream({ ...a0, source: '10.1.0.100', sourcePort: 4711 }));
    const fixed = new Socket({ fd: other, readable: false, writable: false });
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
      const outcome = await outcomeOf(monitor.connect({ ...stream({ family: 6, ...device }), destination, port: 1 }));
      expect(outcome.failure).toMatchObject({ code: 'ERR_MIF_CONNECT_FAILED', errno: 111 });
    },
  );

  it.each([
    ['no such interface', 'ERR_MIF_INTERFACE_NOT_FOUND', { interfaceIndex: 999, interfaceName: 'gone0' }],
    ['no such address', 'ERR_MIF_NO_ADDRESS', { ...a0, source: '10.9.9.9' }],
    ['a link-local address of nobody', 'ERR_MIF_NO_ADDRESS', { family: 6, ...a0, source: 'fe80::dead' }],
    ['a link-local address without interface', 'ERR_MIF_SCOPE_REQUIRED', { family: 6, source: 'fe80::1' }],
    ['a port in use', 'ERR_MIF_BIND_FAILED', { ...a0, source: '10.1.0.100', sourcePort: 4712 }],
  ] as const)('bound socket: %s is %s, and nothing stays open', (_, code, request) => {
    const holder = monitor.createBoundSocket({
      ...stream({ ...a0, source: '10.1.0.100' }),
      type: 'datagram',
      sourcePort: 4712,
    });
    const before = readdirSync('/proc/self/fd').length;
    const error = thrownBy(() => monitor.createBoundSocket({ ...stream(request), type: 'datagram' }));
    expect(isMifError(error, code)).toBe(true);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
    native().closeDescriptor(holder.fd);
  });

  it('bound socket: one of IPv6 does not speak IPv4 through a mapped address', async () => {
    const request = { ...stream({ family: 6 }), destination: '::ffff:198.51.100.80', port };
    expect((await outcomeOf(monitor.connect(request))).failure).toMatchObject({ code: 'ERR_MIF_CONNECT_FAILED' });
  });

  it('bound socket: an attempt that is cancelled has no outcome and leaves nothing open (MIF-60)', async () => {
    const before = readdirSync('/proc/self/fd').length;
    // Nobody has this address: the kernel asks for it for seconds.
    const attempt = monitor.connect({ ...stream(a0), destination: '10.1.0.77', port });
    await until('the attempt to have its socket', () => readdirSync('/proc/self/fd').length > before);
    monitor.cancelConnect(attempt);
    await until('the socket to be closed', () => readdirSync('/proc/self/fd').length === before);
    // A later attempt has ended, and the cancelled one was not told of meanwhile.
    await outcomeOf(monitor.connect({ ...stream(a0), destination: '198.51.100.80', port: 1 }));
    expect(ended.filter((outcome) => outcome.attempt === attempt)).toEqual([]);
  });

  it('bound socket: an attempt through an interface that goes away ends, and says so (F5)', async () => {
    const attempt = monitor.connect({
      ...stream({ interfaceIndex: 13, interfaceName: 'wwan0' }),
      destination: '10.64.64.99',
      port,
    });
    await lab.ip('host', 'link del wwan0');
    expect((await outcomeOf(attempt)).failure).toMatchObject({ code: 'ERR_MIF_INTERFACE_NOT_FOUND' });
  });
});
