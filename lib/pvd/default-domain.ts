// SPDX-License-Identifier: MIT
// The system's default domain (PVD-33), which Linux does not have: computed from who has the best default route.

import type { ProvisioningDomain, PvdRouter } from './provisioning-domain.ts';

const preferenceOrder: readonly NonNullable<PvdRouter['preference']>[] = ['high', 'medium', 'low'];

/**
 * The domain with the best default route: lowest metric, then RFC 4191 preference, then the order of the domains; none that is
 * known not to work. Undefined when no domain has a router.
 */
export function defaultDomain(domains: readonly ProvisioningDomain[]): ProvisioningDomain | undefined {
  const routes = domains
    .filter(({ validated }) => validated !== false)
    .flatMap((domain) => domain.routers.map((router) => ({ domain, router })))
    .filter(({ router }) => router.metric !== undefined);
  const [best] = routes.sort(
    (a, b) => a.router.metric! - b.router.metric! || rankOf(a.router.preference) - rankOf(b.router.preference),
  );
  return best?.domain;
}

function rankOf(preference: PvdRouter['preference'] = 'medium'): number {
  return preferenceOrder.indexOf(preference);
}
