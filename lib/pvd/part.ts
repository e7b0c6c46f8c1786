// SPDX-License-Identifier: MIT
// A domain of an interface while grouping.ts puts it together: what the kernel has of it, and the records that are its own.

import type { AddressRecord, DomainKind, DraftRouter, Member } from './draft.ts';
import type { PvdRecord } from './record.ts';

export interface Part {
  readonly kind: DomainKind;
  readonly name: string | undefined;
  readonly providers: string[];
  readonly routers: DraftRouter[];
  /** By the record of the address. */
  readonly members: Map<AddressRecord, Member>;
  readonly records: PvdRecord[];
}

export function newPart(kind: DomainKind, providers: readonly string[], name?: string): Part {
  return { kind, name, providers: [...providers], routers: [], members: new Map(), records: [] };
}

/** A member whose domain is known; shared where others have it too. */
export function claimed(member: Member, shared: boolean): Member {
  return member.evident && member.shared === shared ? member : { ...member, shared, evident: true };
}

/** Takes a router from a domain. */
export function removeRouter({ providers, routers }: Part, router: string): void {
  const provider = providers.indexOf(router);
  // The first one may be all that names it.
  if (provider >= 0 && providers.length > 1) providers.splice(provider, 1);
  const at = routers.findIndex(({ address }) => address === router);
  if (at >= 0) routers.splice(at, 1);
}
