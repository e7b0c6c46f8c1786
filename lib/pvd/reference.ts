// SPDX-License-Identifier: MIT
// How domains are called by their ids, and the words that stand for one without being the id of any (PVD-33 to PVD-35).

/** The system's default domain (PVD-33). */
export const defaultReference = 'default';
/** Whatever the finest scope that says something says; the system's default in the end (PVD-34). */
export const unspecifiedReference = 'unspecified';
/** No domain: whatever is done in it fails at once (PVD-35). */
export const nullReference = 'null';

const reserved: ReadonlySet<string> = new Set([defaultReference, unspecifiedReference, nullReference]);

/** An FQDN in the form in which it is compared (PVD-22). */
export function foldName(name: string): string {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}

/** Longest id, characters: no name in DNS is longer (SEC-25). */
const longestId = 255;

/** Whether a network or a policy may call a domain so: nothing that stands for something else, or could be taken for it. */
export function isProperId(id: string): boolean {
  const folded = foldName(id);
  return folded !== '' && folded.length <= longestId && !/[/:*\s\p{Cc}]/u.test(folded) && !reserved.has(folded);
}

/** Whether two ids are one: those that the host made letter by letter, names as DNS compares them. */
export function isSameId(one: string, other: string): boolean {
  return one === other || (!one.includes('/') && !other.includes('/') && foldName(one) === foldName(other));
}
