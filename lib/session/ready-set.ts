// SPDX-License-Identifier: MIT
// What CHECK MESSAGE answers: the sources that have a message waiting (draft-ietf-mif-api-extension-05 sec. 3.2.6.2,
// MIF-09). As with poll(), the empty set means that there is nothing, or that the time was over.

/** Who a message comes from. Only `mif` has any yet; the others are the draft's, for layers above and below. */
export type ReadySource = 'mif' | 'high-level' | 'communications';

export type ReadySet = ReadonlySet<ReadySource>;

export function readySet(hasMessage: boolean): ReadySet {
  return new Set<ReadySource>(hasMessage ? ['mif'] : []);
}
