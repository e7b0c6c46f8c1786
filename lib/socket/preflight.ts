// SPDX-License-Identifier: MIT
// What is known to fail before a packet leaves. The kernel finds out late or never: a socket held to a device without a
// route waits for an answer to its ARP requests (trap F3).

import { isLinkLocal, isLoopback } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import { addressState, isUsable } from '../pvd/draft.ts';
import { leadsTo } from '../snapshot/reachability.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import type { Carrier } from '../via/carrier.ts';
import { obstacleTo } from '../via/obstacle.ts';
import { sourcesTo } from './carrier-source.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * Checks that a carrier can lead to an endpoint.
 * @throws MifError ERR_MIF_LOOPBACK, ERR_MIF_INTERFACE_DOWN, ERR_MIF_NO_CARRIER, ERR_MIF_INVALID_ARG for a zone of another
 * interface, ERR_MIF_NO_ADDRESS, ERR_MIF_NO_ROUTE
 */
export function checkCarrier(snapshot: HostSnapshot, carrier: Carrier, endpoint: Endpoint): void {
  const { interface: link } = carrier;
  const { address } = endpoint;
  const refuse = (code: ConstructorParameters<typeof MifError>[0], why: string) =>
    new MifError(code, `cannot connect to ${address} over ${carrier.pvd?.id ?? link.name}: ${why}`, {
      interface: link.name,
      pvd: carrier.pvd?.id,
      destination: address,
    });

  const obstacle = obstacleTo(snapshot, carrier, endpoint);
  if (obstacle !== undefined) throw refuse(obstacle.code, obstacle.why);

  let isOwn = false;
  let isShared = false;
  let hasSource = false;
  for (const each of snapshot.addresses) {
    if (each.address === address) {
      isOwn = true;
      isShared ||= each.index !== link.index;
    }
    hasSource ||=
      each.index === link.index &&
      each.family === endpoint.family &&
      isUsable(addressState(each)) &&
      (isLinkLocal(address) || !isLinkLocal(each.address));
  }
  const sources = sourcesTo(carrier, endpoint);
  if (sources !== undefined) hasSource = sources.length > 0;
  if (!hasSource) {
    throw refuse('ERR_MIF_NO_ADDRESS', `it has no IPv${endpoint.family} address to connect from`);
  }
  if (isShared && !isFirstOwner(snapshot, link.index, address)) {
    throw refuse('ERR_MIF_LOOPBACK', 'another interface has the address too, and would get the answers');
  }
  // Link-local destinations are on every link (SAS-36), an own address needs no route.
  if (!isOwn && !isLinkLocal(address) && !isLoopback(address) && !leadsTo(snapshot, link.index, address)) {
    throw refuse('ERR_MIF_NO_ROUTE', `no route through ${link.name} leads there`);
  }
}

/**
 * Whether the local route to an address that is found first is that of an interface: answers of this host to itself come as by
 * that one, whatever the socket is held to.
 */
function isFirstOwner({ routes }: HostSnapshot, index: number, address: string): boolean {
  for (const route of routes.where({ types: ['local'], table: localTable })) {
    if (route.destination.startsWith(`${address}/`)) return route.index === index;
  }
  return false;
}

const localTable = 255;
