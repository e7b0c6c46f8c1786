// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { SendQueue, type Waiting } from '../../../lib/socket/send-queue.ts';

describe('send queue', () => {
  /** A datagram that writes down what becomes of it. */
  const waiting = (text: string, log: string[]): Waiting => ({
    data: Buffer.from(text),
    departure: {},
    sent: () => log.push(`sent ${text}`),
    failed: (error) => log.push(`${text}: ${(error as Error).message}`),
  });

  it('send queue: sends in order until there is no room, and goes on where it was', () => {
    const log: string[] = [];
    const queue = new SendQueue(10);
    for (const text of ['a', 'b', 'c']) queue.add(waiting(text, log));
    let room = 2;
    queue.drain(() => room-- > 0);
    expect(log).toEqual(['sent a', 'sent b']);
    expect(queue.length).toBe(1);
    queue.add(waiting('d', log));
    queue.drain(() => true);
    expect(log).toEqual(['sent a', 'sent b', 'sent c', 'sent d']);
    expect(queue.length).toBe(0);
  });

  it('send queue: one that cannot go does not stop those behind it', () => {
    const log: string[] = [];
    const queue = new SendQueue(10);
    for (const text of ['a', 'b', 'c']) queue.add(waiting(text, log));
    queue.drain(({ data }) => {
      if (String(data) === 'b') throw new Error('refused');
      return true;
    });
    expect(log).toEqual(['sent a', 'b: refused', 'sent c']);
  });

  it('send queue: has room again for each that went', () => {
    const log: string[] = [];
    const queue = new SendQueue(2);
    queue.add(waiting('a', log));
    queue.add(waiting('b', log));
    expect(() => queue.add(waiting('c', log))).toThrow(expect.objectContaining({ code: 'ERR_MIF_QUEUE_FULL' }));
    queue.drain(({ data }) => String(data) === 'a');
    queue.add(waiting('c', log));
    expect(queue.length).toBe(2);
  });

  it('send queue: when it ends, all that waits fails, once', () => {
    const log: string[] = [];
    const queue = new SendQueue(10);
    for (const text of ['a', 'b', 'c']) queue.add(waiting(text, log));
    queue.drain(({ data }) => String(data) === 'a');
    queue.fail(new Error('closed'));
    queue.fail(new Error('again'));
    queue.drain(() => true);
    expect(log).toEqual(['sent a', 'b: closed', 'c: closed']);
    expect(queue.length).toBe(0);
  });
});
