// SPDX-License-Identifier: MIT
// The snapshot in which a `via` is looked up. It asks for interfaces by names that the mirror may not know yet, because the kernel
// announces no alternative name (trap B8), and refuses a namespace that the host is not of.

import { MifError } from '../binding/mif-error.ts';
import type { Snapshot } from '../snapshot/change.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import type { Via } from './carrier.ts';
import { decoded } from './decoded.ts';
import { isPath } from './held-carrier.ts';
import { type Conditions, readSelector } from './selector.ts';

/** Bytes of the longest alternative name (ALTIFNAMSIZ). */
const longestName = 127;

/** What can be asked about names. */
export interface NameSource {
  snapshot(): HostSnapshot;
  /** Reads an interface again, by any of its names. Whether there is one. */
  lookUpInterface(name: string): boolean;
  /** Whether that is the namespace which is looked at. */
  isNamespace(netns: string | number): boolean;
}

/**
 * The present snapshot, in which each interface that `via` names has that name if the kernel knows it.
 * @throws MifError ERR_MIF_INVALID_ARG for a selector that cannot be read, or names another namespace
 */
export function snapshotNaming(source: NameSource, via: Via | undefined): HostSnapshot {
  const snapshot = source.snapshot();
  const names = typeof via === 'string' ? [via] : namesIn(via, source);
  const unknown = names.filter((name) => mayBeName(name) && !isKnown(snapshot, name)) as string[];
  const found = unknown.filter((name) => source.lookUpInterface(name));
  return found.length > 0 ? source.snapshot() : snapshot;
}

function namesIn(via: Via | undefined, source: NameSource): readonly unknown[] {
  const items: readonly unknown[] = Array.isArray(via) ? via : [via];
  const isList = Array.isArray(via);
  return items.flatMap((item, at) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item) || isPath(item)) return [item];
    const label = isList ? `via[${at}]` : 'via';
    const conditions = readSelector(item, label);
    requireOwn(conditions, label, source);
    const { require, prefer, avoid, prohibit } = conditions;
    const ofInterfaces = [require, prefer, avoid, prohibit].flat().filter(({ property }) => property === 'interface');
    return ofInterfaces.flatMap(({ values }) => values);
  });
}

function requireOwn({ netns }: Conditions, label: string, source: NameSource): void {
  if (netns === undefined || source.isNamespace(netns)) return;
  throw new MifError('ERR_MIF_INVALID_ARG', `option ${label}.netns: ${netns} is not the namespace of this host`, {
    hint: 'A host sees one namespace: open one for that with openHost({ netns }).',
  });
}

/** Names have neither slash nor colon, unlike what else a `via` may be. */
function mayBeName(via: unknown): boolean {
  return typeof via === 'string' && /^[^/:\0]+$/.test(via) && Buffer.byteLength(via) <= longestName;
}

function isKnown({ interfaces }: Snapshot, via: unknown): boolean {
  return decoded(interfaces).some(({ name, altNames }) => name === via || altNames.includes(via as string));
}
