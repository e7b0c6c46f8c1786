// SPDX-License-Identifier: MIT
// The socket behind connect(): what ends it before it is connected, what its receiver hears, and that it connects once. Over
// loopback, on whatever host this is.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { native } from '../../../lib/binding/native.ts';
import { accessOf, type Host } from '../../../lib/host/host.ts';
import { openHost } from '../../../lib/host/open-host.ts';
import type { Interface } from '../../../lib/snapshot/change.ts';
import { attemptConnection, type ConnectionRequest } from '../../../lib/socket/connection.ts';
import { type HeldStream, heldStream } from '../../../lib/socket/held-stream.ts';
import { heldPathsOf } from '../../../lib/socket/path-hold.ts';
import { until } from '../../lab/until.ts';

/** What a receiver was told, in order. */
type Told = { socket: Socket } | { error: Error };

describe('held stream', () => {
  let host: Host;
  let server: Server;
  let loopback: Interface;
  let accepted: Socket[];
  let told: Told[];

  const receiver = {
    connected: (socket: Socket) => told.push({ socket }),
    failed: (error: Error) => told.push({ error }),
  };

  beforeEach(async () => {
    host = await openHost();
    loopback = [...host.snapshot().interfaces].find(({ index }) => index === 1)!;
    accepted = [];
    told = [];
    server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      accepted.push(socket);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => {
    for (const entry of told) if ('socket' in entry) entry.socket.destroy();
    for (const socket of accepted) socket.destroy();
    host.close();
    server.close();
  });

  const endpoint = () => ({
    family: 4 as const,
    address: '127.0.0.1',
    port: (server.address() as { port: number }).port,
  });
  const attempt = (request: Partial<ConnectionRequest> = {}, allowHalfOpen = false) =>
    attemptConnection(
      host,
      { endpoint: endpoint(), interface: loopback, ...request },
      { allowHalfOpen },
      receiver,
    ) as HeldStream;
  const descriptors = () => readdirSync('/proc/self/fd').length;
  const errors = () => told.map((entry) => ('error' in entry ? entry.error : entry));

  async function connected(allowHalfOpen = false): Promise<Socket> {
    attempt({}, allowHalfOpen);
    await until('the connection', () => told.length === 1 && accepted.length === 1);
    const [entry] = told;
    return entry !== undefined && 'socket' in entry ? entry.socket : expect.unreachable('not connected');
  }

  it('held stream: connects once only, neither while it is open nor after its end (H3)', async () => {
    const socket = await connected();
    const again = () => socket.connect(endpoint().port, '127.0.0.1');
    expect(again).toThrow(expect.objectContaining({ code: 'ERR_MIF_CLOSED' }));
    socket.destroy();
    await once(socket, 'close');
    const before = descriptors();
    expect(again).toThrow(expect.objectContaining({ code: 'ERR_MIF_CLOSED' }));
    expect([socket.connecting, socket.destroyed, descriptors()]).toEqual([false, true, before]);
    // A later connection is the second that the server has.
    told = [];
    await once(attempt(), 'connect');
    await until('the later connection', () => accepted.length === 2);
  });

  it('held stream: destroyed before it is connected, it is a failure that tells so, once', async () => {
    const before = descriptors();
    attempt().destroy();
    const reason = new Error('mine');
    const second = attempt();
    second.destroy(reason);
    second.destroy(new Error('later'));
    await until('no descriptor left', () => descriptors() <= before + accepted.length);
    expect(errors()).toEqual([expect.objectContaining({ code: 'ERR_MIF_CLOSED' }), reason]);
  });

  it('held stream: given up, it says no word; given up when it is connected, nothing happens', async () => {
    const given = attempt();
    given.giveUp();
    await once(given, 'close');
    expect(told).toEqual([]);
    const socket = (await connected()) as HeldStream;
    socket.giveUp();
    expect(socket.destroyed).toBe(false);
  });

  it('held stream: an interface that ended before it began is lost at once, and no peer hears of it (F5)', async () => {
    const before = descriptors();
    attempt({ interface: { ...loopback, id: 'if:1.7' }, pvd: 'lo/static' });
    expect(errors()).toEqual([
      expect.objectContaining({ code: 'ERR_MIF_PATH_LOST', interface: 'lo', pvd: 'lo/static' }),
    ]);
    await until('no descriptor left', () => descriptors() <= before);
    // The next one is the first that the server sees.
    told = [];
    await connected();
    expect(accepted).toHaveLength(1);
  });

  it("held stream: one that does not read back as held is nobody's, and nothing is said through it (F5, F7)", async () => {
    const fd = native().createBoundSocket(4, 0, 0, '', undefined, 0);
    const HeldStream = heldStream();
    const path = { endpoint: endpoint(), interface: loopback };
    new HeldStream({
      fd,
      allowHalfOpen: false,
      path,
      access: accessOf(host),
      paths: heldPathsOf(host),
      receiver,
    });
    await until('the failure', () => told.length === 1);
    expect(errors()).toEqual([expect.objectContaining({ code: 'ERR_MIF_BIND_FAILED', interface: 'lo' })]);
    await until('the peer', () => accepted.length === 1);
    const [peer] = accepted;
    let heard = 0;
    peer!.on('data', ({ length }) => {
      heard += length;
    });
    await until('the end', () => peer!.readableEnded);
    expect(heard).toBe(0);
  });

  it('held stream: the end of the host ends it while it connects, and not when it is connected', async () => {
    const socket = await connected();
    attempt();
    host.close();
    expect(errors().slice(1)).toEqual([expect.objectContaining({ code: 'ERR_MIF_CLOSED' })]);
    socket.write('x');
    expect(await once(accepted[0]!, 'data')).toEqual([Buffer.from('x')]);
  });

  it.each([true, false])('held stream: allowHalfOpen %s is kept', async (allowHalfOpen) => {
    const socket = await connected(allowHalfOpen);
    const [peer] = accepted;
    const heard: string[] = [];
    peer!.setEncoding('utf8').on('data', (text: string) => heard.push(text));
    const ended = once(peer!, 'end');
    peer!.end();
    await once(socket.resume(), 'end');
    expect(socket.writable).toBe(allowHalfOpen);
    if (allowHalfOpen) socket.end('still here');
    await ended;
    expect(heard.join('')).toBe(allowHalfOpen ? 'still here' : '');
  });
});
