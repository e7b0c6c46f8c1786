// SPDX-License-Identifier: MIT
// What keeps a carrier from carrying to a destination, whatever the routes say. The kernel finds out late or never: a
// socket that is held to an interface waits for ever for what is on loopback (trap F6), or for a cable.

import { isLoopback } from '../address/ip-address.ts';
import type { MifErrorCode } from '../binding/contract.gen.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';
import type { Carrier } from './carrier.ts';
import { decoded } from './decoded.ts';

/** An error in the making: whoever asked says of what. */
export interface Obstacle {
  readonly code: MifErrorCode;
  readonly why: string;
}

export interface Destination {
  readonly family: 4 | 6;
  /** Without zone. */
  readonly address: string;
  readonly zone?: string | undefined;
}

/** What keeps an interface from carrying anything, if something does. */
export function obstacleOn({ adminUp, running }: Interface): Obstacle | undefined {
  if (!adminUp) return { code: 'ERR_MIF_INTERFACE_DOWN', why: 'the interface is down' };
  if (!running) return { code: 'ERR_MIF_NO_CARRIER', why: 'the interface has no carrier' };
  return undefined;
}

/** What is in the way, if anything: a destination on this host, an interface that carries nothing, another link's zone. */
export function obstacleTo(
  snapshot: Pick<Snapshot, 'addresses'>,
  { interface: link }: Carrier,
  { address, zone }: Destination,
): Obstacle | undefined {
  if (isLoopback(address) && !link.flags.includes('loopback')) {
    const why = 'a socket that is held to an interface never reaches the loopback one';
    return { code: 'ERR_MIF_LOOPBACK', why };
  }
  const obstacle = obstacleOn(link);
  if (obstacle !== undefined) return obstacle;
  if (zone !== undefined && ![link.name, String(link.index), ...link.altNames].includes(zone)) {
    return { code: 'ERR_MIF_INVALID_ARG', why: `its zone ${zone} is another interface` };
  }
  // Selection finds it too, and for connect() nobody else does; only here it is known on which interface.
  const owners = decoded(snapshot.addresses).filter((own) => own.address === address);
  // The host delivers to itself through loopback, unless the socket is held to the very interface, which others may share it with.
  if (owners.length === 0 || owners.some(({ index }) => index === link.index)) return undefined;
  return { code: 'ERR_MIF_LOOPBACK', why: `it is this host's own, on ${owners[0]!.interface}` };
}
