// SPDX-License-Identifier: MIT
// Where knowledge of provisioning domains comes from: one room per source under source/. Today the kernel's tables;
// router advertisements, leases, the system's resolver and local definitions add what they know to its drafts.

import type { DomainDraft } from './draft.ts';

/** One source of knowledge. Asked in a fixed order, the kernel first. */
export interface PvdSource {
  /** Ids of the interfaces whose domains may differ since this was last called, gone ones included. */
  takeChanged(): Iterable<string>;
  /**
   * The domains of one interface.
   * @param interfaceId - `if:<index>.<generation>`.
   * @param drafts - what the sources before this one make of it.
   * @returns the same with what this source knows; the given ones when it knows nothing.
   */
  describe(interfaceId: string, drafts: readonly DomainDraft[]): readonly DomainDraft[];
}
