// SPDX-License-Identifier: MIT
// Which source of configuration an address or a router came from, as far as the kernel's tables tell (MIF-33).
// A hint: a network manager that adds addresses itself looks like a person with the ip command.

import type { Address } from '../binding/contract.gen.ts';
import type { Interface } from '../snapshot/change.ts';
import type { DefaultRoute } from './draft.ts';
import type { ElementType } from './provisioning-domain.ts';

/** Most specific first: the order in which `origin` of a domain is chosen. */
export const elementOrder: readonly ElementType[] = [
  'ra',
  'dhcpv4',
  'dhcpv6',
  'vpn',
  'static',
  'link-local',
  'resolver',
  'pvd-info',
  'capport',
  'policy',
];

const kSlaacPrefixLength = 64; // RFC 4862 section 5.5.3: an interface identifier of 64 bits.

/** Where an address that is not link-local came from. */
export function elementOfAddress(address: Address, link: Interface): ElementType {
  const permanent = address.flags.includes('permanent');
  if (address.family === 6) {
    // IFA_PROTO says so on Linux 5.18 and later (trap C14); before that only the shape of the address does.
    if (address.origin === 'kernel-ra') return 'ra';
    const untold = address.origin === undefined || address.origin === 'unspecified';
    if (untold && !permanent) return address.prefixLength === kSlaacPrefixLength ? 'ra' : 'dhcpv6';
  } else if (!permanent && address.validLifetime !== null) {
    return 'dhcpv4';
  }
  return link.vpn === true ? 'vpn' : 'static';
}

/** Where a router is known from. */
export function elementOfRoute(route: Pick<DefaultRoute, 'protocol' | 'family'>, link: Interface): ElementType {
  if (route.protocol === 'ra') return 'ra';
  if (route.protocol === 'dhcp') return route.family === 4 ? 'dhcpv4' : 'dhcpv6';
  return link.vpn === true ? 'vpn' : 'static';
}
