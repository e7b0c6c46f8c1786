// SPDX-License-Identifier: MIT
// Which links are there to be asked for routers, and which of them have just come.

import type { Interface } from '../../snapshot/change.ts';

export class LinkStates {
  /** Ids of links that can be asked, and their indexes. */
  #known = new Map<string, number>();

  /** Compares with the interfaces of now; indexes of links that came, back or for the first time, and that went. */
  follow(interfaces: Iterable<Interface>): { came: number[]; went: number[] } {
    const present = new Map<string, number>();
    for (const link of interfaces) if (hasRouters(link)) present.set(link.id, link.index);
    const came = [...present].filter(([id]) => !this.#known.has(id)).map(([, index]) => index);
    const went = [...this.#known].filter(([id]) => !present.has(id)).map(([, index]) => index);
    this.#known = present;
    return { came, went };
  }
}

/** Whether routers may be on it that advertise to this host: routers themselves do not ask (RFC 4861 section 6.2.6). */
function hasRouters({ running, flags, settings }: Interface): boolean {
  const ipv6 = settings?.ipv6;
  if (!running || flags.includes('loopback') || !flags.includes('multicast') || ipv6?.isDisabled === true) return false;
  return ipv6?.forwards !== true || ipv6.acceptsAdvertisements === 2;
}
