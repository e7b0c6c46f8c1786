// SPDX-License-Identifier: MIT
// One version of a provisioning domain: everything but what depends on the moment of looking (seconds left)
// and on the size of the routing table (its routes). domain-view.ts makes what users see of it.
// Immutable; a domain in which nothing changed keeps the same object.

import type { Interface } from '../snapshot/change.ts';
import type { DomainDraft, DomainKind, DraftRouter, Member } from './draft.ts';
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
  /** What `routers` was made of. */
  readonly draftRouters: readonly DraftRouter[];
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
  const validated = link.running ? undefined : false;
  const isOtherwiseSame =
    before !== undefined &&
    before.interfaceName === link.name &&
    before.mtu === link.mtu &&
    before.metered === link.metered &&
    before.validated === validated &&
    isSameList(before.providers, providers);
  if (isOtherwiseSame && before.draftRouters === draft.routers && isSameList(before.members, draft.members)) {
    return before;
  }
  const contents = contentsOf(draft);
  if (isOtherwiseSame && isSameContents(before.contents, contents)) return before;
  // Named one by one: a spread gives the object its shape property by property, which took a quarter of following a change.
  return {
    handle: identity.handle,
    id: identity.id,
    kind: identity.kind,
    interfaceId: identity.interfaceId,
    interfaceName: link.name,
    index: link.index,
    mtu: link.mtu,
    metered: link.metered,
    validated,
    providers,
    routers:
      before?.draftRouters === draft.routers
        ? before.routers
        : draft.routers.map(({ element: _, ...router }) => router),
    draftRouters: draft.routers,
    members: draft.members,
    prefixes: prefixesOf(draft.members),
    elements: elementsOf(contents, before),
    contents,
  };
}

function prefixesOf(members: readonly Member[]): string[] {
  const prefixes = new Set<string>();
  for (const { network, record } of members) {
    // A host prefix is the address itself; it says nothing of what else is on the link.
    if (record.address.prefixLength < (record.address.family === 4 ? 32 : 128)) prefixes.add(network);
  }
  return [...prefixes];
}

function contentsOf(draft: DomainDraft): Map<ElementType, readonly unknown[]> {
  const contents = new Map<ElementType, unknown[]>();
  for (const router of draft.routers) contentIn(contents, router.element).push(JSON.stringify(router));
  for (const { element, record, shared } of draft.members) contentIn(contents, element).push(record, shared);
  if (contents.size < 2) return contents;
  return new Map([...contents].sort(([a], [b]) => elementOrder.indexOf(a) - elementOrder.indexOf(b)));
}

function contentIn(contents: Map<ElementType, unknown[]>, type: ElementType): unknown[] {
  let content = contents.get(type);
  if (content === undefined) {
    content = [];
    contents.set(type, content);
  }
  return content;
}

function elementsOf(
  contents: ReadonlyMap<ElementType, readonly unknown[]>,
  before: DomainState | undefined,
): ConfigurationElement[] {
  const elements: ConfigurationElement[] = [];
  for (const [type, content] of contents) elements.push({ type, version: versionOf(type, content, before) });
  return elements;
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
  if (one.size !== other.size) return false;
  for (const [type, content] of one) if (!isSameList(content, other.get(type) ?? [])) return false;
  return true;
}

/** Whether two lists are of the same items in the same order. */
export function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; ++at) if (one[at] !== other[at]) return false;
  return true;
}
