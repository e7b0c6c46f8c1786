// SPDX-License-Identifier: MIT
// What is about to happen to an interface, concluded from what happens to it (MIF-72 to MIF-76). The kernel announces no
// intent: from its tables alone it is inferred, and only from a change that was seen. Pure; the moments are handed in.

import { isLinkLocal } from '../address/ip-address.ts';
import type { Interface } from '../snapshot/change.ts';
import { isUsable } from './draft.ts';
import type { ProvisioningDomain } from './provisioning-domain.ts';

/** Why an interface comes or goes (MIF-74). */
export type IntentReason = 'admin' | 'suspend' | 'low-signal' | 'lease-end' | 'policy' | 'link-event';

export interface InterfaceIntent {
  readonly direction: 'going-up' | 'going-away';
  readonly reason: IntentReason;
  /** `intended`: who does it has said so; `inferred`: it looks like it. */
  readonly confidence: 'intended' | 'inferred';
  /** When it will have happened at the latest, milliseconds on the clock of lifetimes; null where nobody says. */
  readonly until: number | null;
}

/** What of one moment of an interface the next one is held against. */
export interface IntentEvidence {
  readonly adminUp: boolean;
  /** Passes traffic. */
  readonly isUp: boolean;
  /** Has a default router. */
  readonly hasRouter: boolean;
  /** Has addresses, and none of them is for new connections any more. */
  readonly isEnding: boolean;
  /** When the last of its addresses is over; null where that is never or not known. */
  readonly lastEnd: number | null;
  /** What a network manager says that it does. */
  readonly managed: InterfaceIntent['direction'] | undefined;
}

/** @param takenAt - the moment of the lifetimes in the domains. */
export function intentEvidence(
  link: Interface,
  domains: readonly ProvisioningDomain[],
  takenAt: number,
): IntentEvidence {
  const addresses = domains
    .flatMap((domain) => domain.addresses)
    .filter(({ index, address, state }) => index === link.index && isUsable(state) && !isLinkLocal(address));
  const isLasting = addresses.length === 0 || addresses.some(({ validLifetime }) => validLifetime === null);
  const longest = addresses.reduce((most, { validLifetime }) => Math.max(most, validLifetime ?? 0), 0);
  return {
    adminUp: link.adminUp,
    isUp: link.running && link.operState !== 'dormant',
    hasRouter: domains.some(({ routers }) =>
      routers.some((router) => router.interface === link.name && router.metric !== undefined),
    ),
    isEnding: addresses.length > 0 && addresses.every(({ state }) => state === 'deprecated'),
    lastEnd: isLasting ? null : takenAt + longest * 1000,
    // The word of a domain on several interfaces is about the first of them.
    managed: domains.find(({ intent, interfaceIds }) => intent !== undefined && interfaceIds[0] === link.id)?.intent,
  };
}

/**
 * What one moment after another says of an interface.
 * @param before - undefined for an interface that has just come.
 * @param standing - what was concluded before.
 */
export function inferIntent(
  before: IntentEvidence | undefined,
  after: IntentEvidence,
  standing: InterfaceIntent | undefined,
): InterfaceIntent | undefined {
  const { managed } = after;
  if (managed !== undefined && (managed === 'going-away') === after.isUp) {
    return { direction: managed, reason: 'policy', confidence: 'intended', until: null };
  }
  if (after.isUp) return leaseIntent(before, after, standing);
  if (before?.isUp) return inferred('going-away', after.adminUp ? 'link-event' : 'admin');
  if (after.adminUp && !before?.adminUp) return inferred('going-up', 'admin');
  // What was set down again is not going up.
  if (!after.adminUp && standing?.direction === 'going-up') return undefined;
  return standing?.confidence === 'inferred' ? standing : undefined;
}

/** Of a link that is up and loses its network: the routers have taken leave, or what they gave is running out. */
function leaseIntent(
  before: IntentEvidence | undefined,
  after: IntentEvidence,
  standing: InterfaceIntent | undefined,
): InterfaceIntent | undefined {
  const isLeft = !after.hasRouter && (before?.hasRouter === true || standing?.reason === 'lease-end');
  const hasBegunToEnd = after.isEnding && (before?.isEnding === false || standing?.reason === 'lease-end');
  return isLeft || hasBegunToEnd ? inferred('going-away', 'lease-end', after.lastEnd) : undefined;
}

function inferred(
  direction: InterfaceIntent['direction'],
  reason: IntentReason,
  until: number | null = null,
): InterfaceIntent {
  return { direction, reason, confidence: 'inferred', until };
}
