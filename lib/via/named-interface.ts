// SPDX-License-Identifier: MIT
// Interfaces by names that the mirror may not know yet: the kernel announces no alternative name (trap B8).

import type { Snapshot } from '../snapshot/change.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import type { Via } from './carrier.ts';

/** Bytes of the longest alternative name (ALTIFNAMSIZ). */
const longestName = 127;

/** What can be asked about names. */
export interface NameSource {
  snapshot(): HostSnapshot;
  /** Reads an interface again, by any of its names. Whether there is one. */
  lookUpInterface(name: string): boolean;
}

/** The present snapshot, in which each interface that `via` names has that name if the kernel knows it. */
export function snapshotNaming(source: NameSource, via: Via | undefined): HostSnapshot {
  const snapshot = source.snapshot();
  const candidates: readonly unknown[] = Array.isArray(via) ? via : [via];
  const unknown = candidates.filter((name) => mayBeName(name) && !isKnown(snapshot, name)) as string[];
  const found = unknown.filter((name) => source.lookUpInterface(name));
  return found.length > 0 ? source.snapshot() : snapshot;
}

/** Names have neither slash nor colon, unlike what else a `via` may be. */
function mayBeName(via: unknown): boolean {
  return typeof via === 'string' && /^[^/:\0]+$/.test(via) && Buffer.byteLength(via) <= longestName;
}

function isKnown({ interfaces }: Snapshot, via: unknown): boolean {
  return Array.from(interfaces).some(({ name, altNames }) => name === via || altNames.includes(via as string));
}
