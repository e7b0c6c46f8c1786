// SPDX-License-Identifier: MIT
// What sources of knowledge say of the provisioning domains of one interface, before anything has an identity:
// the input of implicit.ts and the drafts that registry.ts turns into domains with handles.
// Values only.

import type { Address, RouteProtocol, RouterPreference } from '../binding/contract.gen.ts';
import type { Interface } from '../snapshot/change.ts';
import type { AddressState, ElementType, PvdRouter } from './provisioning-domain.ts';
import type { Told } from './told.ts';

/** An address and what of it must not be read again later. One object as long as nothing of the address changed. */
export interface AddressRecord {
  /** As decoded; the lifetimes in it are those of that moment. */
  readonly address: Address;
  readonly state: AddressState;
  /** End of its valid lifetime, milliseconds on the clock of lifetimes; null for never. */
  readonly validUntil: number | null;
}

/** One hop of a default route, or of one half of a default route, through a router of the interface. */
export interface DefaultRoute {
  /** Of the packets; the gateway may be IPv6 in an IPv4 route (RFC 5549, trap D11). */
  readonly family: 4 | 6;
  readonly gateway: string;
  readonly metric: number;
  readonly protocol: RouteProtocol;
  readonly preference?: RouterPreference | undefined;
  /** Source prefix it is limited to (RFC 8028, trap D14). */
  readonly source?: string | undefined;
  readonly preferredSource?: string | undefined;
}

/** What is known of one interface at one moment. */
export interface LinkMoment {
  readonly interface: Interface;
  readonly addresses: Iterable<AddressRecord>;
  readonly defaultRoutes: readonly DefaultRoute[];
  /** Link-layer address of a router, where a neighbour entry has said. */
  readonly macOf: (router: string) => string | undefined;
  /** Whether two routers were one in the moment before; keeps a merged domain whole (PVD-24). */
  readonly wereTogether: (one: string, other: string) => boolean;
}

/** What names a domain of an interface: its routers, or the lack of one; the network itself (RFC 8801), or a policy. */
export type DomainKind = 'router' | 'static' | 'link-local' | 'explicit' | 'policy';

/** An address as a member of a draft. One object as long as nothing of it changed. */
export interface Member {
  readonly record: AddressRecord;
  /** The network of the address; of the far end of a point-to-point one (trap C2). */
  readonly network: string;
  /** Other domains of the interface have it too, because nothing tells whose it is (PVD-13). */
  readonly shared: boolean;
  /** A prefix, a source-specific route or a preferred source tells whose it is. */
  readonly evident: boolean;
  readonly element: ElementType;
}

/** A router as part of a draft. */
export interface DraftRouter extends PvdRouter {
  readonly element: ElementType;
}

/** A domain without handle, version or history. */
export interface DomainDraft {
  readonly kind: DomainKind;
  /** Id that the network or a policy gave it; undefined for one that is named after its provider. */
  readonly name?: string | undefined;
  /** Router addresses, IPv6 first, or `static`, `link-local` or `policy`. */
  readonly providers: readonly string[];
  /** One list as long as nothing of the interface but addresses changed. */
  readonly routers: readonly DraftRouter[];
  readonly members: readonly Member[];
  /** What sources of records say of it; undefined where only the kernel does. */
  readonly told?: Told | undefined;
}

/** Tells the addresses of one interface apart (trap C11). */
export function addressKey({
  address,
  prefixLength,
  peer,
}: Pick<Address, 'address' | 'prefixLength' | 'peer'>): string {
  return peer === undefined ? `${address}/${prefixLength}` : `${address}/${prefixLength}>${peer}`;
}

/** Whether an address can carry traffic: neither under duplicate detection nor failed it (MIF-26, traps C3, C4). */
export function isUsable(state: AddressState): boolean {
  return state !== 'tentative' && state !== 'dad-failed';
}

/**
 * The state of an address. An optimistic one is tentative as well, and usable (RFC 4429 section 2.1); a preferred lifetime
 * that was over when the kernel spoke means deprecated, whatever the flag says (trap C8).
 */
export function addressState(address: Address): AddressState {
  const has = (flag: Address['flags'][number]) => address.flags.includes(flag);
  if (has('dad-failed')) return 'dad-failed';
  if (has('optimistic')) return 'optimistic';
  if (has('tentative')) return 'tentative';
  return has('deprecated') || address.preferredLifetime === 0 ? 'deprecated' : 'preferred';
}

/** An address as it was told at a moment, milliseconds on the clock of lifetimes. */
export function addressRecord(address: Address, now: number): AddressRecord {
  const { validLifetime } = address;
  return {
    address,
    state: addressState(address),
    validUntil: validLifetime === null ? null : now + validLifetime * 1000,
  };
}
