// SPDX-License-Identifier: MIT
// Several sources of one origin as one: a daemon that keeps its state in more than one place.

import type { PvdRecord, RecordOrigin } from '../pvd/record.ts';
import type { RecordSource, SourceState } from '../pvd/source.ts';

export class JoinedSource implements RecordSource {
  readonly origin: RecordOrigin;
  readonly ready: Promise<void>;
  readonly #parts: readonly RecordSource[];
  /** What was joined, kept so that the same records stay the same list. */
  readonly #joined = new Map<
    string | undefined,
    { parts: readonly (readonly PvdRecord[])[]; all: readonly PvdRecord[] }
  >();

  constructor(origin: RecordOrigin, parts: readonly RecordSource[]) {
    this.origin = origin;
    this.#parts = parts;
    this.ready = Promise.all(parts.map(({ ready }) => ready)).then(() => {});
  }

  /** What hinders one of them hinders all; absent only where all are. */
  get state(): SourceState {
    const states = this.#parts.map(({ state }) => state);
    return (
      states.find(({ state }) => state === 'limited') ?? states.find(({ state }) => state === 'working') ?? states[0]!
    );
  }

  get nextDeadline(): number | undefined {
    const deadlines = this.#parts.map(({ nextDeadline }) => nextDeadline).filter((at) => at !== undefined);
    return deadlines.length === 0 ? undefined : Math.min(...deadlines);
  }

  takeChanged(): Iterable<string | undefined> {
    return new Set(this.#parts.flatMap((part) => [...part.takeChanged()]));
  }

  records(interfaceId: string | undefined): readonly PvdRecord[] {
    const parts = this.#parts.map((part) => part.records(interfaceId));
    const before = this.#joined.get(interfaceId);
    if (before?.parts.every((records, at) => records === parts[at])) return before.all;
    const all = parts.flat();
    if (all.length === 0) this.#joined.delete(interfaceId);
    else this.#joined.set(interfaceId, { parts, all });
    return all;
  }

  followInterfaces(): void {
    for (const part of this.#parts) part.followInterfaces();
  }

  expire(now: number): void {
    for (const part of this.#parts) part.expire(now);
  }

  close(): void {
    for (const part of this.#parts) part.close();
  }
}
