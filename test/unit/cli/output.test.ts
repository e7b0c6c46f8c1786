// SPDX-License-Identifier: MIT

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Output } from '../../../lib/cli/output.ts';

/** A writer with a real reader behind it, which takes nothing until asked to. */
async function pair(): Promise<{ writer: Socket; reader: Socket; [Symbol.asyncDispose](): Promise<void> }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const writer = connect((server.address() as { port: number }).port, '127.0.0.1');
  const [reader] = (await once(server, 'connection')) as [Socket];
  return {
    writer,
    reader,
    async [Symbol.asyncDispose]() {
      writer.destroy();
      reader.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Resolves when the system has taken nothing for many turns of the loop: its buffers are full. */
async function isFull(writer: Socket): Promise<void> {
  for (let turns = 0; turns < 100; turns = writer.writableLength > 0 ? turns + 1 : 0) await nextTurn();
}

async function textOf(stream: Socket): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}

describe('cli/output', () => {
  test('cli/output: keeps the order of lines and pieces, whoever waits', async () => {
    await using pipe = await pair();
    const output = new Output(pipe.writer);
    void output.line('one');
    void output.pour(['t', 'w', 'o', '\n']);
    await output.line('three');
    await output.drain();
    pipe.writer.end();
    expect(await textOf(pipe.reader)).toBe('one\ntwo\nthree\n');
  });

  test('cli/output: pours no faster than its reader reads', async () => {
    await using pipe = await pair();
    const output = new Output(pipe.writer);
    let made = 0;
    const total = 4000;
    function* texts() {
      for (; made < total; made++) yield 'x'.repeat(65_536);
    }
    const poured = output.pour(texts());
    await isFull(pipe.writer);
    expect(made).toBeLessThan(total / 2);
    pipe.reader.resume();
    await poured;
    expect(made).toBe(total);
  });

  test('cli/output: a reader that goes away ends it in peace', async () => {
    await using pipe = await pair();
    const output = new Output(pipe.writer);
    await output.line('one');
    pipe.reader.resetAndDestroy();
    await output.pour(forEver());
    expect(output.closed.aborted).toBe(true);
    expect(output.failure).toBeUndefined();
    await output.line('nobody reads this, and nobody waits for it');
  });

  test('cli/output: a full disk is a failure', async () => {
    const full = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('no space left'), { code: 'ENOSPC' })),
    });
    const output = new Output(full);
    await output.line('one');
    expect(output.failure).toMatchObject({ code: 'ENOSPC' });
    expect(output.closed.aborted).toBe(true);
  });

  test('cli/output: stops between two pieces when asked to', async () => {
    const stop = new AbortController();
    const sink = new PassThrough().resume();
    const output = new Output(sink);
    sink.once('data', () => stop.abort());
    await output.pour(forEver(), stop.signal);
    expect(stop.signal.aborted).toBe(true);
  });

  test('cli/output: a reader that takes nothing is waited for, until patience is limited', async () => {
    await using pipe = await pair();
    const output = new Output(pipe.writer);
    const poured = output.pour(forEver());
    await isFull(pipe.writer);
    expect(output.closed.aborted).toBe(false);
    const begin = performance.now();
    output.limitPatience(100);
    await poured;
    await output.drain();
    expect(performance.now() - begin).toBeGreaterThan(90);
    expect(output).toMatchObject({ isGivenUp: true, failure: undefined });
  });

  test('cli/output: a slow reader gets all of it, however little patience there is', async () => {
    await using pipe = await pair();
    const output = new Output(pipe.writer);
    const patienceMs = 500;
    output.limitPatience(patienceMs);
    // More than the system takes at once, and then a little at a time for twice as long as the patience.
    const poured = output.pour(Array.from({ length: 500 }, () => 'x'.repeat(65_536)));
    const begin = performance.now();
    let taken = 0;
    pipe.reader.on('data', (chunk) => {
      taken += chunk.length;
      if (performance.now() - begin > 2 * patienceMs) return;
      pipe.reader.pause();
      setTimeout(() => pipe.reader.resume(), patienceMs / 50);
    });
    pipe.reader.resume();
    await poured;
    await output.drain();
    expect(output.isGivenUp).toBe(false);
    expect(performance.now() - begin).toBeGreaterThan(2 * patienceMs);
    pipe.writer.end();
    await once(pipe.reader, 'end');
    expect(taken).toBe(500 * 65_536);
  });
});

function* forEver() {
  for (;;) yield 'x'.repeat(1000);
}
