// SPDX-License-Identifier: MIT
// One id on several interfaces. Equal ids are not one domain (PVD-08, PVD-26, SEC-04), unless policy trusts the id: then what is
// on each interface is one domain with one handle, which ends with its last interface (MIF-28).

import { type DomainState, isSameList } from './domain-state.ts';
import type { Association } from './succession.ts';

export interface HandleChange {
  readonly association: Association;
  /** The one that it has no longer. */
  readonly ended: string;
}

/**
 * Gives trusted domains of one id the handle of the oldest, and takes it away again from those that are trusted no longer.
 * @param associations - the present ones of all interfaces, oldest first.
 * @returns whose handle changed, so that the ends of the others can be told.
 */
export function shareHandles(associations: readonly Association[], nextHandle: () => string): HandleChange[] {
  const changes: HandleChange[] = [];
  const leaders = new Map<string, string>();
  const taken = new Set<string>();
  for (const association of associations) {
    const { name, handle } = association.identity;
    if (name === undefined) continue;
    let next = handle;
    if (association.state.told?.trusted === true) {
      next = leaders.get(name) ?? (taken.has(handle) ? nextHandle() : handle);
      leaders.set(name, next);
    } else if (taken.has(handle)) {
      next = nextHandle();
    }
    taken.add(next);
    if (next === handle) continue;
    changes.push({ association, ended: handle });
    association.identity = { ...association.identity, handle: next };
    association.state = { ...association.state, handle: next };
  }
  // One that lost trust may have been the leader of those that follow it in the list: its handle lives on.
  return changes.filter(({ ended }) => !taken.has(ended));
}

/** The states of domains: what is one on several interfaces told once, with the rest in `alsoOn`. */
export class WholeStates {
  #known = new Map<string, DomainState>();

  of(associations: readonly Association[]): readonly DomainState[] {
    const byHandle = new Map<string, DomainState[]>();
    for (const { state } of associations) {
      const parts = byHandle.get(state.handle);
      if (parts === undefined) byHandle.set(state.handle, [state]);
      else parts.push(state);
    }
    if (byHandle.size === associations.length) {
      if (this.#known.size > 0) this.#known = new Map();
      return associations.map(({ state }) => state);
    }
    const known = this.#known;
    this.#known = new Map();
    return [...byHandle].map(([handle, [first, ...rest]]) => {
      if (rest.length === 0) return first!;
      const before = known.get(handle);
      const isSame = before?.revision === first!.revision && before.told === first!.told;
      const whole = isSame && isSameList(before.alsoOn ?? [], rest) ? before : { ...first!, alsoOn: rest };
      this.#known.set(handle, whole);
      return whole;
    });
  }
}
