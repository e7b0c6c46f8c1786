// SPDX-License-Identifier: MIT
// A provisioning domain as the carrier on one of its interfaces. One on several interfaces (MIF-28) is a carrier on each, and
// addresses of the others are no sources there.

import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { Interface } from '../snapshot/change.ts';
import type { Carrier } from './carrier.ts';
import { usableAddresses } from './facts.ts';

export function domainCarrier(link: Interface, pvd: ProvisioningDomain): Carrier {
  const carrier: Carrier = { interface: link, pvd };
  if (pvd.interfaceIds.length < 2) return carrier;
  return { ...carrier, sources: usableAddresses(carrier).map(({ address }) => address) };
}
