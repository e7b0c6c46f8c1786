// SPDX-License-Identifier: MIT
// host.select(): which way traffic would go. Without `via` it is the kernel's way; with it a socket is held to an interface
// and a source, and the standards choose among what is left (RFC 6724 section 5).

import { formatIpAddress, type IpAddress, parseIpAddress } from '../address/ip-address.ts';
import type { Selection } from '../binding/contract.gen.ts';
import { MifError } from '../binding/mif-error.ts';
import type { NativeMonitor } from '../binding/native.ts';
import { type Path, pathOf } from '../selection/path.ts';
import { readDestination, readTraffic, type Traffic, type TrafficOptions } from '../selection/question.ts';
import { refusalOf } from '../selection/refusal.ts';
import { Selector } from '../selection/selector.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';

export interface SelectOptions extends TrafficOptions {
  /** Who is to carry it; the socket would be held to that. Absent: as the system chooses. */
  via?: Via | undefined;
}

export interface SelectionParts {
  readonly monitor: NativeMonitor;
  /** The present snapshot. */
  snapshot(): HostSnapshot;
}

/** Names of the options, so that a misspelt one is not silently ignored. */
const optionNames = new Set(['via', 'source', 'mark', 'uid', 'protocol', 'sourcePort', 'destinationPort', 'dscp']);

export class HostSelection {
  readonly #parts: SelectionParts;
  readonly #selector: Selector;

  constructor(parts: SelectionParts) {
    this.#parts = parts;
    this.#selector = new Selector(
      (words) => parts.monitor.createSelector(words),
      () => parts.snapshot().names,
    );
  }

  /** As Host.select. */
  select(destination: string, options: SelectOptions): Path {
    const address = readDestination(destination);
    const unknown = Object.keys(options).find((name) => !optionNames.has(name));
    if (unknown !== undefined)
      throw new MifError('ERR_MIF_INVALID_ARG', `option ${unknown}: there is none of that name`);
    const traffic = readTraffic(options, address.family);
    const via = options.via ?? zoneOf(address);
    if (via !== undefined) return this.#over(address, traffic, via);
    const text = bareText(address);
    const selection = this.#selector.connect({ destination: text, traffic, device: 0 });
    if (selection.verdict !== 'path') throw refusalOf(selection, { destination: text });
    return pathOf(text, selection);
  }

  #over(destination: IpAddress, traffic: Traffic, via: Via): Path {
    const snapshot = this.#parts.snapshot();
    const text = bareText(destination);
    let found: { selection: Selection; carrier: Carrier } | undefined;
    findCarrier(snapshot, via, (carrier) => {
      checkZone(destination, carrier);
      const selection = this.#selector.bind(
        { destination: text, traffic, device: carrier.interface.index },
        sourcesOf(carrier, destination.family),
      );
      if (selection.verdict !== 'path') {
        throw refusalOf(selection, { destination: text, interface: carrier.interface.name, pvd: carrier.pvd?.id });
      }
      found = { selection, carrier };
    });
    if (found === undefined) throw new RangeError('a carrier was found and not checked');
    return pathOf(text, found.selection, found.carrier.pvd?.id);
  }
}

function checkZone({ zone }: IpAddress, { interface: link }: Carrier): void {
  if (zone === undefined || [link.name, String(link.index), ...link.altNames].includes(zone)) return;
  throw new MifError('ERR_MIF_INVALID_ARG', `destination: its zone ${zone} is not ${link.name}`, {
    interface: link.name,
  });
}

/** A domain's own addresses are the only sources in it (PVD-37); of an interface, any that it has. */
function sourcesOf({ pvd }: Carrier, family: 4 | 6): readonly IpAddress[] {
  if (pvd === undefined) return [];
  const sources = pvd.addresses.flatMap(({ address }) => parseIpAddress(address) ?? []);
  const own = sources.filter((source) => source.family === family);
  // None must not come to mean any.
  return own.length > 0 ? own : [family === 4 ? { family, groups: [0] } : { family, groups: [0, 0, 0, 0] }];
}

function zoneOf({ zone }: IpAddress): Via | undefined {
  return zone !== undefined && /^\d+$/.test(zone) ? Number(zone) : zone;
}

/** Without zone. */
function bareText({ zone: _, ...bare }: IpAddress): string {
  return formatIpAddress(bare);
}
