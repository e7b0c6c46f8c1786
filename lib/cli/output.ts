// SPDX-License-Identifier: MIT
// Standard output as a command needs it: in order, flushed line by line, as slow as its reader, and aware of a reader
// that went away. Nothing here ends the process: what was written must get out first.

import { setMaxListeners } from 'node:events';
import type { Writable } from 'node:stream';

/** What the system says when nobody reads any more; not a failure of the one who writes. */
const readerGone: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ECONNRESET', 'EOF', 'ERR_STREAM_DESTROYED']);

/** Characters; large enough that a piece is worth a system call. */
const pieceLength = 65_536;

export class Output {
  readonly #stream: Writable;
  readonly #closed = new AbortController();
  #written: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #pending = 0;
  #patienceMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isGivenUp = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    // Every write that waits hears of the end.
    setMaxListeners(0, this.#closed.signal);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!readerGone.has(error.code)) this.#failure ??= error;
      this.#closed.abort();
    });
    stream.on('close', () => this.#closed.abort());
  }

  /** Aborts when nothing more can be written. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Why nothing more can be written, where that is not the reader's wish: a full disk, for one. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Whether a reader that took nothing was given up; what it did not take still keeps the process alive. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Resolves when the system has taken the text, or when there is nobody to take it. */
  write(text: string | Uint8Array): Promise<void> {
    const { signal } = this.#closed;
    if (signal.aborted) return Promise.resolve();
    this.#pending++;
    this.#watch();
    this.#written = new Promise((resolve) => {
      const end = () => {
        signal.removeEventListener('abort', end);
        this.#pending--;
        this.#watch();
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
      this.#stream.write(text, () => {
        if (!signal.aborted) end();
      });
    });
    return this.#written;
  }

  /** Writes one line; `text` has no line end. */
  line(text: string): Promise<void> {
    return this.write(`${text}\n`);
  }

  /**
   * Writes texts one after the other, made while they are read: never much more than one piece ahead of the reader.
   * @param stop ends it early, between two texts
   */
  async pour(texts: Iterable<string>, stop?: AbortSignal): Promise<void> {
    let piece = '';
    for (const text of texts) {
      piece += text;
      if (piece.length < pieceLength) continue;
      if (this.#closed.signal.aborted || stop?.aborted) return;
      await this.write(piece);
      piece = '';
    }
    if (piece !== '') await this.write(piece);
  }

  /** From now on a reader that takes nothing for this long is given up, as if it had gone away. */
  limitPatience(patienceMs: number): void {
    this.#patienceMs = patienceMs;
    this.#watch();
  }

  /** Resolves when everything is out, or when there is nobody to take it. */
  drain(): Promise<void> {
    return this.#written;
  }

  /** Starts the time anew: something was asked for, or taken. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#patienceMs === undefined || this.#pending === 0) return;
    this.#timer = setTimeout(() => {
      this.#isGivenUp = true;
      this.#closed.abort();
    }, this.#patienceMs);
  }
}
