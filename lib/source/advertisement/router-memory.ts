// SPDX-License-Identifier: MIT
// What one router now says to one domain: advertisements add up, none takes back what another said, and of what there
// can be but one the latest counts (RFC 4861 section 6.3.4, PVD-63, PVD-85). Knows no clock.

import type { Expiry, Lasting, PvdOption, RouterRecord, ToldPrefix, ToldRoute } from '../../pvd/record.ts';
import { LastingItems } from './lasting-items.ts';
import { mostEntries } from './limits.ts';
import type { PrefixInformation, RouteInformation, RouterOption, RouterPreferenceTold } from './router-option.ts';
import type { Said } from './said.ts';

/**
 * For how long a portal and an MTU hold, which have no lifetime, where the router is no default router: as long as default
 * routers are by default (RFC 4861 section 6.2.1, AdvDefaultLifetime). Seconds.
 */
const lifetimeOfOthers = 1800;

/** An address may not be cut short by a stranger to less than this, milliseconds (RFC 4862 section 5.5.3 e). */
const leastValidMs = 2 * 3600 * 1000;

interface HeardHeader {
  readonly until: number;
  readonly preference: RouterPreferenceTold;
  readonly managed: boolean;
  readonly otherConfig: boolean;
}

/** What a prefix is told with, beside the end of its validity. */
interface HeardPrefix {
  readonly onLink: boolean;
  readonly autonomous: boolean;
  readonly preferredUntil: number;
  readonly saidAt: number;
}

interface Single<T> {
  readonly value: T;
  readonly until: number;
}

/** Who says it, and to which domain. */
export type Speaker = Pick<RouterRecord, 'origin' | 'key' | 'interfaceId' | 'router'>;

export class RouterMemory {
  readonly #speaker: Speaker;
  readonly #prefixes = new LastingItems<HeardPrefix>(mostEntries.prefixes);
  readonly #routes = new LastingItems<RouterPreferenceTold>(mostEntries.routes);
  readonly #resolvers = new LastingItems<undefined>(mostEntries.resolvers);
  readonly #searchDomains = new LastingItems<undefined>(mostEntries.searchDomains);
  readonly #nat64 = new LastingItems<undefined>(mostEntries.nat64);
  #header: HeardHeader | undefined;
  #pvd: PvdOption | undefined;
  #portal: Single<string> | undefined;
  #mtu: Single<number> | undefined;

  constructor(speaker: Speaker) {
    this.#speaker = speaker;
  }

  /** @returns how many entries there was no room for. */
  hear({ header, pvd, options }: Said, now: number): number {
    this.expire(now);
    if (pvd !== undefined) this.#pvd = pvd;
    if (header !== undefined) {
      const { lifetime, ...rest } = header;
      this.#header = { until: endOf(lifetime, now), ...rest };
    }
    const others = endOf(header?.lifetime || lifetimeOfOthers, now);
    let excess = 0;
    for (const option of options) excess += this.#hearOption(option, now, others);
    return excess;
  }

  /** Forgets what is over. */
  expire(now: number): void {
    for (const items of this.#lists) items.expire(now);
    if (this.#portal !== undefined && this.#portal.until <= now) this.#portal = undefined;
    if (this.#mtu !== undefined && this.#mtu.until <= now) this.#mtu = undefined;
  }

  /**
   * When nothing is left that a host could use (PVD-19): it is no way out, and all that it gave is over. Of resolvers and the
   * like this does not depend on the router being one (DNS-14, trap G2).
   */
  get end(): number {
    let end = Math.max(this.#header?.until ?? 0, this.#portal?.until ?? 0);
    for (const { items } of this.#lists) for (const { until } of items) end = Math.max(end, until);
    return end;
  }

  /** The next moment after `now` at which something ends, a preference for addresses included; Infinity when none does. */
  nextEnd(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    const note = (until: number | undefined) => {
      if (until !== undefined && until > now && until < next) next = until;
    };
    note(this.#header?.until);
    note(this.#portal?.until);
    note(this.#mtu?.until);
    for (const { items } of this.#lists) for (const { until } of items) note(until);
    for (const { value } of this.#prefixes.items) note(value.preferredUntil);
    return next;
  }

  record(): RouterRecord {
    return {
      type: 'router',
      ...this.#speaker,
      pvd: this.#pvd,
      header: this.#header && { ...this.#header, until: expiryOf(this.#header.until) },
      prefixes: this.#prefixes.items.map(
        ({ key, until, value: { onLink, autonomous, preferredUntil, saidAt } }): ToldPrefix => ({
          prefix: key,
          onLink,
          autonomous,
          validUntil: expiryOf(until),
          preferredUntil: expiryOf(preferredUntil),
          saidAt,
        }),
      ),
      routes: this.#routes.items.map(
        ({ key, until, value: preference }): Lasting<ToldRoute> => ({
          value: { prefix: key, via: this.#speaker.router, preference },
          until: expiryOf(until),
        }),
      ),
      resolvers: keysOf(this.#resolvers),
      searchDomains: keysOf(this.#searchDomains),
      nat64: keysOf(this.#nat64),
      captivePortal: this.#portal?.value,
      mtu: this.#mtu?.value,
    };
  }

  get #lists(): readonly LastingItems<unknown>[] {
    return [this.#prefixes, this.#routes, this.#resolvers, this.#searchDomains, this.#nat64];
  }

  #hearOption(option: RouterOption, now: number, others: number): number {
    switch (option.type) {
      case 'prefix':
        return this.#hearPrefix(option, now);
      case 'route':
        return this.#hearRoute(option, now);
      case 'resolvers':
        return this.#resolvers.take(itemsOf(option.addresses, endOf(option.lifetime, now)), now);
      case 'search-domains':
        return this.#searchDomains.take(itemsOf(option.names, endOf(option.lifetime, now)), now);
      case 'nat64':
        return this.#nat64.take(itemsOf([option.prefix], endOf(option.lifetime, now)), now);
      case 'captive-portal':
        this.#portal = option.uri === undefined ? undefined : { value: option.uri, until: others };
        return 0;
      case 'mtu':
        this.#mtu = { value: option.mtu, until: others };
        return 0;
    }
  }

  #hearPrefix({ prefix, onLink, autonomous, valid, preferred }: PrefixInformation, now: number): number {
    const known = this.#prefixes.get(prefix);
    let until = endOf(valid, now);
    // Of what hosts make addresses from: the rule for those addresses, so that this does not end before they do. What is
    // only on the link may end at once (RFC 4861 section 6.3.4). The addresses themselves are the kernel's.
    if (autonomous && known !== undefined && until - now <= leastValidMs && until < known.until) {
      until = Math.min(known.until, now + leastValidMs);
    }
    const value = { onLink, autonomous, preferredUntil: endOf(preferred, now), saidAt: now };
    return this.#prefixes.take([{ key: prefix, value, until }], now);
  }

  #hearRoute({ prefix, preference, lifetime }: RouteInformation, now: number): number {
    const until = endOf(lifetime, now);
    // Says more exactly what the header said (ROUTE-12).
    if (prefix === '::/0' && this.#header !== undefined) {
      this.#header = { ...this.#header, until, preference: lifetime > 0 ? preference : 'medium' };
      return 0;
    }
    return this.#routes.take([{ key: prefix, value: preference, until }], now);
  }
}

/** Of something that holds no longer a moment that is always past, so that saying it again is no change. */
function endOf(lifetime: number, now: number): number {
  return lifetime === 0 ? 0 : now + lifetime * 1000;
}

function expiryOf(until: number): Expiry {
  return until === Number.POSITIVE_INFINITY ? null : until;
}

function itemsOf(keys: readonly string[], until: number) {
  return keys.map((key) => ({ key, value: undefined, until }));
}

function keysOf({ items }: LastingItems<undefined>): Lasting<string>[] {
  return items.map(({ key, until }) => ({ value: key, until: expiryOf(until) }));
}
