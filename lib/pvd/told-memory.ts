// SPDX-License-Identifier: MIT
// What was told of the domains of one interface, remembered as long as their records are the same: whoever compares finds the
// same object.

import type { Part } from './part.ts';
import type { PvdRecord } from './record.ts';
import { type Told, tell } from './told.ts';

/** What was told of each domain of an interface when it was last looked at. */
export class ToldMemory {
  #before = new Map<string, Remembered>();
  #after = new Map<string, Remembered>();

  tell(
    { kind, name, providers }: Pick<Part, 'kind' | 'name' | 'providers'>,
    records: readonly PvdRecord[],
    options: { readonly now: number; readonly isWayOut: boolean },
  ): Told | undefined {
    if (records.length === 0) return undefined;
    const key = name === undefined ? `${kind} ${providers[0]}` : `${kind} ${name}`;
    let known = this.#after.get(key) ?? this.#before.get(key);
    const isSame =
      known !== undefined &&
      known.isWayOut === options.isWayOut &&
      !((known.told.nextEnd ?? Number.POSITIVE_INFINITY) <= options.now) &&
      known.records.length === records.length &&
      known.records.every((record, at) => record === records[at]);
    if (known === undefined || !isSame) {
      known = { records: [...records], isWayOut: options.isWayOut, told: tell(records, options) };
    }
    this.#after.set(key, known);
    return known.told;
  }

  /** Forgets the domains that were not asked for since this was last called. */
  forgetOthers(): void {
    this.#before = this.#after;
    this.#after = new Map();
  }

  /** Whether it knows anything. */
  get isUsed(): boolean {
    return this.#before.size > 0;
  }

  /** When the first item of any domain is over. */
  get nextEnd(): number | undefined {
    let next: number | undefined;
    for (const { told } of this.#before.values()) {
      if (told.nextEnd !== undefined && (next === undefined || told.nextEnd < next)) next = told.nextEnd;
    }
    return next;
  }
}

interface Remembered {
  readonly records: readonly PvdRecord[];
  readonly isWayOut: boolean;
  readonly told: Told;
}
