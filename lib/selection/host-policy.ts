// SPDX-License-Identifier: MIT
// The policy table of this host: what its administrator wrote for getaddrinfo, else the standard one. Read again when the
// file has changed, which is looked for at most once a second (SAS-31).

import { channel } from 'node:diagnostics_channel';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { parseGaiConf } from './gai-conf.ts';
import { defaultPolicy, type PolicyRow, packPolicy } from './policy.ts';

/** Told when the file was read: `{ path, rows, skipped }`, where the lines that say nothing here are `skipped`. */
const policyChannel = channel('mif:selection:policy');

const staleAfterMs = 1000;

export class HostPolicy {
  readonly #path: string;
  readonly #now: () => number;
  #rows: readonly PolicyRow[] = defaultPolicy;
  #words: readonly number[] | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** What the file was like when it was read; undefined when there was none. */
  #version: string | undefined;

  /** @param now - milliseconds, of a clock that does not jump. */
  constructor(path = '/etc/gai.conf', now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
  }

  get rows(): readonly PolicyRow[] {
    this.#refresh();
    return this.#rows;
  }

  /** The same for the native library, as packPolicy. */
  get words(): readonly number[] {
    this.#refresh();
    this.#words ??= packPolicy(this.#rows);
    return this.#words;
  }

  #refresh(): void {
    if (this.#now() - this.#lookedAt < staleAfterMs) return;
    this.#lookedAt = this.#now();
    const version = versionOf(this.#path);
    if (version === this.#version) return;
    this.#version = version;
    this.#read();
  }

  #read(): void {
    const { rows = defaultPolicy, skipped } = parseGaiConf(textOf(this.#path));
    this.#rows = rows;
    this.#words = undefined;
    if (policyChannel.hasSubscribers) policyChannel.publish({ path: this.#path, rows, skipped });
  }
}

function versionOf(path: string): string | undefined {
  const stats = attempt((): Stats | undefined => statSync(path, { throwIfNoEntry: false }));
  return stats === undefined ? undefined : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
}

function textOf(path: string): string {
  return attempt(() => readFileSync(path, 'utf8')) ?? '';
}

/** A file that cannot be read is as good as none, as for the C library. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
