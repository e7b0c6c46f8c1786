// SPDX-License-Identifier: MIT
// One version of a provisioning domain: everything but what depends on the moment of looking (seconds left)
// and on the size of the routing table (its routes). domain-view.ts makes what users see of it.
// Immutable; a domain in which nothing changed keeps the same object.

import type { Interface } from '../snapshot/change.ts';
import type { DomainDraft, DomainKind, DraftRouter, Member } from './draft.ts';
import { elementOrder } from './element.ts';
import type { ConfigurationElement, ElementType, PvdRouter } from './provisioning-domain.ts';
import type { Told } from './told.ts';

/** What stays the same for the life of a domain. */
export interface DomainIdentity {
  readonly handle: string;
  readonly id: string;
  readonly kind: DomainKind;
  /** As of the draft: the id, where the network or a policy gave it. */
  readonly name: string | undefined;
  readonly interfaceId: string;
}

export interface DomainState extends DomainIdentity {
  /** Grows with whatever users are told as a change: more than lifetimes that were prolonged (trap C6). */
  readonly revision: number;
  readonly interfaceName: string;
  readonly index: number;
  readonly mtu: number;
  readonly metered: boolean | undefined;
  /** False while the interface has no carrier; else what somebody found who has probed (PVD-48). */
  readonly validated: boolean | undefined;
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
  /** With the lifetimes as they were told last. */
  readonly told: Told | undefined;
  /** The same domain on further interfaces, where policy trusts its id (PVD-08, MIF-28). */
  readonly alsoOn?: readonly DomainState[] | undefined;
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
  const { told } = draft;
  const validated = link.running ? found(told) : false;
  const isOtherwiseSame =
    before !== undefined &&
    before.interfaceName === link.name &&
    before.mtu === mtuOf(link, told) &&
    before.metered === (told?.metered ?? link.metered) &&
    before.validated === validated &&
    isSameList(before.providers, providers);
  const isToldSame = before?.told === told;
  if (
    isOtherwiseSame &&
    isToldSame &&
    before.draftRouters === draft.routers &&
    isSameList(before.members, draft.members)
  ) {
    return before;
  }
  const contents = contentsOf(draft);
  if (isOtherwiseSame && isSameContents(before.contents, contents)) return isToldSame ? before : { ...before, told };
  // Named one by one: a spread gives the object its shape property by property, which took a quarter of following a change.
  return {
    handle: identity.handle,
    id: identity.id,
    kind: identity.kind,
    name: identity.name,
    interfaceId: identity.interfaceId,
    revision: (before?.revision ?? 0) + 1,
    interfaceName: link.name,
    index: link.index,
    mtu: mtuOf(link, told),
    metered: told?.metered ?? link.metered,
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
    told,
  };
}

/**
 * What was found of whether it works as the Internet does: the network itself says that it does not, or lets nobody out yet; or
 * else what the check of a network manager found, of which half an answer is that it does not.
 */
function found(told: Told | undefined): boolean | undefined {
  if (told?.portal?.captive === true || told?.information?.noInternet === true) return false;
  return told?.connectivity === undefined ? undefined : told.connectivity === 'full';
}

/** The interface's, or less where the network says so (RFC 4861 section 6.3.4). */
function mtuOf(link: Interface, told: Told | undefined): number {
  return told?.mtu === undefined || told.mtu > link.mtu || told.mtu < smallestMtu ? link.mtu : told.mtu;
}

const smallestMtu = 576; // What every host takes (RFC 791); less is a mistake or an attack.

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
  if (draft.told !== undefined) {
    for (const [element, texts] of draft.told.contents) contentIn(contents, element).push(...texts);
  }
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

/** Whether two states of one domain are the same to users: nothing differs but lifetimes that were prolonged. */
export function isSameRevision(one: DomainState, other: DomainState): boolean {
  if (one === other) return true;
  if (one.revision !== other.revision || one.interfaceId !== other.interfaceId) return false;
  const { alsoOn = [] } = one;
  const { alsoOn: others = [] } = other;
  return alsoOn.length === others.length && alsoOn.every((part, at) => isSameRevision(part, others[at]!));
}

/** Whether two lists are of the same items in the same order. */
export function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; ++at) if (one[at] !== other[at]) return false;
  return true;
}
