// SPDX-License-Identifier: MIT
// News of interfaces that are not in the picture yet: an advertisement comes by another way than the interface does, and may be
// the faster. Few, and not for long.

import type { NativeHeard } from '../../binding/native.ts';
import { mostEarly } from './limits.ts';

/** How long the picture may be behind, milliseconds. */
const patienceMs = 5_000;

export class EarlyNews {
  #kept: readonly { readonly heard: NativeHeard; readonly until: number }[] = [];

  /** Whether there was room. */
  keep(heard: NativeHeard, now: number): boolean {
    this.#kept = this.#kept.filter(({ until }) => until > now);
    if (this.#kept.length >= mostEarly) return false;
    this.#kept = [...this.#kept, { heard, until: now + patienceMs }];
    return true;
  }

  /** What is of interfaces that are known by now, which is kept no longer. */
  take(isKnown: (interfaceIndex: number) => boolean, now: number): NativeHeard[] {
    const ready = this.#kept.filter(({ heard, until }) => until > now && isKnown(heard.interfaceIndex));
    this.#kept = this.#kept.filter((each) => !ready.includes(each));
    return ready.map(({ heard }) => heard);
  }

  clear(): void {
    this.#kept = [];
  }
}
