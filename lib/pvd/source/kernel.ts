// SPDX-License-Identifier: MIT
// What the kernel's own tables tell of provisioning domains: interfaces, addresses, default routes, and the MAC addresses
// of routers. Fed with differences, keeps only what domains are made of, so that a table of a million routes
// costs nothing here; the first look at default routes is a filtered one.

import type { Address, Neighbour, Route } from '../../binding/contract.gen.ts';
import type { Interface } from '../../snapshot/change.ts';
import { type AddressRecord, addressKey, type DefaultRoute, type DomainDraft } from '../draft.ts';
import { Attribution } from '../implicit.ts';
import type { PvdSource } from '../source.ts';

/** Longest destination that stands for everything: a default route, or one of the two halves that replace it. */
export const maxDefaultLength = 1;

const localTable = 255;

interface Link {
  interface: Interface;
  readonly addresses: Map<string, AddressRecord>;
  /** Routes with a hop here; few. */
  routes: Route[];
  /** Routers that were one at the last look. */
  groups: readonly (readonly string[])[];
  /** Whose the addresses are; undefined after anything else of the interface changed. */
  attribution: Attribution | undefined;
}

export interface KernelSourceOptions {
  /** The neighbour table; walked only when it matters which routers share a MAC address. */
  readonly neighbours: () => Iterable<Neighbour>;
}

export class KernelSource implements PvdSource {
  readonly #neighbours: () => Iterable<Neighbour>;
  readonly #links = new Map<number, Link>();
  readonly #changed = new Set<string>();
  /** MAC addresses of routers by index and address; kept when the neighbour entry goes stale and away. */
  readonly #macs = new Map<string, string>();

  constructor({ neighbours }: KernelSourceOptions) {
    this.#neighbours = neighbours;
  }

  /** Ids of the present interfaces, in the order of their appearance. */
  *interfaceIds(): Generator<string> {
    for (const { interface: link } of this.#links.values()) yield link.id;
  }

  /** The present interfaces, in the same order. */
  *interfaces(): Generator<Interface> {
    for (const { interface: link } of this.#links.values()) yield link;
  }

  /** The interface that has an index now. */
  interfaceAt(index: number): Interface | undefined {
    return this.#links.get(index)?.interface;
  }

  /** The interface that has a name now, or else the one that is called so as well. */
  interfaceNamed(name: string): Interface | undefined {
    let alternative: Interface | undefined;
    for (const { interface: link } of this.#links.values()) {
      if (link.name === name) return link;
      if (link.altNames.includes(name)) alternative ??= link;
    }
    return alternative;
  }

  /** The interface of an id; undefined when it is gone. */
  interface(interfaceId: string): Interface | undefined {
    return this.#link(interfaceId)?.interface;
  }

  putInterface(record: Interface): void {
    const link = this.#links.get(record.index);
    if (link === undefined || link.interface.id !== record.id) {
      if (link !== undefined) this.removeInterface(link.interface);
      this.#links.set(record.index, {
        interface: record,
        addresses: new Map(),
        routes: [],
        groups: [],
        attribution: undefined,
      });
    } else {
      link.interface = record;
      link.attribution = undefined;
    }
    this.#changed.add(record.id);
  }

  removeInterface({ index, id }: Interface): void {
    this.#changed.add(id);
    if (this.#links.get(index)?.interface.id !== id) return;
    this.#links.delete(index);
    for (const key of this.#macs.keys()) if (key.startsWith(`${index} `)) this.#macs.delete(key);
  }

  putAddress(record: AddressRecord): void {
    const link = this.#links.get(record.address.index);
    if (link === undefined) return;
    link.addresses.set(addressKey(record.address), record);
    this.#changed.add(link.interface.id);
  }

  removeAddress(address: Address): void {
    const link = this.#links.get(address.index);
    if (link?.addresses.delete(addressKey(address))) this.#changed.add(link.interface.id);
  }

  addRoute(route: Route): void {
    if (!isDefault(route)) return;
    this.#eachHop(route, (link) => {
      link.routes.push(route);
      return true;
    });
  }

  removeRoute(route: Route): void {
    if (!isDefault(route)) return;
    const identity = routeIdentity(route);
    this.#eachHop(route, (link) => {
      // Equal routes are legal in IPv4 (trap D8): one of them goes.
      const at = link.routes.findIndex((candidate) => routeIdentity(candidate) === identity);
      if (at >= 0) link.routes.splice(at, 1);
      return at >= 0;
    });
  }

  putNeighbour({ index, address, mac }: Neighbour): void {
    const link = this.#links.get(index);
    if (link === undefined || mac === undefined || link.routes.length === 0) return;
    const isRouter = link.routes.some((route) => hopsOf(route).some((hop) => hop.gateway === address));
    const key = macKey(index, address);
    if (!isRouter || this.#macs.get(key) === mac) return;
    this.#macs.set(key, mac);
    link.attribution = undefined;
    this.#changed.add(link.interface.id);
  }

  takeChanged(): string[] {
    if (this.#changed.size === 0) return [];
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  describe(interfaceId: string, drafts: readonly DomainDraft[]): readonly DomainDraft[] {
    const link = this.#link(interfaceId);
    if (link === undefined) return drafts;
    link.attribution ??= this.#attribute(link);
    const found = link.attribution.drafts(link.addresses.values());
    return drafts.length === 0 ? found : [...drafts, ...found];
  }

  #attribute(link: Link): Attribution {
    const attribution = new Attribution({
      interface: link.interface,
      defaultRoutes: link.routes.flatMap((route) => defaultRoutes(route, link.interface.index)),
      macOf: (router) => this.#macOf(link.interface.index, router),
      wereTogether: (one, other) => link.groups.some((group) => group.includes(one) && group.includes(other)),
    });
    link.groups = attribution.providers;
    return attribution;
  }

  #link(interfaceId: string): Link | undefined {
    const index = Number.parseInt(interfaceId.slice('if:'.length), 10);
    const link = this.#links.get(index);
    return link?.interface.id === interfaceId ? link : undefined;
  }

  #eachHop(route: Route, change: (link: Link) => boolean): void {
    for (const index of new Set(hopsOf(route).map((hop) => hop.index))) {
      const link = index === undefined ? undefined : this.#links.get(index);
      if (link === undefined || !change(link)) continue;
      link.attribution = undefined;
      this.#changed.add(link.interface.id);
    }
  }

  #macOf(index: number, router: string): string | undefined {
    const known = this.#macs.get(macKey(index, router));
    if (known !== undefined) return known;
    for (const neighbour of this.#neighbours()) {
      if (neighbour.index !== index || neighbour.address !== router || neighbour.mac === undefined) continue;
      this.#macs.set(macKey(index, router), neighbour.mac);
      return neighbour.mac;
    }
    return undefined;
  }
}

function isDefault(route: Route): boolean {
  if (route.table === localTable || route.type !== 'unicast') return false;
  const length = Number(route.destination.slice(route.destination.indexOf('/') + 1));
  return length <= maxDefaultLength;
}

function hopsOf(route: Route): readonly { index?: number | undefined; gateway?: string | undefined }[] {
  return route.nexthops ?? [route];
}

function defaultRoutes(route: Route, index: number): DefaultRoute[] {
  return hopsOf(route).flatMap((hop) =>
    hop.index !== index || hop.gateway === undefined
      ? []
      : [
          {
            family: route.family,
            gateway: hop.gateway,
            metric: route.metric,
            protocol: route.protocol,
            preference: route.preference,
            source: route.source,
            preferredSource: route.preferredSource,
          },
        ],
  );
}

/** Tells routes apart as the mirror does: identity is family, table, destination, source, tos, metric, type and hops. */
function routeIdentity(route: Route): string {
  const hops = hopsOf(route).map((hop) => `${hop.index} ${hop.gateway}`);
  return [route.family, route.table, route.destination, route.source, route.tos, route.metric, ...hops].join();
}

function macKey(index: number, router: string): string {
  return `${index} ${router}`;
}
