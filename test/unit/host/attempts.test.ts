// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from 'vitest';
import { MifError } from '../../../lib/binding/mif-error.ts';
import type { NativeConnectRequest, NativeOutcome } from '../../../lib/binding/native.ts';
import { Attempts } from '../../../lib/host/attempts.ts';

const request: NativeConnectRequest = {
  family: 4,
  type: 'stream',
  interfaceIndex: 3,
  destination: '192.0.2.1',
  port: 80,
};

let attempts: Attempts;
let calls: string[];
let received: NativeOutcome[];
const receive = (outcome: NativeOutcome) => received.push(outcome);

beforeEach(() => {
  let count = 0;
  calls = [];
  received = [];
  attempts = new Attempts({
    monitor: {
      connect: () => ++count,
      cancelConnect: (attempt) => calls.push(`cancel ${attempt}`),
    },
    closeDescriptor: (fd) => calls.push(`close ${fd}`),
    onActive: (isActive) => calls.push(isActive ? 'active' : 'idle'),
  });
});

describe('attempts', () => {
  it('attempts: each outcome goes to the one who waits for it, once', () => {
    attempts.start(request, receive);
    attempts.start(request, () => expect.unreachable());
    attempts.deliver([{ attempt: 1, fd: 20, elapsedMs: 5 }]);
    attempts.deliver([{ attempt: 1, fd: 21, elapsedMs: 5 }]);
    expect(received.map(({ fd }) => fd)).toEqual([20]);
    expect(calls).toEqual(['active', 'close 21']);
  });

  it('attempts: one that was given up is cancelled once, and its late descriptor closed', () => {
    const giveUp = attempts.start(request, () => expect.unreachable());
    giveUp();
    giveUp();
    attempts.deliver([{ attempt: 1, fd: 20, elapsedMs: 5 }]);
    expect(calls).toEqual(['active', 'idle', 'cancel 1', 'close 20']);
  });

  it('attempts: giving up after the outcome is nothing', () => {
    const giveUp = attempts.start(request, receive);
    attempts.deliver([{ attempt: 1, fd: 20, elapsedMs: 5 }]);
    giveUp();
    expect(calls).toEqual(['active', 'idle']);
  });

  it('attempts: the end of the monitor is the outcome of all', () => {
    attempts.start(request, receive);
    attempts.start(request, receive);
    attempts.fail(new MifError('ERR_MIF_CLOSED', 'the host is closed'));
    expect(received.map(({ failure }) => failure?.code)).toEqual(['ERR_MIF_CLOSED', 'ERR_MIF_CLOSED']);
    expect(calls).toEqual(['active', 'idle']);
  });
});
