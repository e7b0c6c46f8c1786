// SPDX-License-Identifier: MIT
// A picture of a host together with the state of its provisioning domains: what a change leads from and to.

import type { Address } from '../binding/contract.gen.ts';
import type { NativeSnapshot } from '../binding/native.ts';
import type { DomainState } from '../pvd/domain-state.ts';
import { viewDomain } from '../pvd/domain-view.ts';
import { addressKey } from '../pvd/draft.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { InterfaceNames } from '../snapshot/interface-view.ts';
import { HostSnapshot, type RouteDetail } from '../snapshot/snapshot.ts';

export interface Moment {
  readonly snapshot: HostSnapshot;
  readonly states: readonly DomainState[];
}

export interface MomentParts {
  readonly native: NativeSnapshot;
  /** Milliseconds on the native clock. */
  readonly now: number;
  readonly names?: InterfaceNames | undefined;
  readonly routes: RouteDetail;
  readonly generation: number;
  readonly states: readonly DomainState[];
  /** Called when somebody looks at the domains. */
  readonly onLook: () => void;
}

export function makeMoment({ states, onLook, ...parts }: MomentParts): Moment {
  const viewPvds = (snapshot: HostSnapshot) => {
    onLook();
    return viewDomains(states, snapshot, parts.routes !== 'none');
  };
  return { states, snapshot: new HostSnapshot({ ...parts, viewPvds }) };
}

function viewDomains(
  states: readonly DomainState[],
  snapshot: HostSnapshot,
  isComplete: boolean,
): readonly ProvisioningDomain[] {
  const routes = snapshot.routes.where({ types: ['unicast'] });
  let addresses: Map<string, Address> | undefined;
  const current = (address: Address): Address => {
    // What lasts for ever does not age.
    if (address.validLifetime === null) return address;
    addresses ??= new Map(Array.from(snapshot.addresses, (each) => [`${each.index} ${addressKey(each)}`, each]));
    return addresses.get(`${address.index} ${addressKey(address)}`) ?? address;
  };
  const context = { current, routes, isComplete, now: snapshot.now };
  return Object.freeze(states.map((state) => viewDomain(state, context)));
}
