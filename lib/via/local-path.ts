// SPDX-License-Identifier: MIT
// A path as far as it is known before there is a destination: who would carry, and what can be said of it. No source is
// chosen yet, because RFC 6724 chooses one for a destination. A value; it does not follow the network.

import type { Carrier } from './carrier.ts';
import { kindOf, usableAddresses } from './facts.ts';

/** One network that could carry traffic, of which no destination has been asked. */
export interface LocalPath {
  /** Name of the interface. */
  readonly interface: string;
  /** Index of that interface. */
  readonly index: number;
  /** Id of the provisioning domain; absent where an interface is meant, whatever domains it has. */
  readonly pvd?: string | undefined;
  /** Source address that it is held to; null where the destination will decide. */
  readonly source: string | null;
  /** Driver kind, such as `veth` or `wireguard`; hardware type of hardware. */
  readonly kind: string;
  /** Addresses that could be the source, as the kernel lists them. */
  readonly addresses: readonly string[];
  /** Absent where it is not known; so are the others. */
  readonly metered?: boolean | undefined;
  readonly vpn?: boolean | undefined;
  readonly validated?: boolean | undefined;
}

/** What of a `Path` or a `LocalPath` says who carries. */
export type HeldPath = Pick<LocalPath, 'interface' | 'index' | 'pvd' | 'source'>;

/** @param addresses - of the interface, where no domain says which are meant. */
export function localPathOf(carrier: Carrier, addresses: readonly string[] = []): LocalPath {
  const { interface: link, pvd, sources } = carrier;
  const [only, ...others] = sources ?? [];
  return Object.freeze({
    interface: link.name,
    index: link.index,
    pvd: pvd?.id,
    source: only !== undefined && others.length === 0 ? only : null,
    kind: kindOf(link),
    addresses: sources ?? (pvd === undefined ? addresses : usableAddresses(carrier).map(({ address }) => address)),
    metered: pvd?.metered ?? link.metered,
    vpn: link.vpn,
    validated: pvd?.validated,
  });
}
