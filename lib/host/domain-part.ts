// SPDX-License-Identifier: MIT
// What a way has of the provisioning domain that was asked for.

import type { Selection } from '../binding/contract.gen.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import { firstHopOf } from '../selection/first-hop.ts';
import type { DomainPart } from '../selection/path.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import type { Carrier } from '../via/carrier.ts';

/** Its id, and whose router the first hop is (ROUTE-16); nothing where an interface was asked for. */
export function domainPart(
  { pvds }: HostSnapshot,
  { pvd, interface: link }: Carrier,
  selection: Selection,
): DomainPart {
  if (pvd === undefined) return {};
  const { gateway, isBySource } = selection;
  if (gateway === undefined) return { pvd: pvd.id };
  const others = pvds.filter(({ interfaceIds, handle }) => interfaceIds.includes(link.id) && handle !== pvd.handle);
  const routersOf = ({ routers }: ProvisioningDomain) => routers.map(({ address }) => address);
  const firstHop = firstHopOf({ gateway, isBySource, own: routersOf(pvd), others: others.flatMap(routersOf) });
  return { pvd: pvd.id, firstHop };
}
