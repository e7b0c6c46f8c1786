// SPDX-License-Identifier: MIT
// Which addresses of a domain may be the source of a new connection, until source address selection lands: a plain
// order in place of the rules of RFC 6724 section 5.

import { isLinkLocal } from '../address/ip-address.ts';
import type { ProvisioningDomain, PvdAddress } from './provisioning-domain.ts';

// Deprecated addresses are for what is already connected, optimistic ones for want of better (trap C5).
const stateOrder: readonly PvdAddress['state'][] = ['preferred', 'deprecated', 'optimistic'];

/**
 * Addresses of a domain to connect to a destination from, best first: of its family, never tentative or failed ones, never
 * link-local ones to what is not (RFC 3927 section 2.6.2). To a link-local destination link-local ones first (RFC 6724
 * section 5 rule 2); preferred before deprecated before optimistic; the domain's own before shared ones; temporary before stable
 * ones (rule 7); then as the kernel lists them.
 */
export function candidateSources(
  domain: ProvisioningDomain,
  destination: { readonly family: 4 | 6; readonly address: string },
): PvdAddress[] {
  const isLocal = isLinkLocal(destination.address);
  return domain.addresses
    .filter(
      (candidate) =>
        candidate.family === destination.family &&
        stateOrder.includes(candidate.state) &&
        (isLocal || !isLinkLocal(candidate.address)),
    )
    .sort(
      (a, b) =>
        Number(isLinkLocal(a.address) !== isLocal) - Number(isLinkLocal(b.address) !== isLocal) ||
        stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) ||
        Number(a.shared) - Number(b.shared) ||
        Number(b.temporary) - Number(a.temporary),
    );
}
