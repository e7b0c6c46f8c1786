// SPDX-License-Identifier: MIT
// The records that a source has now, by interface. New ones that say the same as before are no change, and the old objects stay;
// what is over is not shown, even if a file still says it.

import type { Expiry, PvdRecord } from '../pvd/record.ts';

export class KeptRecords {
  /** All that was told, over or not. */
  #told: readonly PvdRecord[] = [];
  #byInterface = new Map<string | undefined, readonly PvdRecord[]>();
  readonly #changed = new Set<string | undefined>();
  #nextDeadline: number | undefined;

  get nextDeadline(): number | undefined {
    return this.#nextDeadline;
  }

  of(interfaceId: string | undefined): readonly PvdRecord[] {
    return this.#byInterface.get(interfaceId) ?? none;
  }

  takeChanged(): (string | undefined)[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  /** @returns whether anything differs. */
  replace(records: readonly PvdRecord[], now: number): boolean {
    this.#told = records;
    return this.expire(now);
  }

  /** @returns whether anything differs. */
  expire(now: number): boolean {
    const found = new Map<string | undefined, PvdRecord[]>();
    this.#nextDeadline = undefined;
    for (const record of this.#told) {
      const until = endOf(record);
      if (until !== null) {
        if (until <= now) continue;
        this.#nextDeadline = Math.min(this.#nextDeadline ?? until, until);
      }
      const list = found.get(record.interfaceId);
      if (list === undefined) found.set(record.interfaceId, [record]);
      else list.push(record);
    }
    let differs = false;
    const kept = new Map<string | undefined, readonly PvdRecord[]>();
    for (const [id, records] of found) {
      const before = this.#byInterface.get(id);
      const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(records);
      kept.set(id, isSame ? before : records);
      if (!isSame) this.#changed.add(id);
      differs ||= !isSame;
    }
    for (const id of this.#byInterface.keys()) {
      if (kept.has(id)) continue;
      this.#changed.add(id);
      differs = true;
    }
    this.#byInterface = kept;
    return differs;
  }
}

const none: readonly PvdRecord[] = Object.freeze([]);

/** Of the kinds of records that are kept here, only these end by themselves. */
function endOf(record: PvdRecord): Expiry {
  return record.type === 'lease' || record.type === 'information' ? record.until : null;
}
