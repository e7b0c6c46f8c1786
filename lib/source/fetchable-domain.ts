// SPDX-License-Identifier: MIT
// The domains of a picture as those see them that fetch over them: what routers and servers told to fetch, and whether anything can
// be fetched yet.

import { isLinkLocal } from '../address/ip-address.ts';
import type { DomainState } from '../pvd/domain-state.ts';
import type { PvdOption } from '../pvd/record.ts';
import type { FetchDomain } from './domain-fetch.ts';

export interface FetchableDomain extends FetchDomain {
  /** Of the first interface that it is on. */
  readonly interfaceId: string;
  /** What records of it name it by: its id where it was given one, else its first provider. */
  readonly key: string;
  readonly isNamed: boolean;
  /** False while the interface has no carrier: the host is not attached. */
  readonly isAttached: boolean;
  /** Whether it has an address that may be a source (PVD-68); without one a request waits. */
  readonly hasAddress: boolean;
  /** Whether it has servers that names are asked of; a request that needs a name waits for them. */
  readonly hasResolver: boolean;
  /** Of the routers that say that there is additional information. */
  readonly option: PvdOption | undefined;
  /** Prefixes that routers advertise for it. */
  readonly prefixes: readonly { readonly prefix: string }[];
  /** URI of the captive-portal API. */
  readonly portal: string | undefined;
}

interface Picture {
  readonly isRunning: (index: number) => boolean;
  /** Ids of interfaces on which no additional information is to be asked for (PVD-78). */
  readonly discreet: ReadonlySet<string>;
}

/** Of a whole picture, those that were told of anything to fetch. */
export function fetchableDomains(
  states: readonly DomainState[],
  { isRunning, discreet }: Picture,
): readonly FetchableDomain[] {
  const found: FetchableDomain[] = [];
  for (const { told, name, handle, id, interfaceId, providers, index, members, kind } of states) {
    if (told === undefined || (told.option === undefined && told.captivePortal === undefined)) continue;
    found.push({
      handle,
      id,
      interfaceId,
      key: name ?? providers[0]!,
      isNamed: name !== undefined,
      isAttached: isRunning(index),
      hasAddress: members.some(
        ({ record: { state, address } }) =>
          (state === 'preferred' || state === 'deprecated') && !isLinkLocal(address.address),
      ),
      hasResolver: told.servers.length > 0,
      option: kind === 'explicit' && !discreet.has(interfaceId) ? told.option : undefined,
      prefixes: told.prefixes,
      portal: told.captivePortal,
    });
  }
  return found;
}
