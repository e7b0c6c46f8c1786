// SPDX-License-Identifier: MIT
// Lines of a stream, numbered. A line that never ends must not take the memory of the process (SEC-25).

import type { Readable } from 'node:stream';

export interface InputLine {
  /** From 1. */
  number: number;
  /** Without its end; absent when it was longer than the limit. */
  text?: string;
}

/**
 * Yields each line, the last one also without a line end.
 * @param limit characters that a line may have
 * @param stop ends the lines; the stream is destroyed
 */
export async function* inputLines(input: Readable, limit: number, stop: AbortSignal): AsyncGenerator<InputLine> {
  let number = 1;
  let begun = '';
  let isTooLong = false;
  const take = (): InputLine => {
    const line = isTooLong ? { number } : { number, text: begun.replace(/\r$/, '') };
    number++;
    begun = '';
    isTooLong = false;
    return line;
  };
  for await (const chunk of chunks(input, stop)) {
    const [first = '', ...others] = chunk.split('\n');
    const add = (text: string) => {
      isTooLong ||= begun.length + text.length > limit;
      begun = isTooLong ? '' : begun + text;
    };
    add(first);
    for (const text of others) {
      yield take();
      add(text);
    }
  }
  if (begun !== '' || isTooLong) yield take();
}

async function* chunks(input: Readable, stop: AbortSignal): AsyncGenerator<string> {
  const end = () => input.destroy();
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  try {
    for await (const chunk of input.setEncoding('utf8')) yield chunk;
  } catch (error) {
    // A peer that vanished has nothing more to say, which is all that its end of input means.
    const isGone = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    if (!stop.aborted && !isGone) throw error;
  } finally {
    stop.removeEventListener('abort', end);
    input.destroy();
  }
}
