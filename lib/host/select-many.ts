// SPDX-License-Identifier: MIT
// host.selectMany(): which way traffic to each of many destinations would go, in one call and in columns. What is asked
// about all of them, and who is to carry them, is read once.

import { type IpAddress, parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import { PathTable, widthOf } from '../selection/path-table.ts';
import { checkNames, readTraffic, type TrafficOptions } from '../selection/question.ts';
import type { Selector } from '../selection/selector.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import { type Obstacle, obstacleOn } from '../via/obstacle.ts';
import { trafficOver } from './carrier-mark.ts';
import { sourcesOf } from './carrier-sources.ts';

export interface SelectManyOptions extends TrafficOptions {
  /**
   * Who is to carry all of them: found once, of several the first that is up, has carrier and an address of the family, whatever
   * becomes of a destination. The sockets would be held to that. Absent: as the system chooses.
   */
  via?: Via | undefined;
  /** Of the destinations. Default: that of the first, where they are texts; else 4. */
  family?: 4 | 6 | undefined;
}

const optionNames = new Set([
  'via',
  'family',
  'source',
  'mark',
  'uid',
  'protocol',
  'sourcePort',
  'destinationPort',
  'dscp',
]);

export function selectMany(
  selector: Selector,
  snapshotFor: (via: Via) => HostSnapshot,
  destinations: Uint8Array | readonly string[],
  options: SelectManyOptions,
): PathTable {
  checkNames(options, optionNames);
  const { family, packed } = readDestinations(destinations, options.family);
  const traffic = readTraffic(options, family);
  const rows = new Uint32Array(packed.buffer, packed.byteOffset + packed.length, packed.length / widthOf(family));
  if (options.via === undefined) {
    const answers = selector.connectMany(packed, { family, traffic, device: 0 }, rows);
    return new PathTable({ family, destinations: packed, rows, answers });
  }
  const present = snapshotFor(options.via);
  const carrier = findCarrier(present, options.via, (candidate) => checkCarries(candidate, family));
  const { index, name } = carrier.interface;
  const question = { family, traffic: trafficOver(carrier, traffic), device: index };
  const answers = selector.bindMany(packed, question, sourcesOf(present, carrier, family), rows);
  return new PathTable({ family, destinations: packed, rows, answers, interface: name, pvd: carrier.pvd?.id });
}

function checkCarries(carrier: Carrier, family: 4 | 6): void {
  const { interface: link, pvd } = carrier;
  const { code, why } = obstacleOn(link) ?? lackOf(carrier, family) ?? {};
  if (code === undefined) return;
  throw new MifError(code, `no way over ${pvd?.id ?? link.name}: ${why}`, { interface: link.name, pvd: pvd?.id });
}

/** Of an interface that was named the table tells for each destination. */
function lackOf({ pvd, sources }: Carrier, family: 4 | 6): Obstacle | undefined {
  const addresses = sources ?? pvd?.addresses.map(({ address }) => address);
  if (addresses === undefined || addresses.some((address) => parseIpAddress(address)?.family === family))
    return undefined;
  return { code: 'ERR_MIF_NO_ADDRESS', why: `it has no IPv${family} address` };
}

interface Packed {
  family: 4 | 6;
  /** With memory behind it for the rows of a PathTable: memory is dearer than the answers to few destinations. */
  packed: Uint8Array;
}

/** Room for destinations, and for their rows behind it. */
function roomFor(count: number, family: 4 | 6): Uint8Array {
  const bytes = count * widthOf(family);
  // Not filled with zeros: every byte is going to be written.
  return Buffer.allocUnsafeSlow(bytes + count * Uint32Array.BYTES_PER_ELEMENT).subarray(0, bytes);
}

function readDestinations(destinations: unknown, family: unknown): Packed {
  if (family !== undefined && family !== 4 && family !== 6) {
    throw new MifError('ERR_MIF_INVALID_ARG', `option family: ${String(family)} is neither 4 nor 6`);
  }
  if (destinations instanceof Uint8Array) return checkPacked(destinations, family ?? 4);
  if (Array.isArray(destinations)) return pack(destinations, family);
  throw invalid('they are neither a Uint8Array nor an array of addresses');
}

function checkPacked(destinations: Uint8Array, family: 4 | 6): Packed {
  const width = widthOf(family);
  if (destinations.length === 0) throw invalid('there are none');
  if (destinations.length % width !== 0) {
    throw invalid(`${destinations.length} bytes are no whole number of IPv${family} addresses, of ${width} bytes`);
  }
  // Who gave it may go on writing into it, and the table says whose ways it has.
  const packed = roomFor(destinations.length / width, family);
  packed.set(destinations);
  return { family, packed };
}

function pack(destinations: readonly unknown[], expected: 4 | 6 | undefined): Packed {
  if (destinations.length === 0) throw invalid('there are none');
  const family = expected ?? read(destinations[0], 0).family;
  const width = widthOf(family);
  const packed = roomFor(destinations.length, family);
  const view = new DataView(packed.buffer);
  for (let place = 0; place < destinations.length; place++) {
    const address = read(destinations[place], place);
    if (address.family !== family)
      throw invalid(`number ${place}, '${destinations[place]}', is no IPv${family} address`);
    for (let at = 0; at < address.groups.length; at++) {
      view.setUint32(place * width + 4 * at, address.groups[at] as number);
    }
  }
  return { family, packed };
}

function read(destination: unknown, place: number): IpAddress {
  const address = typeof destination === 'string' ? parseIpAddress(destination) : undefined;
  if (address === undefined) {
    const shown = typeof destination === 'string' ? `'${destination}'` : typeof destination;
    throw invalid(`number ${place}, ${shown}, is not an IP address`);
  }
  if (address.zone !== undefined) {
    throw invalid(`number ${place}, '${destination}', has a zone`, 'Name the interface of all of them by `via`.');
  }
  return address;
}

function invalid(why: string, hint?: string): MifError {
  return new MifError('ERR_MIF_INVALID_ARG', `destinations: ${why}`, { hint });
}
