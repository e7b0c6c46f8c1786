// SPDX-License-Identifier: MIT
// host.sortDestinations(): addresses in the order in which they should be tried. Each one's way and source are what
// host.select() says; what follows from them is RFC 6724 section 6.

import { formatIpAddress, type IpAddress, isLinkLocal, parseIpAddress } from '../address/ip-address.ts';
import { isMifError, MifError } from '../binding/mif-error.ts';
import { packOrderQuestion, type SortedDestination, unpackOrder } from '../selection/destination-order.ts';
import { HostPolicy } from '../selection/host-policy.ts';
import { pathOf } from '../selection/path.ts';
import { type PolicyRow, packPolicy } from '../selection/policy.ts';
import { isMapped, readTraffic } from '../selection/question.ts';
import type { Selector } from '../selection/selector.ts';
import { shown } from '../selection/shown.ts';
import { preferenceFlags, type SourcePreferences } from '../selection/source-preferences.ts';
import type { Sources } from '../selection/sources.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type Carrier, findCarriers, type Via } from '../via/carrier.ts';
import { type NameSource, snapshotNaming } from '../via/named-interface.ts';
import { onlyLink } from '../via/only-link.ts';
import { markOver } from './carrier-mark.ts';
import { sourcesOf } from './carrier-sources.ts';
import { domainPart } from './domain-part.ts';

export interface SortOptions {
  /** Who is to carry it, as of `select`; of a list each destination uses the first that reaches it. */
  via?: Via | undefined;
  /** Firewall mark of the socket (SO_MARK), 0 to 2^32 - 1. Default 0. */
  mark?: number | undefined;
  /** User whose socket it is. Default: the effective user of this process. */
  uid?: number | undefined;
  /** Which sources the socket prefers (RFC 5014). */
  preferences?: SourcePreferences | undefined;
  /** The whole policy table. Default: as /etc/gai.conf says, else `defaultPolicy`. */
  policy?: readonly PolicyRow[] | undefined;
}

const optionNames = new Set(['via', 'mark', 'uid', 'preferences', 'policy']);

/** Index that no interface has. */
const nowhere = 0xffff_ffff;

const hostPolicy = new HostPolicy();

interface Asked {
  readonly address: IpAddress;
  readonly zone: number;
}

/** As Host.sortDestinations. */
export function sortDestinations(
  selector: Selector,
  source: NameSource,
  addresses: readonly string[],
  options: SortOptions,
): SortedDestination[] {
  if (typeof options !== 'object' || options === null)
    throw new MifError('ERR_MIF_INVALID_ARG', 'options: what was given is no object');
  const unknown = Object.keys(options).find((name) => !optionNames.has(name));
  if (unknown !== undefined) throw new MifError('ERR_MIF_INVALID_ARG', `option ${unknown}: there is none of that name`);
  const { mark, uid } = readTraffic({ mark: options.mark, uid: options.uid }, 6);
  const preferences = preferenceFlags(options.preferences);
  const policy = options.policy === undefined ? hostPolicy.words : packPolicy(options.policy);
  const destinations = readAddresses(addresses, source, options.via === undefined);
  // A snapshot costs more than a short sort, and only carriers need one.
  const snapshot = options.via === undefined ? undefined : snapshotNaming(source, options.via);
  const carriers = snapshot === undefined ? [] : findCarriers(snapshot, options.via as Via);
  const answer = selector.sort(
    packOrderQuestion({
      mark: commonMark(carriers, mark),
      uid,
      preferences,
      policy,
      carriers: carriers.map((carrier) => ({
        index: carrier.interface.index,
        sources: sourcesOfBoth(snapshot as HostSnapshot, carrier),
      })),
      destinations,
    }),
  );
  return unpackOrder(answer).map(({ position, rule, isReachable, precedence, carrier, selection }) => {
    const { address } = destinations[position] as Asked;
    const used = carrier === undefined ? undefined : carriers[carrier];
    const domain = used === undefined || snapshot === undefined ? {} : domainPart(snapshot, used, selection);
    const isPath = selection.verdict === 'path';
    return {
      address: addresses[position] as string,
      source: isPath ? (selection.source ?? null) : null,
      interface: isPath ? (selection.interface ?? null) : null,
      reachable: isReachable,
      rule,
      precedence,
      path: isPath ? pathOf(bareText(address), selection, domain) : undefined,
    };
  });
}

/** All are asked with one mark. */
function commonMark(carriers: readonly Carrier[], mark: number): number {
  const [first = mark, ...others] = new Set(carriers.map((carrier) => markOver(carrier, mark)));
  if (others.length === 0) return first;
  throw new MifError('ERR_MIF_UNSUPPORTED', 'option via: its networks are to be used with different marks', {
    hint: 'Sort once for each mark.',
  });
}

function readAddresses(addresses: unknown, source: NameSource, isUnbound: boolean): Asked[] {
  if (!Array.isArray(addresses)) {
    throw new MifError('ERR_MIF_INVALID_ARG', `addresses: ${shown(addresses)} is not an array of IP addresses`);
  }
  // Not map, which leaves out holes.
  return Array.from(addresses, (text: unknown, at) => {
    const address = typeof text === 'string' ? parseIpAddress(text) : undefined;
    if (address === undefined) {
      throw new MifError('ERR_MIF_INVALID_ARG', `addresses[${at}]: ${shown(text)} is not an IP address`);
    }
    if (isMapped(address)) {
      throw new MifError('ERR_MIF_INVALID_ARG', `addresses[${at}]: ${shown(text)} hides its family; write it as IPv4`);
    }
    const zone = address.zone ?? (isUnbound ? onlyLinkOf(address, source) : undefined);
    return { address, zone: zone === undefined ? 0 : indexOf(zone, source) };
  });
}

/** As for select(): a link-local destination needs no zone where only one interface can be meant. */
function onlyLinkOf(address: IpAddress, source: NameSource): string | undefined {
  const text = bareText(address);
  if (!isLinkLocal(text)) return undefined;
  try {
    return onlyLink(source.snapshot(), { family: address.family, address: text }, `no way to ${text}`);
  } catch (error) {
    if (!isMifError(error, 'ERR_MIF_SCOPE_REQUIRED')) throw error;
    return undefined;
  }
}

/** One that is gone makes its destinations unreachable, as it does any other way. */
function indexOf(zone: string, source: NameSource): number {
  for (const { name, index, altNames } of snapshotNaming(source, zone).interfaces) {
    if (name === zone || String(index) === zone || altNames.includes(zone)) return index;
  }
  return nowhere;
}

function bareText({ zone: _, ...bare }: IpAddress): string {
  return formatIpAddress(bare);
}

function sourcesOfBoth(snapshot: HostSnapshot, carrier: Carrier): Sources {
  const ipv4 = sourcesOf(snapshot, carrier, 4);
  const ipv6 = sourcesOf(snapshot, carrier, 6);
  return {
    allowed: [...ipv4.allowed, ...ipv6.allowed],
    advertised: [...ipv4.advertised, ...ipv6.advertised],
  };
}
