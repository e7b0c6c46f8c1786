// SPDX-License-Identifier: MIT
// What a peer does to a connection while nobody has it yet. Real ones, over loopback.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../../lib/host/host.ts';
import { openHost } from '../../../lib/host/open-host.ts';
import { attemptConnection } from '../../../lib/socket/connection.ts';
import { WaitingConnection } from '../../../lib/socket/waiting-connection.ts';
import { until } from '../../lab/until.ts';

describe('waiting connection', () => {
  let host: Host;
  let server: Server;

  beforeEach(async () => {
    host = await openHost();
    server = createServer({ allowHalfOpen: true });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => {
    host.close();
    server.close();
  });

  /** A connection as a session makes it, and its peer. */
  async function meet(): Promise<{ socket: Socket; waiting: WaitingConnection; peer: Socket }> {
    const { port } = server.address() as { port: number };
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const endpoint = { family: 4, address: '127.0.0.1', port } as const;
    const socket = await new Promise<Socket>((connected, failed) => {
      attemptConnection(host, { endpoint }, {}, { connected, failed });
    });
    const waiting = new WaitingConnection(socket);
    const [peer] = await accepted;
    return { socket, waiting, peer };
  }

  const thrownBy = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return error;
    }
    return expect.unreachable('nothing was thrown');
  };

  it('waiting connection: where it leaves from is known, and it is taken once', async () => {
    const { socket, waiting, peer } = await meet();
    expect(waiting).toMatchObject({ localAddress: '127.0.0.1', localPort: peer.remotePort });
    expect(waiting.take()).toBe(socket);
    expect(thrownBy(() => waiting.take())).toMatchObject({ code: 'ERR_MIF_CLOSED' });
    // The taker's now: closing what was taken closes nothing.
    waiting.close();
    expect(socket.destroyed).toBe(false);
    socket.destroy();
    peer.destroy();
  });

  it('waiting connection: one that its peer resets ends no program, and its taker is told', async () => {
    const { socket, waiting, peer } = await meet();
    peer.resetAndDestroy();
    await until('the reset', () => socket.destroyed);
    expect(thrownBy(() => waiting.take())).toMatchObject({ code: 'ECONNRESET' });
    waiting.close();
  });

  it('waiting connection: a reset after it was taken is told as of any socket', async () => {
    const { waiting, peer } = await meet();
    const taken = waiting.take();
    const told = once(taken, 'error');
    peer.resetAndDestroy();
    expect((await told)[0]).toMatchObject({ code: 'ECONNRESET' });
    expect(taken.listenerCount('error')).toBe(0);
  });

  it("waiting connection: closed before it is taken, twice, it is nobody's", async () => {
    const { waiting, peer } = await meet();
    const ended = once(peer.resume(), 'end');
    waiting.close();
    waiting.close();
    await ended;
    peer.destroy();
    expect(thrownBy(() => waiting.take())).toMatchObject({ code: 'ERR_MIF_CLOSED' });
  });

  it('waiting connection: what the peer said and ended before is there for the taker', async () => {
    const { waiting, peer } = await meet();
    peer.end('hello');
    await once(peer, 'finish');
    const taken = waiting.take().setEncoding('utf8');
    expect(await once(taken, 'data')).toEqual(['hello']);
    await once(taken, 'close');
    peer.destroy();
  });

  it.each([true, false])("waiting connection: allowHalfOpen %s is the taker's to say", async (allowHalfOpen) => {
    const { waiting, peer } = await meet();
    const taken = waiting.take({ allowHalfOpen });
    const heard = once(peer.setEncoding('utf8'), 'data');
    peer.end();
    await once(taken.resume(), 'end');
    expect(taken.writable).toBe(allowHalfOpen);
    if (allowHalfOpen) {
      taken.end('still here');
      expect(await heard).toEqual(['still here']);
    } else heard.catch(() => {});
    peer.destroy();
    taken.destroy();
  });

  describe('whose peer ended its side before it was taken', () => {
    it('waiting connection: is open to a taker who allows that', async () => {
      const { socket, waiting, peer } = await meet();
      const heard = once(peer.setEncoding('utf8'), 'data');
      peer.end();
      await once(socket, 'end');
      const taken = waiting.take({ allowHalfOpen: true });
      taken.end('still here');
      expect(await heard).toEqual(['still here']);
    });

    it('waiting connection: ends as any socket for a taker who does not', async () => {
      const { socket, waiting, peer } = await meet();
      const ended = once(peer.resume(), 'end');
      peer.end();
      await once(socket, 'end');
      const taken = waiting.take();
      expect(taken.destroyed).toBe(false);
      await Promise.all([ended, once(taken, 'close')]);
    });
  });
});
