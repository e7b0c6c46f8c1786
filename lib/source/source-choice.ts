// SPDX-License-Identifier: MIT
// Which sources of records there may be, and which of them a host is to have. What opens them is in open-sources.ts.

import { MifError } from '../binding/mif-error.ts';
import type { RecordOrigin } from '../pvd/record.ts';
import type { SourceState } from '../pvd/source.ts';

/** Sources beside the kernel's tables: all, none, or those of these origins. */
export type SourceChoice = 'all' | 'kernel' | readonly RecordOrigin[];

/** What a source tells on this host, and if not all, why. */
export interface SourceReport {
  readonly origin: RecordOrigin;
  /** `unopened` until somebody looks at a domain: nothing is opened before it is needed. */
  readonly state: SourceState['state'] | 'unopened';
  /** What is missing, and what is needed for it. */
  readonly why?: string;
  /** Nothing is missing: another source tells all that this one would. */
  readonly isCovered?: boolean;
}

export function isWanted(choice: SourceChoice, origin: RecordOrigin): boolean {
  return choice === 'all' || (choice !== 'kernel' && choice.includes(origin));
}

/** Of one that was not chosen. */
export function unwanted(origin: RecordOrigin): SourceReport {
  return { origin, state: 'absent', why: 'it was not asked for: option sources' };
}

/** @throws MifError ERR_MIF_INVALID_ARG */
export function checkSources(choice: unknown): asserts choice is SourceChoice {
  if (choice === 'all' || choice === 'kernel') return;
  if (Array.isArray(choice) && choice.every((origin) => (recordOrigins as readonly unknown[]).includes(origin))) return;
  throw new MifError(
    'ERR_MIF_INVALID_ARG',
    `option sources: ${JSON.stringify(choice)} is not 'all', 'kernel' or an array of ${recordOrigins.join(', ')}`,
  );
}

/** All there are. */
export const recordOrigins: readonly RecordOrigin[] = [
  'nd-user-options',
  'router-advertisements',
  'networkd',
  'network-manager',
  'dhclient',
  'dhcpcd',
  'udhcpc',
  'resolved',
  'resolvconf',
  'resolv-conf',
  'policy',
];
