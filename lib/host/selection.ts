// SPDX-License-Identifier: MIT
// host.select(): which way traffic would go. Without `via` it is the kernel's way; with it a socket is held to an interface
// and a source, and the standards choose among what is left (RFC 6724 section 5).

import { isLinkLocal, parseIpv4 } from '../address/ip-address.ts';
import type { Selection } from '../binding/contract.gen.ts';
import { isMifError, MifError } from '../binding/mif-error.ts';
import type { NativeMonitor } from '../binding/native.ts';
import type { SortedDestination } from '../selection/destination-order.ts';
import { type KnownDestination, KnownDestinations } from '../selection/known-destinations.ts';
import { type Path, pathBy, pathOf } from '../selection/path.ts';
import type { PathTable } from '../selection/path-table.ts';
import { checkNames, readTraffic, type Traffic, type TrafficOptions } from '../selection/question.ts';
import { refusalOf, refusalWith } from '../selection/refusal.ts';
import { type Known, Selector } from '../selection/selector.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import { type NameSource, snapshotNaming } from '../via/named-interface.ts';
import { obstacleTo } from '../via/obstacle.ts';
import { onlyLink } from '../via/only-link.ts';
import { sourcesOf } from './carrier-sources.ts';
import { type SortOptions, sortDestinations } from './destination-sort.ts';
import { domainPart } from './domain-part.ts';
import { type SelectManyOptions, selectMany } from './select-many.ts';

export interface SelectOptions extends TrafficOptions {
  /** Who is to carry it; the socket would be held to that. Absent: as the system chooses. */
  via?: Via | undefined;
}

export interface SelectionParts extends NameSource {
  readonly monitor: NativeMonitor;
}

/** Names of the options, so that a misspelt one is not silently ignored. */
const optionNames = new Set(['via', 'source', 'mark', 'uid', 'protocol', 'sourcePort', 'destinationPort', 'dscp']);

export class HostSelection {
  readonly #parts: SelectionParts;
  readonly #selector: Selector;
  readonly #destinations = new KnownDestinations();

  constructor(parts: SelectionParts) {
    this.#parts = parts;
    this.#selector = new Selector(
      (words) => parts.monitor.createSelector(words),
      () => parts.snapshot().names,
    );
  }

  /** As Host.select. */
  select(destination: string, options: SelectOptions | undefined): Path {
    return options === undefined ? this.#plainly(destination) : this.#told(destination, options);
  }

  /** As Host.selectMany. */
  selectMany(destinations: Uint8Array | readonly string[], options: SelectManyOptions): PathTable {
    return selectMany(this.#selector, () => this.#parts.snapshot(), destinations, options);
  }

  /** The most common question. The text of an IPv4 address is read once, and there is but one for each. */
  #plainly(destination: string): Path {
    const group = typeof destination === 'string' ? parseIpv4(destination) : undefined;
    if (group !== undefined) return pathTo(destination, this.#selector.connectPlainly(destination, 4, group));
    const known = this.#destinations.read(destination);
    const { address, text } = known;
    const via = this.#linkOf(known);
    if (via !== undefined) return this.#over(known, readTraffic({}, address.family), via);
    const [a, b, c, d] = address.groups;
    return pathTo(text, this.#selector.connectPlainly(text, address.family, a, b, c, d));
  }

  #told(destination: string, options: SelectOptions): Path {
    const known = this.#destinations.read(destination);
    const { address, text } = known;
    checkNames(options, optionNames);
    const traffic = readTraffic(options, address.family);
    const via = options.via ?? this.#linkOf(known);
    if (via !== undefined) return this.#over(known, traffic, via);
    const selection = this.#selector.connect({ destination: text, traffic, device: 0 });
    if (selection.verdict !== 'path') throw refusalOf(selection, { destination: text });
    return pathOf(text, selection);
  }

  /** As Host.sortDestinations. */
  sortDestinations(addresses: readonly string[], options: SortOptions): SortedDestination[] {
    return sortDestinations(this.#selector, this.#parts, addresses, options);
  }

  #over({ address, text }: KnownDestination, traffic: Traffic, via: Via): Path {
    const snapshot = snapshotNaming(this.#parts, via);
    const { family, zone } = address;
    let found: { selection: Selection; carrier: Carrier } | undefined;
    findCarrier(snapshot, via, (carrier) => {
      const asked = { destination: text, interface: carrier.interface.name, pvd: carrier.pvd?.id };
      const obstacle = obstacleTo(snapshot, carrier, { family, address: text, zone });
      if (obstacle !== undefined) throw refusalWith(obstacle, asked);
      const selection = this.#selector.bind(
        { destination: text, traffic, device: carrier.interface.index },
        sourcesOf(snapshot, carrier, family),
      );
      if (selection.verdict !== 'path') throw refusalOf(selection, asked);
      found = { selection, carrier };
    });
    if (found === undefined) throw new RangeError('a carrier was found and not checked');
    return pathOf(text, found.selection, domainPart(snapshot, found.carrier, found.selection));
  }

  /** The interface that a destination says itself: by its zone, or for being link-local where only one can be meant. */
  #linkOf({ address: { family, zone }, text }: KnownDestination): Via | undefined {
    if (zone === undefined) {
      return isLinkLocal(text)
        ? onlyLink(this.#parts.snapshot(), { family, address: text }, `no way to ${text}`)
        : undefined;
    }
    const named = /^\d+$/.test(zone) ? Number(zone) : zone;
    try {
      findCarrier(snapshotNaming(this.#parts, named), named);
    } catch (error) {
      // The interface is a part of the address, so the address is wrong.
      if (!isMifError(error, 'ERR_MIF_INTERFACE_NOT_FOUND') && !isMifError(error, 'ERR_MIF_UNKNOWN_ID')) throw error;
      throw new MifError('ERR_MIF_INVALID_ARG', `destination: zone ${zone} of ${text}: ${error.message}`, {
        destination: text,
      });
    }
    return named;
  }
}

function pathTo(destination: string, { way, selection }: Known): Path {
  if (way === undefined) throw refusalOf(selection, { destination });
  return pathBy(way, destination);
}
