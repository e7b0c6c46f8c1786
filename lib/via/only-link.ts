// SPDX-License-Identifier: MIT
// The interface of a destination that is link-local and names none.

import { isLinkLocal } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import type { Snapshot } from '../snapshot/change.ts';
import { decoded } from './decoded.ts';
import type { Destination } from './obstacle.ts';

/**
 * The interface of an IPv6 link-local destination that names none: there must not be two that could be meant (SAS-39). IPv4
 * ones are left to the routing table, since clouds have routers that answer for 169.254.169.254.
 * @param attempt - what cannot be done, for the message: `cannot connect to [fe80::1]:80`.
 * @returns its name; undefined for a destination that needs none
 * @throws MifError ERR_MIF_SCOPE_REQUIRED
 */
export function onlyLink(
  snapshot: Pick<Snapshot, 'addresses'>,
  { family, address }: Destination,
  attempt: string,
): string | undefined {
  if (family === 4 || !isLinkLocal(address)) return undefined;
  const links = new Set<string>();
  for (const own of decoded(snapshot.addresses)) {
    if (own.family === family && isLinkLocal(own.address)) links.add(own.interface);
  }
  const [only] = links;
  if (links.size === 1 && only !== undefined) return only;
  const which = links.size === 0 ? 'no interface has a link-local address' : `it may be on ${[...links].join(', ')}`;
  throw new MifError('ERR_MIF_SCOPE_REQUIRED', `${attempt}: ${which}`, { destination: address });
}
