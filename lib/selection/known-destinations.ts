// SPDX-License-Identifier: MIT
// Destinations that were read lately. A server asks about the same ones again and again, and to read the text of an IPv6
// address and to write it the one way it is written (RFC 5952) costs more than the selection.

import { formatIpAddress, type IpAddress } from '../address/ip-address.ts';
import { readDestination } from './question.ts';

/** A destination that was read. */
export interface KnownDestination {
  /** As it was asked for. */
  readonly asked: string;
  readonly address: IpAddress;
  /** Without zone. */
  readonly text: string;
}

/** A power of two. */
const slotCount = 256;
/** Letters at the end of a text that say where it is kept. */
const letters = 4;

export class KnownDestinations {
  readonly #slots: (KnownDestination | undefined)[] = new Array(slotCount).fill(undefined);

  /** @throws MifError ERR_MIF_INVALID_ARG, as readDestination */
  read(asked: string): KnownDestination {
    const slot = slotOf(asked);
    const known = this.#slots[slot];
    if (known !== undefined && known.asked === asked) return known;
    const address = readDestination(asked);
    const { zone: _, ...bare } = address;
    const read = { asked, address, text: formatIpAddress(bare) };
    this.#slots[slot] = read;
    return read;
  }
}

function slotOf(text: unknown): number {
  if (typeof text !== 'string') return 0;
  let hash = text.length;
  for (let at = Math.max(0, text.length - letters); at < text.length; at++) hash = hash * 31 + text.charCodeAt(at);
  return hash & (slotCount - 1);
}
