// SPDX-License-Identifier: MIT
// Where a datagram goes and where it leaves, read from what a user wrote, for one socket.

import { formatIpAddress, isLinkLocal, isLoopback, isMulticast, parseIpAddress } from '../address/ip-address.ts';
import { MifError } from '../binding/mif-error.ts';
import type { NativeDeparture, NativeSnapshot } from '../binding/native.ts';
import { accessOf, type Host } from '../host/host.ts';
import { shown } from '../selection/shown.ts';
import type { InterfaceNames } from '../snapshot/interface-view.ts';
import { type HostSnapshot, nameOfIndex } from '../snapshot/snapshot.ts';
import { type Carrier, findCarrier } from '../via/carrier.ts';
import { snapshotNaming } from '../via/named-interface.ts';

/** Where a datagram goes. */
export interface UdpDestination {
  /** An IP address; of link-local ones the zone may be left out where the interface is known. */
  address: string;
  port: number;
  /** Address to leave from, without zone. Default: as the socket is bound, or the kernel chooses. */
  source?: string | undefined;
  /** Name or index of the interface to leave by. Default: the one that the socket is held to, or the kernel chooses. */
  interface?: string | number | undefined;
}

const highestPort = 65_535;

export class Departures {
  readonly #host: Host;
  readonly #family: 4 | 6;
  readonly #carrier: Carrier | undefined;
  #names: InterfaceNames = new Map();
  #ownersThen: ReadonlyMap<string, ReadonlySet<number>> = new Map();

  constructor({ host, family, carrier }: { host: Host; family: 4 | 6; carrier: Carrier | undefined }) {
    this.#host = host;
    this.#family = family;
    this.#carrier = carrier;
  }

  /** Names of the interfaces by index: those of now, or the last that were known of a host that has ended. */
  names(): InterfaceNames {
    if (!this.#host.closed) this.#names = accessOf(this.#host).snapshot().names;
    return this.#names;
  }

  /**
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_LOOPBACK, ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_SCOPE_REQUIRED,
   * ERR_MIF_NO_ADDRESS
   */
  read({ address, port, source, interface: named }: UdpDestination): NativeDeparture {
    const parsed = typeof address === 'string' ? parseIpAddress(address) : undefined;
    if (parsed === undefined) {
      throw new MifError('ERR_MIF_INVALID_ARG', `cannot send to ${shown(address)}: it is not an IP address`, {
        hint: 'Give an address such as 192.0.2.1 or 2001:db8::1; names are not resolved in this version.',
      });
    }
    this.requireFamily(parsed.family, address);
    if (!Number.isInteger(port) || port < 1 || port > highestPort) {
      const why = `port ${shown(port)} is not a number from 1 to ${highestPort}`;
      throw new MifError('ERR_MIF_INVALID_ARG', `cannot send to ${address}: ${why}`);
    }
    const { zone, ...bare } = parsed;
    const destination = formatIpAddress(bare);
    this.#requireReachable(destination);
    const departure: NativeDeparture = { destination, port };
    const index = this.scopeOf(destination, named ?? zone);
    if (index !== undefined) departure.interfaceIndex = index;
    if (source !== undefined) departure.source = this.#source(source, index);
    return departure;
  }

  /**
   * The zone of an address as an index; undefined where none is needed.
   * @throws MifError ERR_MIF_SCOPE_REQUIRED; as indexOf
   */
  scopeOf(destination: string, named: unknown): number | undefined {
    if (named !== undefined) return this.indexOf(named);
    if (this.#carrier !== undefined || this.#family === 4 || !needsScope(destination)) return undefined;
    // The kernel would take the first route to all links that it finds (SAS-39).
    throw new MifError('ERR_MIF_SCOPE_REQUIRED', `cannot send to ${destination}: on every link there may be one`, {
      destination,
    });
  }

  /**
   * Index of an interface by name or number. By another than the one that the socket is held to, nothing would leave.
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_INTERFACE_NOT_FOUND
   */
  indexOf(named: unknown): number {
    const held = this.#carrier?.interface;
    const asked = typeof named === 'string' && /^\d+$/.test(named) ? Number(named) : named;
    if (held !== undefined && (asked === held.index || asked === held.name)) return held.index;
    if (typeof asked !== 'string' && typeof asked !== 'number') {
      throw new MifError('ERR_MIF_INVALID_ARG', `option interface: ${shown(named)} is not a name or an index`);
    }
    if (held === undefined) {
      for (const [index, name] of this.names()) if (index === asked || name === asked) return index;
    }
    const { index } = findCarrier(snapshotNaming(accessOf(this.#host), asked), asked).interface;
    if (held === undefined || index === held.index) return index;
    throw new MifError('ERR_MIF_INVALID_ARG', `option interface: the socket is held to ${held.name}, not to ${asked}`, {
      interface: held.name,
    });
  }

  /**
   * A group of the socket's family.
   * @throws MifError ERR_MIF_INVALID_ARG
   */
  group(group: unknown): string {
    const parsed = typeof group === 'string' ? parseIpAddress(group) : undefined;
    const address = parsed?.family === this.#family && parsed.zone === undefined ? formatIpAddress(parsed) : undefined;
    if (address !== undefined && isMulticast(address)) return address;
    throw new MifError('ERR_MIF_INVALID_ARG', `${shown(group)} is not an IPv${this.#family} group`);
  }

  /** @throws MifError ERR_MIF_INVALID_ARG */
  requireFamily(family: 4 | 6, address: string): void {
    if (family === this.#family) return;
    throw new MifError('ERR_MIF_INVALID_ARG', `cannot send to ${address}: the socket is an IPv${this.#family} one`);
  }

  /** The kernel takes any address of the host over any interface (trap F7). @param index - of the interface, if one is named. */
  #source(source: unknown, index: number | undefined): string {
    const parsed = typeof source === 'string' ? parseIpAddress(source) : undefined;
    if (parsed?.family !== this.#family || parsed.zone !== undefined) {
      const allowed = `an IPv${this.#family} address without zone`;
      throw new MifError('ERR_MIF_INVALID_ARG', `option source: ${shown(source)} is not ${allowed}`);
    }
    const text = formatIpAddress(parsed);
    const { interface: held, pvd, sources } = this.#carrier ?? {};
    const on = index ?? held?.index;
    const owners = this.#owners().get(text);
    const isThere = owners !== undefined && (on === undefined || owners.has(on)) && (sources?.includes(text) ?? true);
    if (isThere && (pvd === undefined || pvd.addresses.some(({ address }) => address === text))) return text;
    const where = pvd?.id ?? (on === undefined ? 'this host' : nameOfIndex(this.names(), on));
    throw new MifError('ERR_MIF_NO_ADDRESS', `cannot send from ${text}: ${where} does not have that address`, {
      interface: held?.name,
      pvd: pvd?.id,
    });
  }

  /** Indexes of the interfaces that have each address of the host. */
  #owners(): ReadonlyMap<string, ReadonlySet<number>> {
    if (!this.#host.closed) this.#ownersThen = ownersOf(accessOf(this.#host).snapshot());
    return this.#ownersThen;
  }

  /** What is sent to loopback by a socket that is held elsewhere never arrives, and nobody says so (trap F6). */
  #requireReachable(destination: string): void {
    const held = this.#carrier?.interface;
    if (held === undefined || !isLoopback(destination) || held.flags.includes('loopback')) return;
    const why = 'a socket that is held to an interface never reaches the loopback one';
    throw new MifError('ERR_MIF_LOOPBACK', `cannot send to ${destination} over ${held.name}: ${why}`, {
      interface: held.name,
      destination,
    });
  }
}

/** Link-local addresses and groups of one link (RFC 4007 section 4). */
function needsScope(address: string): boolean {
  return isLinkLocal(address) || /^ff.[12]:/.test(address);
}

/** Read once for each view. */
function ownersOf(snapshot: HostSnapshot): ReadonlyMap<string, ReadonlySet<number>> {
  let owners = knownOwners.get(snapshot.native);
  if (owners === undefined) {
    owners = new Map();
    for (const { address, index } of snapshot.addresses) {
      const known = owners.get(address);
      if (known === undefined) owners.set(address, new Set([index]));
      else known.add(index);
    }
    knownOwners.set(snapshot.native, owners);
  }
  return owners;
}

const knownOwners = new WeakMap<NativeSnapshot, Map<string, Set<number>>>();
