// SPDX-License-Identifier: MIT
// Which addresses may be the source of what goes over a carrier, and which routers they came from.

import { type IpAddress, parseIpAddress } from '../address/ip-address.ts';
import type { Sources } from '../selection/sources.ts';
import type { Snapshot } from '../snapshot/change.ts';
import type { Carrier } from '../via/carrier.ts';

/**
 * Those that it is held to; else a domain's own addresses, which are the only sources in it (PVD-37), and all are its routers'.
 * Of an interface it is any, and which routers of it advertised them is for rule 5.5 of RFC 6724 (SAS-16): among sources of two
 * providers it takes those of the one that the packet goes to.
 */
export function sourcesOf(snapshot: Pick<Snapshot, 'pvds'>, carrier: Carrier, family: 4 | 6): Sources {
  const { interface: link, pvd, sources } = carrier;
  const held = sources?.map((address) => ({ address })) ?? pvd?.addresses;
  if (held === undefined) return { allowed: [], advertised: family === 4 ? [] : advertisedOn(snapshot, link.id) };
  const own = readAll(held).filter((source) => source.family === family);
  // None must not come to mean any.
  return { allowed: own.length > 0 ? own : [{ family, groups: family === 4 ? [0] : [0, 0, 0, 0] }], advertised: [] };
}

/** Every IPv6 address of an interface with every router of its domains. Nothing where one domain has all of them. */
function advertisedOn({ pvds }: Pick<Snapshot, 'pvds'>, interfaceId: string): Sources['advertised'] {
  const domains = pvds.filter(({ interfaceIds, routers }) => interfaceIds.includes(interfaceId) && routers.length > 0);
  if (domains.length < 2) return [];
  return domains.flatMap(({ addresses, routers }) => {
    const advertisers = readAll(routers).filter(({ family }) => family === 6);
    return readAll(addresses).flatMap((source) =>
      source.family === 6 ? advertisers.map((router) => ({ source, router })) : [],
    );
  });
}

function readAll(those: readonly { readonly address: string }[]): IpAddress[] {
  return those.flatMap(({ address }) => parseIpAddress(address) ?? []);
}
