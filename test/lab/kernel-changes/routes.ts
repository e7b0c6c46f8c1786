// SPDX-License-Identifier: MIT
// Random changes of routes: added, appended, prepended, replaced and flushed, of every type, by hops or nexthop objects,
// with destinations few enough that equal ones meet (traps D6 to D9).
// Left out: to append or prepend an IPv6 route that is there already and expires. The kernel refuses that, and gives the
// route another lifetime and MTU all the same, of which nobody is told (trap D22). So routes that expire have a metric
// of their own, and are made by other verbs only.

import type { Random } from '../random.ts';
import type { Addresses } from './addresses.ts';
import { type Draft, type Family, joined } from './draft.ts';
import type { Links } from './links.ts';
import type { Nexthops } from './nexthops.ts';
import { anyTable, ownTable } from './tables.ts';

export class Routes {
  readonly #random: Random;
  readonly #links: Links;
  readonly #addresses: Addresses;
  readonly #nexthops: Nexthops;
  #known: string[] = [];

  constructor(random: Random, links: Links, addresses: Addresses, nexthops: Nexthops) {
    this.#random = random;
    this.#links = links;
    this.#addresses = addresses;
    this.#nexthops = nexthops;
  }

  next(): Draft {
    const random = this.#random;
    const family = random.pick<Family>([4, 6]);
    const known = this.#known.length > 0;
    switch (random.weighted({ make: 12, del: known ? 5 : 0, delFirst: 1, flush: 0.3 })) {
      case 'del': {
        const route = random.pick(this.#known);
        const done = () => {
          this.#known = this.#known.filter((other) => other !== route);
        };
        return { command: route.replace('route', 'route del'), done };
      }
      case 'delFirst':
        // Names less than the key, so that the kernel takes the first that fits.
        return { command: `-${family} route del ${this.#destination(family)} table ${anyTable(random)}` };
      case 'flush':
        return { command: `-${family} route flush table ${ownTable(random)}` };
      default: {
        const expires = family === 6 && random.chance(0.05);
        const route = `-${family} route ${expires ? this.#expiringRoute() : this.#anyRoute(family)}`;
        const verb = random.weighted({
          add: 5,
          append: expires ? 0 : 3,
          prepend: expires ? 0 : 2,
          replace: 3,
          change: 1,
        });
        return { command: route.replace('route', `route ${verb}`), done: () => this.#known.push(route) };
      }
    }
  }

  #destination(family: Family): string {
    const net = this.#random.below(4);
    if (this.#random.chance(0.1)) return 'default';
    return family === 4 ? `10.50.${net}.0/24` : `2001:db8:50:${net}::/64`;
  }

  #anyRoute(family: Family): string {
    const random = this.#random;
    const type = random.weighted({ unicast: 12, blackhole: 1, unreachable: 1, prohibit: 1, throw: 1 });
    const table = anyTable(random);
    const words = [
      type === 'unicast' ? '' : type,
      this.#destination(family),
      family === 6 && random.chance(0.15) ? `from 2001:db8:99:${random.below(2)}::/64` : '',
      family === 4 && random.chance(0.15) ? `tos ${random.pick(['0x08', '0x10'])}` : '',
      `table ${table}`,
      random.chance(0.5) ? `metric ${random.pick([5, 10, 1024])}` : '',
      random.chance(0.2) ? `proto ${random.pick(['static', 'bird', '77'])}` : '',
      type === 'unicast' ? this.#way(family) : '',
    ];
    return joined(words);
  }

  #expiringRoute(): string {
    const table = anyTable(this.#random);
    const way = this.#random.chance(0.7) ? this.#hop(6) : `dev ${this.#links.wayOut()}`;
    return joined([this.#destination(6), `table ${table}`, 'metric 7', way, 'expires 900', this.#parameters(6)]);
  }

  /** Where a unicast route leads: the last words of the command. */
  #way(family: Family): string {
    const random = this.#random;
    const ids = this.#nexthops.ids(family);
    switch (random.weighted({ hop: 6, device: 3, multipath: 3, nexthop: ids.length > 0 ? 2 : 0 })) {
      case 'nexthop':
        return `nhid ${random.pick(ids)}`;
      case 'multipath': {
        const hop = () => `nexthop ${this.#hop(family)} weight ${random.between(1, 5)}`;
        return joined(Array.from({ length: random.between(2, 3) }, hop));
      }
      case 'device':
        return `dev ${this.#links.wayOut()} ${this.#parameters(family)}`;
      default:
        return `${this.#hop(family)} ${this.#parameters(family)}`;
    }
  }

  #hop(family: Family): string {
    const random = this.#random;
    const gateway = random.between(1, 5);
    // On link by decree, so that it does not depend on what addresses there happen to be.
    if (family === 6) return `via fe80::${gateway} dev ${this.#links.wayOut()}`;
    if (random.chance(0.2)) return `via inet6 fe80::${gateway} dev ${this.#links.wayOut()}`;
    return `via 10.77.0.${gateway} dev ${this.#links.wayOut()} onlink`;
  }

  #parameters(family: Family): string {
    const random = this.#random;
    const source = this.#addresses.first(family);
    const words = [
      random.chance(0.2) ? `mtu ${random.chance(0.5) ? 'lock ' : ''}${random.pick([1300, 1400])}` : '',
      random.chance(0.1) ? 'advmss 1220 initcwnd 20 rto_min 300ms' : '',
      random.chance(0.1) ? 'rtt 80ms quickack 1' : '',
      random.chance(0.2) && source ? `src ${source}` : '',
      family === 6 && random.chance(0.2) ? `pref ${random.pick(['low', 'medium', 'high'])}` : '',
      family === 4 && random.chance(0.1) ? 'scope link' : '',
    ];
    return joined(words);
  }
}
