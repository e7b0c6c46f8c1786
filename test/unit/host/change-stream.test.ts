// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from 'vitest';
import { ChangeStream } from '../../../lib/host/change-stream.ts';
import type { HostChange } from '../../../lib/snapshot/change.ts';

let present: number;
let waiting: number;
let ended: unknown[];

/** A stream over numbered moments; between an odd one and the next nothing differs. */
function streamOf(signal?: AbortSignal) {
  return new ChangeStream<number>(
    {
      current: () => present,
      between: (earlier, later) =>
        earlier % 2 === 1 && later === earlier + 1
          ? undefined
          : ({ generation: later, epoch: earlier } as Partial<HostChange> as HostChange),
      waiting: (isWaiting) => {
        waiting += isWaiting ? 1 : -1;
      },
      ended: (stream) => ended.push(stream),
    },
    signal,
  );
}

beforeEach(() => {
  present = 0;
  waiting = 0;
  ended = [];
});

const steps = ({ value }: IteratorResult<HostChange, undefined>) => value && `${value.epoch}-${value.generation}`;

describe('change stream', () => {
  it('changes(): what happened since the last read is one change, at once', async () => {
    const stream = streamOf();
    present = 5;
    expect(steps(await stream.next())).toBe('0-5');
    expect(waiting).toBe(0);
  });

  it('changes(): a read waits for a difference, not for a moment', async () => {
    present = 1;
    const stream = streamOf();
    const reading = stream.next();
    present = 2;
    stream.wake();
    expect(waiting).toBe(1);
    present = 4;
    stream.wake();
    expect(steps(await reading)).toBe('2-4');
    expect(waiting).toBe(0);
  });

  it('changes(): reads that wait together get one change each, in their order', async () => {
    const stream = streamOf();
    const reads = [stream.next(), stream.next()];
    present = 2;
    stream.wake();
    present = 4;
    stream.wake();
    expect((await Promise.all(reads)).map(steps)).toEqual(['0-2', '2-4']);
  });

  it('changes(): ends for every reader, tells the reason once', async () => {
    const stream = streamOf();
    const reads = [stream.next(), stream.next()];
    const reason = new Error('lost');
    stream.end(reason);
    stream.end();
    await expect(reads[0]).rejects.toBe(reason);
    expect(await reads[1]).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect([waiting, ended]).toEqual([0, [stream]]);
  });

  it('changes(): a reason that nobody waited for is told by the next read', async () => {
    const reason = new Error('lost');
    const stream = streamOf(AbortSignal.abort(reason));
    expect(stream.isEnded).toBe(true);
    await expect(stream.next()).rejects.toBe(reason);
    expect((await stream.next()).done).toBe(true);
  });

  it('changes(): leaving a loop ends the stream', async () => {
    const stream = streamOf();
    present = 2;
    for await (const change of stream) {
      expect(change.generation).toBe(2);
      break;
    }
    expect([ended.length, (await stream.next()).done]).toEqual([1, true]);
  });
});
