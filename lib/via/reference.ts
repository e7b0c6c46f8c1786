// SPDX-License-Identifier: MIT
// Words that stand for a provisioning domain, in the place of its id: the default one, or none (PVD-33 to PVD-35).

import { defaultDomain } from '../pvd/default-domain.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import { defaultReference, nullReference, unspecifiedReference } from '../pvd/reference.ts';
import type { Snapshot } from '../snapshot/change.ts';
import type { Condition, Conditions } from './selector.ts';

/** Whether a word stands for the default domain. Calls have no scope of their own: unspecified is the system's default. */
export function isDefaultReference(word: unknown): boolean {
  return word === defaultReference || word === unspecifiedReference;
}

/** Whether a word stands for no domain, in which nothing can be done. */
export function isNullReference(word: unknown): boolean {
  return word === nullReference;
}

/** Conditions with the default domain of this moment in the place of the word; no domain is ever called `null`. */
export function withReferences(conditions: Conditions, snapshot: Pick<Snapshot, 'pvds'>): Conditions {
  const { require, prefer, avoid, prohibit } = conditions;
  if (![...require, ...prefer, ...avoid, ...prohibit].some(hasReference)) return conditions;
  const handle = defaultDomain(snapshot.pvds)?.handle ?? nullReference;
  const resolve = (list: readonly Condition[]): readonly Condition[] =>
    list.map((condition) =>
      hasReference(condition)
        ? { ...condition, values: condition.values.map((value) => (isDefaultReference(value) ? handle : value)) }
        : condition,
    );
  return {
    ...conditions,
    require: resolve(require),
    prefer: resolve(prefer),
    avoid: resolve(avoid),
    prohibit: resolve(prohibit),
  };
}

function hasReference({ property, values }: Condition): boolean {
  return property === 'pvd' && values.some(isDefaultReference);
}

/** The domain that a word stands for, where it is the default one. */
export function referencedDomain(word: string, snapshot: Pick<Snapshot, 'pvds'>): ProvisioningDomain | undefined {
  return isDefaultReference(word) ? defaultDomain(snapshot.pvds) : undefined;
}
