// SPDX-License-Identifier: MIT
// One version of a provisioning domain: everything but what depends on the moment of looking (seconds left)
// and on the size of the routing table (its routes). domain-view.ts makes what users see of it.
// Immutable; a domain in which nothing changed keeps the same object.

import { networkOf } from '../address/prefix.ts';
import type { Interface } from '../snapshot/change.ts';
import type { DomainDraft, DomainKind, Member } from './draft.ts';
import { elementOrder } from './element.ts';
import type { ConfigurationElement, ElementType, PvdRouter } from './provisioning-domain.ts';

/** What stays the same for the life of a domain. */
export interface DomainIdentity {
  readonly handle: string;
  readonly id: string;
  readonly kind: DomainKind;
  readonly interfaceId: string;
}

export interface DomainState extends DomainIdentity {
  readonly interfaceName: string;
  readonly index: number;
  readonly mtu: number;
  readonly metered: boolean | undefined;
  /** False while the interface has no carrier, else undefined: nobody has probed. */
  readonly validated: false | undefined;
  readonly providers: readonly string[];
  readonly routers: readonly PvdRouter[];
  readonly members: readonly Member[];
  /** Networks of the members, in their order. */
  readonly prefixes: readonly string[];
  readonly elements: readonly ConfigurationElement[];
  /** What each element consists of, by which its version grows (MIF-34). */
  readonly contents: ReadonlyMap<ElementType, readonly unknown[]>;
}

/**
 * The next version of a domain, or `before` itself when nothing differs. A refreshed address is the same record object
 * (trap C6), so comparing records by identity is enough.
 */
export function nextState(
  identity: DomainIdentity,
  link: Interface,
  draft: DomainDraft,
  providers: readonly string[],
  before: DomainState | undefined,
): DomainState {
  const contents = contentsOf(draft);
  const validated = link.running ? undefined : false;
  if (
    before !== undefined &&
    before.interfaceName === link.name &&
    before.mtu === link.mtu &&
    before.metered === link.metered &&
    before.validated === validated &&
    isSameList(before.providers, providers) &&
    isSameContents(before.contents, contents)
  ) {
    return before;
  }
  return {
    ...identity,
    interfaceName: link.name,
    index: link.index,
    mtu: link.mtu,
    metered: link.metered,
    validated,
    providers,
    routers: draft.routers.map(({ element: _, ...router }) => router),
    members: draft.members,
    prefixes: prefixesOf(draft.members),
    elements: [...contents].map(([type, content]) => ({ type, version: versionOf(type, content, before) })),
    contents,
  };
}

/** The network of an address; of the far end of a point-to-point one (trap C2). */
export function prefixOfMember({ record: { address } }: Member): string {
  return networkOf(address.peer ?? address.address, address.prefixLength);
}

function prefixesOf(members: readonly Member[]): string[] {
  // A host prefix is the address itself; it says nothing of what else is on the link.
  const wide = members.filter(({ record: { address } }) => address.prefixLength < (address.family === 4 ? 32 : 128));
  return [...new Set(wide.map(prefixOfMember))];
}

function contentsOf(draft: DomainDraft): Map<ElementType, readonly unknown[]> {
  const contents = new Map<ElementType, unknown[]>();
  const add = (type: ElementType, ...items: unknown[]) => {
    const content = contents.get(type);
    if (content === undefined) contents.set(type, items);
    else content.push(...items);
  };
  for (const router of draft.routers) add(router.element, JSON.stringify(router));
  for (const { element, record, shared } of draft.members) add(element, record, shared);
  return new Map([...contents].sort(([a], [b]) => elementOrder.indexOf(a) - elementOrder.indexOf(b)));
}

function versionOf(type: ElementType, content: readonly unknown[], before: DomainState | undefined): number {
  const version = before?.elements.find((element) => element.type === type)?.version ?? 0;
  const previous = before?.contents.get(type);
  return previous !== undefined && isSameList(previous, content) ? version : version + 1;
}

function isSameContents(
  one: ReadonlyMap<ElementType, readonly unknown[]>,
  other: ReadonlyMap<ElementType, readonly unknown[]>,
): boolean {
  return one.size === other.size && [...one].every(([type, content]) => isSameList(content, other.get(type) ?? []));
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
