// SPDX-License-Identifier: MIT
// Classless static routes of DHCP (RFC 3442) as octets and in the words of the clients that decode them. They are only
// read: whoever can send one can divert traffic, so nothing here installs any (ROUTE-05).

import { networkOf, parsePrefix } from '../../address/prefix.ts';
import type { ToldRoute } from '../../pvd/record.ts';
import { addressOf, bounded, mostEntries } from '../told-values.ts';

/**
 * The routes of option 121, instances already joined (ROUTE-01): for each the width of the mask, as many octets of the
 * destination as it covers, the router.
 * @returns undefined where the octets do not end with a route, as a client would refuse all of them
 */
export function routesOfOctets(octets: readonly number[]): ToldRoute[] | undefined {
  const routes: ToldRoute[] = [];
  for (let at = 0; at < octets.length; ) {
    const width = octets[at]!;
    const significant = Math.ceil(width / 8);
    const end = at + 1 + significant + 4;
    if (width > 32 || end > octets.length || !octets.slice(at, end).every(isOctet)) return undefined;
    const destination = [...octets.slice(at + 1, at + 1 + significant), 0, 0, 0, 0].slice(0, 4).join('.');
    routes.push(routeTo(destination, width, octets.slice(end - 4, end).join('.')));
    at = end;
  }
  return routes.length === 0 ? undefined : unique(routes);
}

/** Destinations and routers in turn: `172.16.0.0/12 10.1.0.254 0.0.0.0/0 10.1.0.1`, of any separator. */
export function routesOfWords(words: readonly string[]): ToldRoute[] {
  const routes: ToldRoute[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    const prefix = parsePrefix(words[at]!);
    const router = addressOf(words[at + 1], 4);
    if (prefix?.address.family !== 4 || router === undefined) continue;
    routes.push(routeTo(words[at]!.split('/')[0]!, prefix.length, router));
  }
  return unique(routes);
}

/** Static routes of option 33: destinations and routers in turn, the mask told by the class of the address. */
export function routesOfClasses(words: readonly string[]): ToldRoute[] {
  const routes: ToldRoute[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [destination, router] = [addressOf(words[at], 4), addressOf(words[at + 1], 4)];
    const first = Number(destination?.split('.')[0]);
    // Not for multicast and beyond; a default route is not allowed here (RFC 2132 section 5.8).
    if (destination === undefined || router === undefined || first === 0 || first >= 224) continue;
    routes.push(routeTo(destination, first < 128 ? 8 : first < 192 ? 16 : 24, router));
  }
  return unique(routes);
}

/** Router 0.0.0.0 is a destination on the link itself (ROUTE-04); bits behind the mask are cleared (ROUTE-02). */
function routeTo(destination: string, width: number, router: string): ToldRoute {
  const prefix = networkOf(destination, width);
  return router === '0.0.0.0' ? { prefix } : { prefix, via: router };
}

const isOctet = (value: number) => Number.isInteger(value) && value >= 0 && value <= 255;

function unique(routes: readonly ToldRoute[]): ToldRoute[] {
  const byText = new Map(routes.slice(0, mostEntries).map((route) => [`${route.prefix} ${route.via}`, route]));
  return bounded(byText.values());
}
