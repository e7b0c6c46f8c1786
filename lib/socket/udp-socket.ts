// SPDX-License-Identifier: MIT
// A UDP socket that tells of each datagram by which interface it came and to which address it was sent, and lets each leave
// from the address and interface that the sender names (RFC 3542 section 6). Node's own socket can do neither.

import { EventEmitter } from 'node:events';
import { MifError } from '../binding/mif-error.ts';
import { type NativeArrival, type NativeDatagramSocket, type NativeDeparture, native } from '../binding/native.ts';
import { accessOf, type Host } from '../host/host.ts';
import { nameOfIndex } from '../snapshot/snapshot.ts';
import { type Carrier, findCarriers, type Via } from '../via/carrier.ts';
import { snapshotNaming } from '../via/named-interface.ts';
import { datagramError } from './datagram-error.ts';
import { Departures, type UdpDestination } from './departure.ts';
import { formatEndpoint, parseEndpoint } from './endpoint.ts';
import { Memberships } from './memberships.ts';
import { checkCarrier } from './preflight.ts';
import { SendQueue } from './send-queue.ts';

/** Where a datagram came from, and where it arrived. */
export interface UdpMessageInfo {
  family: 4 | 6;
  /** The sender, without zone: `interface` says where it is. */
  address: string;
  port: number;
  /** Bytes of the datagram as it was sent; more than the data has when it was cut. */
  size: number;
  /** Whether it was longer than `maxMessageSize`. */
  truncated: boolean;
  /** Name of the interface that it came in by. */
  interface: string;
  index: number;
  /** Address that it was sent to: one of this host, a group, or broadcast. */
  destination: string;
}

export interface UdpSocketEvents {
  message: [data: Buffer, info: UdpMessageInfo];
  /** The network refused what was sent before (`ECONNREFUSED`), or the path was lost; then `close` follows. */
  error: [error: Error];
  close: [];
}

export interface UdpSocketParts {
  readonly host: Host;
  readonly family: 4 | 6;
  readonly carrier: Carrier | undefined;
  readonly maxMessageSize: number;
  readonly sendQueue: number;
}

export class UdpSocket extends EventEmitter<UdpSocketEvents> {
  readonly family: 4 | 6;
  readonly #host: Host;
  readonly #carrier: Carrier | undefined;
  readonly #native: NativeDatagramSocket;
  readonly #queue: SendQueue;
  readonly #departures: Departures;
  #memberships: Memberships | undefined;
  #isConnected = false;
  #isClosed = false;
  /** Why it was closed; undefined where somebody asked for it. */
  #error: Error | undefined;

  /** Use createUdpSocket. Has the descriptor unless it throws. */
  constructor(fd: number, { host, family, carrier, maxMessageSize, sendQueue }: UdpSocketParts) {
    super();
    this.family = family;
    this.#host = host;
    this.#carrier = carrier;
    this.#queue = new SendQueue(sendQueue);
    this.#departures = new Departures({ host, family, carrier });
    this.#native = native().openDatagramSocket({
      fd,
      family,
      interfaceIndex: carrier?.interface.index ?? 0,
      ...(carrier === undefined ? {} : { interfaceName: carrier.interface.name }),
      longest: maxMessageSize,
      onReady: () => this.#ready(),
    });
    this.#native.watch(true, false);
  }

  /** Name of the interface it is held to. */
  get interface(): string | undefined {
    return this.#carrier?.interface.name;
  }

  /** Id of the domain that it was made for. */
  get pvd(): string | undefined {
    return this.#carrier?.pvd?.id;
  }

  get closed(): boolean {
    return this.#isClosed;
  }

  /** Datagrams that wait because the kernel has no room. */
  get sendQueueLength(): number {
    return this.#queue.length;
  }

  /** What it is bound to. @throws MifError ERR_MIF_CLOSED */
  address(): { address: string; family: 4 | 6; port: number } {
    return { ...this.#native.localName(), family: this.family };
  }

  /**
   * Sends one datagram. Resolves when the kernel has it, which says nothing about its arrival; until then `data` is read.
   * @param to - may be left out when connected.
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_UNSUPPORTED for host names, ERR_MIF_LOOPBACK, ERR_MIF_NO_ADDRESS,
   * ERR_MIF_INTERFACE_NOT_FOUND, ERR_MIF_SCOPE_REQUIRED, ERR_MIF_QUEUE_FULL, ERR_MIF_PATH_LOST, ERR_MIF_CLOSED; errors of the system such as
   * `ENETUNREACH`, with `mif` attached
   */
  async send(data: Uint8Array | string, to?: UdpDestination): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const departure = this.#departure(to);
    if (this.#queue.length === 0 && this.#send(bytes, departure)) return;
    await new Promise<void>((sent, failed) => {
      this.#queue.add({ data: bytes, departure, sent, failed });
      this.#native.watch(true, true);
    });
  }

  /**
   * Sends to this address from now on, and receives from it only.
   * @throws MifError ERR_MIF_INVALID_ARG; what is known to fail over its interface: ERR_MIF_LOOPBACK,
   * ERR_MIF_INTERFACE_DOWN, ERR_MIF_NO_CARRIER, ERR_MIF_NO_ADDRESS, ERR_MIF_NO_ROUTE; errors of the system
   */
  connect(to: { address: string; port: number }): void {
    this.#requireOpen();
    if (this.#isConnected) throw new MifError('ERR_MIF_INVALID_ARG', 'cannot connect: the socket is connected already');
    const endpoint = parseEndpoint(to);
    this.#departures.requireFamily(endpoint.family, endpoint.address);
    if (this.#carrier !== undefined) checkCarrier(accessOf(this.#host).snapshot(), this.#carrier, endpoint);
    const scope = this.#departures.scopeOf(endpoint.address, endpoint.zone);
    try {
      this.#native.connect({
        destination: endpoint.address,
        port: endpoint.port,
        ...(scope === undefined ? {} : { interfaceIndex: scope }),
      });
    } catch (error) {
      throw datagramError(error, { ...this.#details, destination: formatEndpoint(endpoint) });
    }
    this.#isConnected = true;
  }

  /**
   * Ends that. The socket stays held to its interface and keeps its port, which the kernel would both forget; when they cannot
   * be had again, it is closed.
   */
  disconnect(): void {
    this.#requireOpen();
    if (!this.#isConnected) throw new MifError('ERR_MIF_INVALID_ARG', 'cannot disconnect: the socket is not connected');
    this.#isConnected = false;
    try {
      this.#native.disconnect();
    } catch (error) {
      this.destroy(error as Error);
      throw error;
    }
  }

  /**
   * Joins a group on every interface that `via` names, and on each of them that goes and returns. Datagrams of groups that this
   * socket has not joined are not delivered to it, whoever else has.
   * @param options.via - names, indexes, ids, or a list of them. Default: what the socket is held to.
   * @throws MifError ERR_MIF_INVALID_ARG, ERR_MIF_INTERFACE_NOT_FOUND and such when there is none now, ERR_MIF_CLOSED; errors of
   * the system, such as `EADDRINUSE` or `ENOBUFS` when there are too many
   */
  addMembership(group: string, { via }: { via?: Via | undefined } = {}): void {
    this.#requireOpen();
    const address = this.#departures.group(group);
    const held = this.#carrier?.interface;
    if (via === undefined && held === undefined) {
      throw new MifError('ERR_MIF_INVALID_ARG', `cannot join ${address}: option via names no interface`);
    }
    if (via !== undefined && held !== undefined) {
      const carriers = findCarriers(snapshotNaming(accessOf(this.#host), via), via);
      const other = carriers.find(({ interface: link }) => link.id !== held.id);
      if (other !== undefined) {
        const { name } = other.interface;
        throw new MifError('ERR_MIF_INVALID_ARG', `option via: the socket is held to ${held.name}, not to ${name}`);
      }
    }
    this.#memberships ??= new Memberships(this.#host, this.#native, (error) => {
      // Not from within the host, which tells others too.
      process.nextTick(() => this.emit('error', datagramError(error, this.#details) as Error));
    });
    try {
      this.#memberships.add(address, via ?? held!.id);
    } catch (error) {
      throw datagramError(error, { ...this.#details, destination: address });
    }
  }

  /** Leaves a group on all interfaces. */
  dropMembership(group: string): void {
    this.#requireOpen();
    this.#memberships?.drop(this.#departures.group(group));
  }

  /** Keeps the program alive, as it does at first. */
  ref(): this {
    this.#native.hold(true);
    return this;
  }

  unref(): this {
    this.#native.hold(false);
    return this;
  }

  /** Ends it; what waits to be sent is not. Safe twice. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) process.nextTick(resolve);
      else this.once('close', resolve);
      this.destroy();
    });
  }

  /** Ends it, with an error that is told first. Safe twice. */
  destroy(error?: Error): this {
    if (this.#isClosed) return this;
    this.#isClosed = true;
    this.#error = error;
    this.#memberships?.close();
    this.#native.close();
    this.#queue.fail(error ?? closedError());
    process.nextTick(() => {
      try {
        if (error !== undefined) this.emit('error', error);
      } finally {
        this.emit('close');
      }
    });
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #ready(): void {
    let arrivals: NativeArrival[] = [];
    try {
      arrivals = this.#native.receive();
    } catch (error) {
      this.emit('error', datagramError(error, this.#details) as Error);
    } finally {
      if (this.#queue.length > 0) this.#drain();
    }
    if (arrivals.length > 0) this.#deliver(arrivals, 0);
  }

  #drain(): void {
    this.#queue.drain(({ data, departure }) => this.#send(data, departure));
    if (this.#queue.length === 0 && !this.#isClosed) this.#native.watch(true, false);
  }

  #deliver(arrivals: readonly NativeArrival[], from: number): void {
    const names = this.#departures.names();
    for (let at = from; at < arrivals.length && !this.#isClosed; at++) {
      const { data, size, address, port, destination, interfaceIndex: index } = arrivals[at]!;
      const truncated = size > data.length;
      const on = nameOfIndex(names, index);
      const info = { family: this.family, address, port, size, truncated, interface: on, index, destination };
      try {
        this.emit('message', data, info);
      } catch (error) {
        // A listener that throws is uncaught; where the program goes on, so do the others.
        process.nextTick(() => this.#deliver(arrivals, at + 1));
        throw error;
      }
    }
  }

  /** @throws as send() */
  #send(data: Uint8Array, departure: NativeDeparture): boolean {
    this.#requireOpen();
    try {
      return this.#native.send(data, departure);
    } catch (error) {
      const { destination, port, source } = departure;
      const to = destination === undefined ? {} : { destination: formatEndpoint(this.#endpoint(destination, port!)) };
      throw datagramError(error, { ...this.#details, ...to, source });
    }
  }

  #departure(to: UdpDestination | undefined): NativeDeparture {
    this.#requireOpen();
    if (to !== undefined) return this.#departures.read(to);
    if (this.#isConnected) return {};
    throw new MifError('ERR_MIF_INVALID_ARG', 'cannot send: no address is named, and the socket is not connected');
  }

  #requireOpen(): void {
    if (this.#isClosed) throw this.#error ?? closedError();
  }

  #endpoint(address: string, port: number) {
    return { family: this.family, address, port };
  }

  get #details() {
    return { interface: this.interface, pvd: this.pvd };
  }
}

function closedError(): MifError {
  return new MifError('ERR_MIF_CLOSED', 'the socket is closed');
}
