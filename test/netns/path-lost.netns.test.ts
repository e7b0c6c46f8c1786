// SPDX-License-Identifier: MIT
// Sockets are held to an interface, not to its index: when it ends, each of them ends with ERR_MIF_PATH_LOST, whoever has it
// by then, and nothing else does.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../lib/host/host.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { connect, createBoundSocket } from '../../lib/mif/mif.ts';
import { attemptConnection } from '../../lib/socket/connection.ts';
import { type EchoServer, Lab } from '../lab/lab.ts';
import { requires } from '../lab/requirements.ts';
import { until } from '../lab/until.ts';

const descriptors = () => readdirSync('/proc/self/fd').length;
const lost = expect.objectContaining({ code: 'ERR_MIF_PATH_LOST', interface: 't0' });

requires(
  'root',
  'ip',
  'nsenter',
)('path lost', () => {
  let lab: Lab;
  let host: Host;
  let server: EchoServer;

  beforeAll(async () => {
    lab = await Lab.up('dual-isp');
    server = await lab.echoServer('rc');
    host = await openHost({ netns: lab.netns('host'), sources: 'kernel' });
  });
  afterAll(async () => {
    await host?.close();
    await lab?.[Symbol.asyncDispose]();
  });

  /** A link that can be taken away, always with the same index. */
  const addLink = () =>
    lab.ipBatch('host', [
      `link add t0 index 70 type veth peer name t1 netns ${lab.netns('rc')}`,
      'addr add 192.0.2.1/24 dev t0',
      'link set t0 up',
    ]);
  const isThere = () => [...host.snapshot().interfaces].some(({ name, running }) => name === 't0' && running);

  beforeEach(async () => {
    await addLink();
    await lab.ipBatch('rc', ['addr add 192.0.2.9/24 dev t1', 'link set t1 up']);
    await until('t0', isThere);
  });
  afterEach(() => lab.tryIp('host', 'link del t0'));

  const make = (via = 't0') => createBoundSocket({ host, family: 4, type: 'stream', via });
  const adopted = (via?: string) =>
    // @ts-expect-error manualStart is not in the types of Node.
    make(via).adopt((fd) => new Socket({ fd, manualStart: true }));
  const errorOf = async (socket: Socket) => {
    const [error] = await once(socket, 'error');
    return error;
  };

  it('path lost: a bound socket that nobody adopted is closed, and says why (F5)', async () => {
    const before = descriptors();
    const bound = make();
    await lab.ip('host', 'link del t0');
    await until('the end', () => bound.fd === -1);
    expect(descriptors()).toBe(before);
    expect(() => bound.adopt()).toThrow(lost);
    expect(() => bound.adopt(() => expect.unreachable())).toThrow(lost);
    bound.close();
  });

  it('path lost: adopted sockets and connections are destroyed, those of other interfaces are not (F5, H3)', async () => {
    const before = descriptors();
    const sockets = Array.from({ length: 20 }, () => adopted());
    const other = adopted('b0');
    const connected = await connect({ address: '192.0.2.9', port: server.port }, { host, via: 't0' });
    connected.resume();
    const errors = Promise.all([...sockets, connected].map(errorOf));
    await lab.ip('host', 'link del t0');
    for (const error of await errors) expect(error).toEqual(lost);
    expect(other.destroyed).toBe(false);
    other.destroy();
    await until('descriptors to close', () => descriptors() === before);
  });

  it('path lost: a connection of a domain names it', async () => {
    await until('the domain', () => host.snapshot().pvds.some(({ id }) => id === 't0/static'));
    const connected = await connect({ address: '192.0.2.9', port: server.port }, { host, via: 't0/static' });
    connected.resume();
    const error = errorOf(connected);
    await lab.ip('host', 'link del t0');
    expect(await error).toMatchObject({ code: 'ERR_MIF_PATH_LOST', interface: 't0', pvd: 't0/static' });
  });

  it('path lost: an index that is used again does not save what was held to it before (F5, B9)', async () => {
    const bound = make();
    const socket = adopted();
    const error = errorOf(socket);
    await lab.ipBatch('host', [
      'link del t0',
      'link add t0 index 70 type veth peer name t1',
      'link set t1 up',
      'link set t0 up',
    ]);
    expect(await error).toEqual(lost);
    expect(bound.fd).toBe(-1);
    await until('the new one', isThere);
    using again = make();
    expect(again).toMatchObject({ interface: 't0', index: 70 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(again.fd).toBeGreaterThan(2);
  });

  it('path lost: a link that moves to another namespace has gone, one with another name has not (B7, B10)', async () => {
    const socket = adopted();
    await lab.ipBatch('host', ['link set t0 down', 'link set t0 name t9', 'link set t9 up']);
    await until('the name', () => [...host.snapshot().interfaces].some(({ name }) => name === 't9'));
    expect(socket.destroyed).toBe(false);
    const error = errorOf(socket);
    await lab.ip('host', `link set t9 netns ${lab.netns('rb')}`);
    expect(await error).toEqual(lost);
    await lab.tryIp('rb', 'link del t9');
  });

  it('path lost: a link that goes between creation and adoption, before anybody is told', async () => {
    const before = descriptors();
    const bound = make();
    // No turn of the event loop in between.
    execFileSync('ip', ['-n', lab.netns('host'), 'link', 'del', 't0']);
    // @ts-expect-error manualStart is not in the types of Node.
    const socket = bound.adopt((fd) => new Socket({ fd, manualStart: true }));
    expect(await errorOf(socket)).toEqual(lost);
    await until('descriptors to close', () => descriptors() === before);
  });

  it('path lost: a connection that was planned over an interface of before is none (F5)', async () => {
    const before = descriptors();
    const link = [...host.snapshot().interfaces].find(({ name }) => name === 't0')!;
    const request = {
      endpoint: { family: 4, address: '192.0.2.9', port: server.port },
      // Of the same index, and no more.
      interface: { ...link, id: 'if:70.0' },
    } as const;
    const outcome = new Promise((connected, failed) => attemptConnection(host, request, {}, { connected, failed }));
    await expect(outcome).rejects.toEqual(lost);
    await until('descriptors to close', () => descriptors() === before);
  });

  it('path lost: a maker that throws leaves no descriptor, and its error is told', () => {
    const before = descriptors();
    const bound = make();
    const failure = new Error('no');
    expect(() =>
      bound.adopt(() => {
        throw failure;
      }),
    ).toThrow(failure);
    expect(bound.fd).toBe(-1);
    expect(descriptors()).toBe(before);
  });

  it('path lost: a thousand other links come and go, and nothing is told', async () => {
    const sockets = Array.from({ length: 50 }, () => make('b0'));
    const before = host.stats().changes;
    const pairs = Array.from({ length: 500 }, (_, n) => n);
    await lab.ipBatch(
      'host',
      pairs.map((n) => `link add u${n} type veth peer name v${n}`),
    );
    await until('the links', () => host.snapshot().interfaces.length > 1000);
    await lab.ipBatch(
      'host',
      pairs.map((n) => `link del u${n}`),
    );
    await until('their end', () => host.snapshot().interfaces.length < 1000);
    // Not even a change was made of it.
    expect(host.stats().changes).toBe(before);
    expect(sockets.every(({ fd }) => fd > 2)).toBe(true);
    for (const socket of sockets) socket.close();
  });

  it('path lost: a host that was closed ends nothing; sockets are their owners', async () => {
    const brief = await openHost({ netns: lab.netns('host'), sources: 'kernel' });
    const bound = createBoundSocket({ host: brief, family: 4, type: 'stream', via: 't0' });
    await brief.close();
    expect(bound.fd).toBeGreaterThan(2);
    bound.close();
    expect(bound.fd).toBe(-1);
  });
});
