// SPDX-License-Identifier: MIT

import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type InputLine, inputLines } from '../../../lib/cli/input-lines.ts';

async function all(chunks: readonly (string | Uint8Array)[], limit = 100): Promise<InputLine[]> {
  const lines: InputLine[] = [];
  const input = Readable.from(chunks, { objectMode: false });
  for await (const line of inputLines(input, limit, new AbortController().signal)) lines.push(line);
  return lines;
}

describe('cli/input-lines', () => {
  test.each<[string, (string | Uint8Array)[], (string | undefined)[]]>([
    ['one chunk, many lines', ['a\nb\nc\n'], ['a', 'b', 'c']],
    ['a line in many chunks', ['a', 'b', 'c\nd', '\n'], ['abc', 'd']],
    ['a last line without an end', ['a\nb'], ['a', 'b']],
    ['empty lines, which count', ['\n\na\n'], ['', '', 'a']],
    ['line ends of other systems', ['a\r\nb\r\n'], ['a', 'b']],
    ['nothing', [], []],
    ['a character cut in two', [Uint8Array.of(0xc3), Uint8Array.of(0xbc, 0x0a)], ['ü']],
    ['a line that is too long, and one after it', [`${'x'.repeat(60)}`, `${'x'.repeat(60)}\nb\n`], [undefined, 'b']],
    ['a line that is too long and never ends', ['x'.repeat(200)], [undefined]],
    ['a line just short enough', [`${'x'.repeat(100)}\n`], ['x'.repeat(100)]],
  ])('cli/input-lines: %s (SEC-25)', async (_what, chunks, expected) => {
    const lines = await all(chunks);
    expect(lines.map(({ text }) => text)).toEqual(expected);
    expect(lines.map(({ number }) => number)).toEqual(expected.map((_, at) => at + 1));
  });

  test('cli/input-lines: a line without end takes no memory', async () => {
    const input = new PassThrough();
    const lines = inputLines(input, 1000, new AbortController().signal);
    const first = lines.next();
    for (let at = 0; at < 1000; at++) input.write('x'.repeat(10_000));
    input.end('\nnext\n');
    expect(await first).toEqual({ done: false, value: { number: 1 } });
    expect(await lines.next()).toEqual({ done: false, value: { number: 2, text: 'next' } });
  });

  test('cli/input-lines: end when asked to, although the stream does not', async () => {
    const stop = new AbortController();
    const input = new PassThrough();
    const lines = inputLines(input, 1000, stop.signal);
    input.write('one\n');
    expect((await lines.next()).value).toEqual({ number: 1, text: 'one' });
    const next = lines.next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(input.destroyed).toBe(true);
  });

  test('cli/input-lines: an input that cannot be read is an error, one that was reset is an end', async () => {
    const failing = (code: string) =>
      new Readable({ read: () => {}, construct: (done) => done(Object.assign(new Error('read'), { code })) });
    const stop = new AbortController().signal;
    await expect(inputLines(failing('EISDIR'), 10, stop).next()).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await inputLines(failing('ECONNRESET'), 10, stop).next()).toEqual({ done: true, value: undefined });
  });
});
