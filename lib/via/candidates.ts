// SPDX-License-Identifier: MIT
// Everybody who could carry, in the order in which the system would have them: what selectors and functions choose from.

import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';
import type { Carrier } from './carrier.ts';
import { decoded } from './decoded.ts';
import { domainCarrier } from './domain-carrier.ts';
import { usableAddresses } from './facts.ts';

/**
 * Each provisioning domain, and each interface that has none but that of its link-local addresses, held to these: every interface
 * has such, and they lead nowhere else. Loopback is no network. By the metric of the best default route, then by the preference of
 * its router (RFC 4191); what is known not to work comes after what is not.
 */
export function candidatesOf({ interfaces, pvds }: Pick<Snapshot, 'interfaces' | 'pvds'>): readonly Carrier[] {
  const candidates: Carrier[] = [];
  for (const link of decoded(interfaces)) {
    if (link.flags.includes('loopback')) continue;
    const own = pvds
      .filter(({ interfaceIds }) => interfaceIds.includes(link.id))
      .map((pvd) => domainCarrier(link, pvd));
    const domains = own.filter(({ pvd }) => pvd?.origin !== 'link-local');
    const linkLocal = own.flatMap((carrier) => usableAddresses(carrier)).map(({ address }) => address);
    candidates.push(...domains);
    // A domain that was only told of has no address yet.
    if (!domains.some(({ pvd }) => pvd !== undefined && pvd.addresses.length > 0)) {
      candidates.push({ interface: link, sources: linkLocal });
    }
  }
  return candidates
    .map((carrier) => ({ carrier, rank: rankOf(carrier) }))
    .sort(byRank)
    .map(({ carrier }) => carrier);
}

interface Rank {
  readonly isBroken: boolean;
  /** Infinite without a default route. */
  readonly metric: number;
  readonly preference: number;
  readonly isBare: boolean;
}

function byRank({ rank: a }: { rank: Rank }, { rank: b }: { rank: Rank }): number {
  return (
    Number(a.isBroken) - Number(b.isBroken) ||
    // Infinity less Infinity is no number.
    Number(a.metric > b.metric) - Number(a.metric < b.metric) ||
    a.preference - b.preference ||
    Number(a.isBare) - Number(b.isBare)
  );
}

const preferenceOrder: readonly string[] = ['high', 'medium', 'low'];

function rankOf({ interface: link, pvd }: Carrier): Rank {
  const metric = bestMetric(pvd);
  const best = pvd?.routers.filter((router) => router.metric === metric) ?? [];
  return {
    isBroken: isBroken(link, pvd),
    metric,
    preference: Math.min(
      ...best.map(({ preference = 'medium' }) => preferenceOrder.indexOf(preference)),
      preferenceOrder.length,
    ),
    isBare: pvd === undefined,
  };
}

function bestMetric(pvd: ProvisioningDomain | undefined): number {
  return Math.min(...(pvd?.routers.flatMap(({ metric }) => metric ?? []) ?? []), Number.POSITIVE_INFINITY);
}

function isBroken({ running }: Interface, pvd: ProvisioningDomain | undefined): boolean {
  return !running || pvd?.validated === false;
}
