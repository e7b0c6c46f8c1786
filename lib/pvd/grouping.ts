// SPDX-License-Identifier: MIT
// Whose is what: the domains of one interface, from what the kernel's tables make of it and what sources were told (PVD-12).
// Pure: records and drafts of one moment in, drafts out. No identity, no history; registry.ts gives those.
//
// A PvD id makes an explicit domain, however many routers say it; what a router says without one belongs to the implicit
// domain of that router (PVD-04, PVD-11). What DHCP gave belongs to the domains of PVD-14 to PVD-16, what only the kernel has
// stays with the router that it points to, and what a policy says comes last and decides (SEC-26).

import { prefixContains } from '../address/prefix.ts';
import type { Interface } from '../snapshot/change.ts';
import type { DomainDraft, DomainKind, DraftRouter } from './draft.ts';
import { coarsen, type Granularity, wholeFamily, wholeInterface } from './granularity.ts';
import type {
  InformationRecord,
  LeaseRecord,
  LinkRecord,
  PolicyRecord,
  PortalRecord,
  PvdRecord,
  ResolverRecord,
  RouterRecord,
} from './record.ts';
import { ownersOf } from './lease-owner.ts';
import { claimed, newPart, type Part, removeRouter } from './part.ts';
import { definePolicies, isMeant } from './policy-domains.ts';
import { foldName, isProperId } from './reference.ts';
import type { ToldMemory } from './told-memory.ts';

/** Most domains that the routers of one interface can make (SEC-17). */
const mostDomains = 64;

export interface GroupingInput {
  readonly link: Interface;
  /** As the kernel's tables have it. */
  readonly drafts: readonly DomainDraft[];
  /** Of the interface and, of policies, of the whole host. */
  readonly records: readonly PvdRecord[];
  /** What the whole host asks for names, where this interface has its default domain. */
  readonly lastResort: readonly ResolverRecord[];
  readonly granularity: Granularity;
  readonly now: number;
  /** What `tell` said before of the same records, so that it is the same object. */
  readonly memory: ToldMemory;
}

export interface Grouping {
  readonly drafts: readonly DomainDraft[];
  /** Domains and items that were left out because there are too many (SEC-17). */
  readonly refused: number;
  /** Leases of which it is not clear whose they are (PVD-15, PVD-16). */
  readonly misconfigured: number;
  /** Domains that were told of different captive-portal APIs (PVD-79). */
  readonly unclearPortals: number;
}

/** The domains of one interface. */
export function group({ link, drafts, records, lastResort, granularity, now, memory }: GroupingInput): Grouping {
  const kinds = sorted(records);
  const parts = coarsen(drafts, granularity).map(partOf);
  let refused = 0;

  const gateways = new Map(drafts.flatMap(({ routers }) => routers.map((router) => [router.address, router] as const)));
  const isNew = (count: number) => {
    if (count < mostDomains) return true;
    ++refused;
    return false;
  };
  const explicit = new Map<string, Part>();
  for (const record of kinds.routers) {
    if (record.pvd === undefined) {
      const isKnown = placeImplicit(parts, record, granularity, () => isNew(parts.length));
      if (!isKnown) continue;
    } else {
      const name = foldName(record.pvd.id);
      let part = explicit.get(name);
      if (part === undefined) {
        // A network must not call itself what users mean something else by.
        if (!isProperId(name) || !isNew(explicit.size)) continue;
        part = newPart('explicit', [], name);
        explicit.set(name, part);
      }
      part.records.push(record);
      if (!part.providers.includes(record.router)) part.providers.push(record.router);
    }
  }
  parts.push(...explicit.values());
  for (const part of parts) placeRouters(part, gateways, link, now);
  claimByPrefix(parts, kinds.leases);

  let misconfigured = 0;
  let unclearPortals = 0;
  for (const lease of kinds.leases) {
    const { owners, isClear } = ownersOf(lease, parts, gateways);
    if (!isClear) ++misconfigured;
    for (const owner of owners) owner.records.push(lease);
  }
  dropEmptied(parts, kinds.routers);
  for (const record of kinds.resolvers) for (const owner of askedIn(record, parts)) owner.records.push(record);
  for (const record of kinds.links) for (const part of parts) if (part.kind !== 'link-local') part.records.push(record);
  definePolicies(parts, kinds.policies);
  for (const record of kinds.policies) {
    if (record.defines !== undefined) continue;
    for (const part of parts) if (isMeant(record, part, link)) part.records.push(record);
  }

  for (const record of kinds.information) explicit.get(foldName(record.pvd))?.records.push(record);
  for (const record of kinds.portals) parts.find((part) => isAsked(part, record))?.records.push(record);

  const wayOut = bestWayOut(parts);
  const told = (part: Part) => memory.tell(part, part.records, { now, isWayOut: part === wayOut });
  // The file of the whole host belongs to the default domain, where nothing better is known (DNS-11).
  if (wayOut !== undefined && !hasResolvers(wayOut, now)) wayOut.records.push(...lastResort);
  const grouped = parts.filter(isSomething).map((part): DomainDraft => {
    const { kind, name, providers, routers, members } = part;
    const known = told(part);
    refused += known?.refused ?? 0;
    if (known?.isPortalUnclear) ++unclearPortals;
    return { kind, name, providers, routers, members: [...members.values()], told: known };
  });
  memory.forgetOthers();
  return { drafts: inOrder(grouped), refused, misconfigured, unclearPortals };
}

interface Sorted {
  readonly routers: readonly RouterRecord[];
  readonly leases: readonly LeaseRecord[];
  readonly resolvers: readonly ResolverRecord[];
  readonly links: readonly LinkRecord[];
  readonly policies: readonly PolicyRecord[];
  readonly information: readonly InformationRecord[];
  readonly portals: readonly PortalRecord[];
}

/** By type; who was heard in full is not believed by halves as well (trap G1). In an order that sources do not decide. */
function sorted(records: readonly PvdRecord[]): Sorted {
  const ofType = <T extends PvdRecord['type']>(type: T) =>
    records.filter((record): record is Extract<PvdRecord, { type: T }> => record.type === type);
  const all = ofType('router');
  const heard = new Set(all.filter(({ origin }) => origin === 'router-advertisements').map(({ router }) => router));
  const routers = all.filter(({ origin, router }) => origin === 'router-advertisements' || !heard.has(router));
  return {
    routers,
    leases: ofType('lease').sort((a, b) => Number(textOf(a) > textOf(b)) - Number(textOf(a) < textOf(b))),
    resolvers: ofType('resolver'),
    links: ofType('link'),
    policies: ofType('policy'),
    information: ofType('information'),
    portals: ofType('portal'),
  };
}

function textOf({ origin, key }: PvdRecord): string {
  return `${origin} ${key}`;
}

function partOf({ kind, name, providers, routers, members }: DomainDraft): Part {
  return {
    ...newPart(kind, providers, name),
    routers: [...routers],
    members: new Map(members.map((member) => [member.record, member])),
  };
}

/**
 * Puts what a router says without a PvD id into its implicit domain; makes that where there is none. Where the interface
 * has no other router of its family, it is the router of what no router claims as well (PVD-12 step 4).
 * @returns false when there would be too many.
 */
function placeImplicit(parts: Part[], record: RouterRecord, granularity: Granularity, isNew: () => boolean): boolean {
  const { router } = record;
  let part = parts.find(({ kind, providers }) => kind === 'router' && providers.includes(router));
  if (part === undefined && granularity !== 'router') {
    const whole = granularity === 'interface' ? wholeInterface : wholeFamily(6);
    part = parts.find(({ kind, providers }) => kind === 'router' && providers[0] === whole);
    if (part === undefined) {
      part = newPart('router', [whole]);
      parts.push(part);
    }
    part.providers.push(router);
  }
  if (part === undefined) {
    const others = parts.filter(({ kind }) => kind === 'router');
    const [only] = others;
    if (others.length === 1 && !only!.providers.some((provider) => provider.includes(':'))) {
      // One of each family is one router, as where the kernel has routes through both.
      part = only!;
      part.providers.unshift(router);
    } else {
      if (!isNew()) return false;
      part = newPart('router', [router]);
      parts.push(part);
      const unclaimed = others.length === 0 ? parts.find(({ kind }) => kind === 'static') : undefined;
      if (unclaimed !== undefined) {
        for (const [address, member] of unclaimed.members) part.members.set(address, member);
        unclaimed.members.clear();
      }
    }
  }
  part.records.push(record);
  return true;
}

/** Routers of a domain as they say of themselves (PVD-61); with the metric of the kernel's route through each. */
function placeRouters(part: Part, gateways: ReadonlyMap<string, DraftRouter>, link: Interface, now: number): void {
  const heard = new Map<string, RouterRecord[]>();
  for (const record of part.records) {
    if (record.type === 'router') heard.set(record.router, [...(heard.get(record.router) ?? []), record]);
  }
  for (const [router, records] of heard) {
    const known = part.routers.findIndex(({ address }) => address === router);
    const gateway = gateways.get(router);
    const headers = records.flatMap(({ header }) => header ?? []);
    const current = headers.filter(({ until }) => until === null || until > now);
    if (headers.length === 0) {
      if (known < 0 && gateway !== undefined && part.kind === 'explicit') part.routers.push(gateway);
    } else if (current.length > 0 && known < 0) {
      const preferences = current.map(({ preference }) => preference);
      part.routers.push({
        address: router,
        interface: link.name,
        family: 6,
        ...(gateway?.metric === undefined ? {} : { metric: gateway.metric }),
        preference: (['high', 'medium', 'low'] as const).find((each) => preferences.includes(each))!,
        element: 'ra',
      });
    }
  }
  if (heard.size > 0) part.routers.sort(byUse);
}

/** As those of the kernel's routes: IPv6 first, then the better metric, then by text. */
function byUse(one: DraftRouter, other: DraftRouter): number {
  const a = one.metric ?? Number.POSITIVE_INFINITY;
  const b = other.metric ?? Number.POSITIVE_INFINITY;
  return (
    other.family - one.family ||
    Number(a > b) - Number(a < b) ||
    Number(one.address > other.address) - Number(one.address < other.address)
  );
}

/** Moves addresses to the domains whose routers advertise their prefixes: they know better than routes tell (PVD-13, PVD-20). */
function claimByPrefix(parts: readonly Part[], leases: readonly LeaseRecord[]): void {
  const speakers = parts.flatMap((part) =>
    part.records.flatMap((record) =>
      record.type === 'router' ? record.prefixes.map((prefix) => ({ part, record, prefix })) : [],
    ),
  );
  if (speakers.length === 0) return;
  const assigned = new Set(leases.filter(({ family }) => family === 6).flatMap(({ addresses }) => addresses));
  const members = new Map(parts.filter(({ kind }) => kind !== 'link-local').flatMap(({ members: own }) => [...own]));
  for (const [address, member] of members) {
    const text = address.address.address;
    if (address.address.family !== 6) continue;
    let claims = speakers.filter(({ prefix }) => prefixContains(prefix.prefix, text));
    if (claims.length === 0) continue;
    // What a server assigned belongs to those who sent the host there (PVD-15).
    const managed = claims.filter(({ record }) => record.header?.managed === true);
    if (assigned.has(text) && managed.length > 0) claims = managed;
    // Of several the one that spoke last has it; the others share it.
    const last = claims.reduce((latest, claim) =>
      (claim.prefix.saidAt ?? 0) >= (latest.prefix.saidAt ?? 0) ? claim : latest,
    ).part;
    // Who had it already keeps it in its place: the order is the kernel's.
    for (const part of parts) if (!claims.some((claim) => claim.part === part)) part.members.delete(address);
    for (const { part } of claims) part.members.set(address, claimed(member, part !== last));
  }
}

/**
 * A router all of whose words are labelled has no implicit domain (PVD-12 step 2): what the kernel's routes made of it goes,
 * unless addresses are left that no advertisement explains.
 */
function dropEmptied(parts: Part[], records: readonly RouterRecord[]): void {
  const unlabelled = new Set(records.filter(({ pvd }) => pvd === undefined).map(({ router }) => router));
  const labelled = new Set(records.filter(({ pvd }) => pvd !== undefined).map(({ router }) => router));
  for (const part of [...parts]) {
    if (part.kind === 'static' && part.members.size === 0) parts.splice(parts.indexOf(part), 1);
    if (part.kind !== 'router') continue;
    for (const router of [...part.providers]) {
      if (labelled.has(router) && !unlabelled.has(router) && part.providers.length > 1) removeRouter(part, router);
    }
    const isLeft = part.providers.some((router) => unlabelled.has(router) || !labelled.has(router));
    // A router that moved to another address: what it had is another's now, and it leads nowhere (PVD-11, PVD-19).
    const isSucceeded =
      part.routers.length === 0 && part.members.size > 0 && [...part.members.values()].every(({ shared }) => shared);
    const isMoved = part.providers.every((router) => isClaimed(router, parts)) && part.members.size === 0;
    if (isSucceeded || isMoved || (!isLeft && part.members.size === 0)) parts.splice(parts.indexOf(part), 1);
  }
}

function isClaimed(router: string, parts: readonly Part[]): boolean {
  return parts.some(({ kind, providers }) => kind === 'explicit' && providers.includes(router));
}

/**
 * The domains that a daemon's resolvers of the interface belong to: those that were told of one of them or have its network;
 * else the unlabelled ones (PVD-04), else the only one there is.
 */
function askedIn({ resolvers }: ResolverRecord, parts: readonly Part[]): readonly Part[] {
  const candidates = parts.filter(({ kind }) => kind !== 'link-local');
  const knows = ({ records, members, providers }: Part) =>
    resolvers.some(
      (resolver) =>
        providers.includes(resolver) ||
        records.some((record) => tells(record, resolver)) ||
        [...members.values()].some(({ network }) => prefixContains(network, resolver)),
    );
  const knowing = candidates.filter(knows);
  if (knowing.length > 0) return knowing;
  const implicit = candidates.filter(({ kind }) => kind === 'router' || kind === 'static');
  if (implicit.length > 0) return implicit;
  return candidates.length === 1 ? candidates : [];
}

/** Whether the API of a captive portal was asked over this domain. */
function isAsked({ name, providers }: Part, { domain, isNamed }: PortalRecord): boolean {
  return isNamed ? name === domain : name === undefined && providers.includes(domain);
}

function tells(record: PvdRecord, resolver: string): boolean {
  if (record.type === 'router') return record.resolvers.some(({ value }) => value === resolver);
  return (record.type === 'lease' || record.type === 'policy') && record.resolvers.includes(resolver);
}

function hasResolvers({ records }: Part, now: number): boolean {
  return records.some((record) => {
    if (!('resolvers' in record)) return false;
    if (record.type !== 'router') return record.resolvers.length > 0;
    return record.resolvers.some(({ until }) => until === null || until > now);
  });
}

/** The domain with the best default route that the kernel has: where the host's own traffic goes. */
function bestWayOut(parts: readonly Part[]): Part | undefined {
  let best: Part | undefined;
  for (const part of parts) {
    const metric = metricOf(part);
    if (metric !== undefined && (best === undefined || metric < metricOf(best)!)) best = part;
  }
  return best;
}

/** Of the best default route through any of its routers; undefined when it has none. */
export function metricOf({ routers }: Pick<DomainDraft, 'routers'>): number | undefined {
  let best: number | undefined;
  for (const { metric } of routers) if (metric !== undefined && (best === undefined || metric < best)) best = metric;
  return best;
}

/** Nothing is left of a domain of the kernel whose addresses are all some other's; the rest is there without any. */
function isSomething({ kind, members }: Part): boolean {
  return members.size > 0 || (kind !== 'static' && kind !== 'link-local');
}

/** What the network names, then what it does not, as the kernel's tables have it; link-local addresses last. */
function inOrder(drafts: readonly DomainDraft[]): readonly DomainDraft[] {
  const order: readonly DomainKind[] = ['policy', 'explicit', 'router', 'static', 'link-local'];
  return [...drafts].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}
