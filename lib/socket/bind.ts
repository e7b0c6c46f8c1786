// SPDX-License-Identifier: MIT
// Makes descriptors that are held to what `via` stands for now, in the namespace of a host. Fails closed: what could not be
// bound as asked does not exist (trap 9).

import { formatIpAddress, isLinkLocal, isMulticast, isUnspecified, parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import { native } from '../binding/native.ts';
import { markOver } from '../host/carrier-mark.ts';
import { accessOf, type Host } from '../host/host.ts';
import { shown } from '../selection/shown.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import { snapshotNaming } from '../via/named-interface.ts';
import { sourceFor } from './carrier-source.ts';
import { HeldDescriptor } from './held-descriptor.ts';
import { holdPath } from './path-hold.ts';
import { readSocketOptions, type SocketOptions } from './socket-options.ts';

export interface BindOptions extends SocketOptions {
  family: 4 | 6;
  type: 'stream' | 'datagram';
  /** Absent: held to nothing. */
  via?: Via | undefined;
  /** Address to bind to, without zone. */
  source?: string | undefined;
  /** Port to bind to. */
  sourcePort?: number | undefined;
  multipath?: boolean | undefined;
}

export interface Bound {
  readonly descriptor: HeldDescriptor;
  readonly carrier: Carrier | undefined;
  readonly source: string | undefined;
}

/**
 * @param isServer - whether it waits for others on all addresses, where no source is named.
 * @throws MifError ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_UNKNOWN_ID, ERR_MIF_NO_PATH, ERR_MIF_NO_ADDRESS,
 * ERR_MIF_INVALID_ARG, ERR_MIF_PERMISSION, ERR_MIF_UNSUPPORTED, ERR_MIF_BIND_UNSUPPORTED, ERR_MIF_BIND_FAILED,
 * ERR_MIF_PATH_LOST, ERR_MIF_CLOSED
 */
export function bindDescriptor(host: Host, options: BindOptions, { isServer = false } = {}): Bound {
  const { family, via, sourcePort } = options;
  const access = accessOf(host);
  const type = readType(options);
  const asked = readSocketOptions(options, { family, isStream: type !== 'datagram' });
  const { carrier, source } =
    via === undefined
      ? { carrier: undefined, source: options.source === undefined ? undefined : readSource(options.source, family) }
      : placeOn(host, { via, family, source: options.source, isServer });
  if (carrier?.mark !== undefined) asked.mark = markOver(carrier, asked.mark ?? 0);
  const fd = access.createBoundSocket({
    family,
    type,
    interface: carrier?.interface,
    source,
    sourcePort,
    // Reading an empty one would take as long as making the socket.
    options: Object.keys(asked).length === 0 ? undefined : asked,
  });
  const descriptor = own(host, fd, carrier);
  return { descriptor, carrier, source };
}

/** What to hold to, and where to bind. */
interface Place {
  readonly carrier: Carrier;
  readonly source: string | undefined;
}

interface PlaceQuestion {
  readonly via: Via;
  readonly family: 4 | 6;
  readonly source: string | undefined;
  readonly isServer: boolean;
}

/** Thought out once for each picture of the host, where a name or a number says what is meant. */
function placeOn(host: Host, question: PlaceQuestion): Place {
  const { via, family, source, isServer } = question;
  const isNamed = typeof via === 'string' || typeof via === 'number';
  if (!isNamed || source !== undefined) return findPlace(host, question);
  const snapshot = accessOf(host).snapshot();
  let places = knownPlaces.get(snapshot);
  if (places === undefined) {
    places = [new Map(), new Map(), new Map(), new Map()];
    knownPlaces.set(snapshot, places);
  }
  const ofKind = places[(family === 4 ? 0 : 1) + (isServer ? 2 : 0)]!;
  let place = ofKind.get(via);
  if (place === undefined) {
    place = findPlace(host, question);
    if (ofKind.size < rememberedPlaces) ofKind.set(via, place);
  }
  return place;
}

function findPlace(host: Host, { via, family, source: asked, isServer }: PlaceQuestion): Place {
  const snapshot = snapshotNaming(accessOf(host), via);
  let source: string | undefined;
  const carrier = findCarrier(snapshot, via, (candidate) => {
    if (asked !== undefined) source = checkSource(snapshot, candidate, family, asked);
    else source = isServer ? undefined : sourceFor(candidate, family);
  });
  return { carrier, source };
}

/** Bounds what is kept for one picture. */
const rememberedPlaces = 1_024;

/** By picture: for IPv4 and IPv6, each for clients and for servers, by what was named. */
const knownPlaces = new WeakMap<HostSnapshot, readonly Map<string | number, Place>[]>();

function own(host: Host, fd: number, carrier: Carrier | undefined): HeldDescriptor {
  if (carrier === undefined) return new HeldDescriptor(fd, undefined);
  const { interface: link, pvd } = carrier;
  try {
    const hold = holdPath(host, link, pvd?.id);
    if (hold.error !== undefined) throw hold.error;
    return new HeldDescriptor(fd, hold);
  } catch (error) {
    native().closeDescriptor(fd);
    throw error;
  }
}

/** A socket that does not read back as held to its interface: nothing may leave through it. */
export function heldElsewhere({ name }: Interface): MifError {
  return new MifError('ERR_MIF_BIND_FAILED', `cannot hold a socket to ${name}: the kernel reads back another device`, {
    interface: name,
  });
}

function readType({ type, multipath }: BindOptions): 'stream' | 'datagram' | 'multipath' {
  if (type !== 'stream' && type !== 'datagram') {
    throw new MifError('ERR_MIF_INVALID_ARG', `option type: ${String(type)} is not 'stream' or 'datagram'`);
  }
  if (multipath === undefined || multipath === false) return type;
  if (multipath !== true) {
    throw new MifError('ERR_MIF_INVALID_ARG', `option multipath: ${String(multipath)} is not true or false`);
  }
  if (type === 'stream') return 'multipath';
  throw new MifError('ERR_MIF_INVALID_ARG', 'option multipath: only streams have it');
}

/** The kernel takes any pair: a source of another link, or of another domain, would leave through this one (trap F7). */
function checkSource(
  snapshot: Pick<Snapshot, 'addresses'>,
  { interface: link, pvd, sources }: Carrier,
  family: 4 | 6,
  source: string,
): string {
  const text = readSource(source, family);
  // What is nobody's own address, to receive on.
  if (isMulticast(text) || isUnspecified(text)) return text;
  const refuse = (why: string) => new MifError('ERR_MIF_NO_ADDRESS', why, { interface: link.name, pvd: pvd?.id });
  if (pvd !== undefined && !isLinkLocal(text) && !pvd.addresses.some(({ address }) => address === text)) {
    throw refuse(`provisioning domain '${pvd.id}' does not have the address ${text}`);
  }
  if (sources?.includes(text) === false) {
    throw refuse(`via is held to other addresses of ${pvd?.id ?? link.name} than ${text}`);
  }
  for (const { address, index } of snapshot.addresses) if (address === text && index === link.index) return text;
  throw refuse(`interface ${link.name} does not have the address ${text}`);
}

function readSource(source: unknown, family: 4 | 6): string {
  const parsed = typeof source === 'string' ? parseIpAddress(source) : undefined;
  if (parsed?.family === family && parsed.zone === undefined) return formatIpAddress(parsed);
  throw new MifError(
    'ERR_MIF_INVALID_ARG',
    `option source: ${shown(source)} is not an IPv${family} address without zone`,
  );
}
