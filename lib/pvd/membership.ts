// SPDX-License-Identifier: MIT
// Whose an address is: which router groups of its interface it belongs to, from what the kernel's own tables tell.
// The kernel does not keep which router advertised which prefix, so this is inference; a source that hears the
// advertisements themselves knows better (PVD-13, PVD-20, RFC 8028 section 3.1). Pure.

import { prefixContains } from '../address/prefix.ts';
import type { Address } from '../binding/contract.gen.ts';
import type { RouterGroup } from './router-group.ts';

/** The groups an address belongs to, and whether something tells so. */
export interface Membership {
  readonly groups: readonly RouterGroup[];
  readonly evident: boolean;
}

/**
 * The groups among `groups` that an address belongs to. Each kind of evidence narrows what the one before left:
 * 1. a gateway lies within the prefix of the address,
 * 2. a default route of the router is limited to sources that include the address,
 * 3. a default route of the router prefers the address as source.
 * Without any, the only router of the interface has it, else every router of its family. None means: nobody's.
 */
export function membership(address: Address, groups: readonly RouterGroup[]): Membership {
  // Of a point-to-point address the prefix is the peer's (trap C2).
  const prefix = `${address.peer ?? address.address}/${address.prefixLength}`;
  const rules: readonly ((group: RouterGroup) => boolean)[] = [
    (group) => group.some((router) => router.family === address.family && prefixContains(prefix, router.address)),
    (group) =>
      routesOf(group).some((route) => route.source !== undefined && prefixContains(route.source, address.address)),
    (group) => routesOf(group).some((route) => route.preferredSource === address.address),
  ];
  let left = groups;
  let evident = false;
  for (const rule of rules) {
    const matching = left.filter(rule);
    if (matching.length === 0) continue;
    left = matching;
    evident = true;
  }
  if (evident || groups.length === 1) return { groups: left, evident };
  return {
    groups: groups.filter((group) => routesOf(group).some((route) => route.family === address.family)),
    evident: false,
  };
}

function routesOf(group: RouterGroup) {
  return group.flatMap((router) => router.routes);
}
