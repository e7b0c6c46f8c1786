// SPDX-License-Identifier: MIT
// The native library as the rest of lib/ uses it: the surface of binding.d.ts, with every error a MifError. Adds
// nothing to it and keeps nothing alive that it would not.

import type {
  NativeArrival,
  NativeBinding,
  NativeCapabilities,
  NativeDatagramOptions,
  NativeDatagramSocket,
  NativeDeparture,
  NativeFailure,
  NativeHeard,
  NativeHearing,
  NativeMembership,
  NativeMonitor,
  NativeMonitorOptions,
  NativeRouteFilter,
  NativeRouterListener,
  NativeRouterListenerOptions,
  NativeSelector,
  NativeSnapshot,
  NativeSocketOptions,
  NativeStats,
} from '../../binding.d.ts';
import { errorHints, type MifErrorCode } from './contract.gen.ts';
import { load } from './load.ts';
import { MifError, type MifErrorDetails } from './mif-error.ts';

export type {
  NativeArrival,
  NativeBinding,
  NativeCapabilities,
  NativeDatagramOptions,
  NativeDatagramSocket,
  NativeDeparture,
  NativeFailure,
  NativeHeard,
  NativeHearing,
  NativeMembership,
  NativeMonitor,
  NativeMonitorOptions,
  NativeRouteFilter,
  NativeRouterListener,
  NativeRouterListenerOptions,
  NativeSelector,
  NativeSnapshot,
  NativeSocketOptions,
  NativeStats,
};

let library: NativeBinding | undefined;

/**
 * The native library, loaded on the first call.
 * @throws MifError ERR_MIF_NATIVE_MISSING, ERR_MIF_BINDING_MISMATCH
 */
export function native(): NativeBinding {
  library ??= new Library(load());
  return library;
}

/** What the native library reports without throwing it, as an error; `details` is what the caller knows besides. */
export function errorOf(failure: NativeFailure, details: MifErrorDetails = {}): MifError {
  const { code, message, syscall, errno, kernelMessage } = failure;
  return new MifError(isCode(code) ? code : 'ERR_MIF_KERNEL', message, { syscall, errno, kernelMessage, ...details });
}

function isCode(code: string): code is MifErrorCode {
  return Object.hasOwn(errorHints, code);
}

/** Calls into the library; what it throws leaves as a MifError. */
export function ask<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof Error && isCode((error as Error & NativeFailure).code)) {
      throw errorOf(error as Error & NativeFailure);
    }
    // Not the library's: something thrown by V8, such as an allocation that failed.
    throw error;
  }
}

class Library implements NativeBinding {
  readonly #native: NativeBinding;
  readonly contractDigest: string;

  constructor(native: NativeBinding) {
    this.#native = native;
    this.contractDigest = native.contractDigest;
  }

  now(): number {
    return this.#native.now();
  }

  openMonitor(options: NativeMonitorOptions): NativeMonitor {
    return new Monitor(ask(() => this.#native.openMonitor(options)));
  }

  createBoundSocket(
    family: 4 | 6,
    type: 0 | 1 | 2,
    index: number,
    name: string,
    source: string | undefined,
    port: number,
    options?: NativeSocketOptions,
  ): number {
    return ask(() => this.#native.createBoundSocket(family, type, index, name, source, port, options));
  }

  openDatagramSocket(options: NativeDatagramOptions): NativeDatagramSocket {
    return new DatagramSocket(ask(() => this.#native.openDatagramSocket(options)));
  }

  heldDevice(fd: number): number {
    return ask(() => this.#native.heldDevice(fd));
  }

  closeDescriptor(fd: number): void {
    ask(() => this.#native.closeDescriptor(fd));
  }
}

class DatagramSocket implements NativeDatagramSocket {
  readonly #native: NativeDatagramSocket;

  constructor(native: NativeDatagramSocket) {
    this.#native = native;
  }

  receive(): NativeArrival[] {
    return ask(() => this.#native.receive());
  }

  send(data: Uint8Array, departure: NativeDeparture): boolean {
    return ask(() => this.#native.send(data, departure));
  }

  watch(isForReading: boolean, isForWriting: boolean): void {
    ask(() => this.#native.watch(isForReading, isForWriting));
  }

  hold(alive: boolean): void {
    ask(() => this.#native.hold(alive));
  }

  connect(peer: NativeDeparture): void {
    ask(() => this.#native.connect(peer));
  }

  disconnect(): void {
    ask(() => this.#native.disconnect());
  }

  join(membership: NativeMembership): void {
    ask(() => this.#native.join(membership));
  }

  leave(membership: NativeMembership): void {
    ask(() => this.#native.leave(membership));
  }

  localName(): { address: string; port: number } {
    return ask(() => this.#native.localName());
  }

  close(): void {
    this.#native.close();
  }
}

class RouterListener implements NativeRouterListener {
  readonly #native: NativeRouterListener;

  constructor(native: NativeRouterListener) {
    this.#native = native;
  }

  receive(): NativeHearing {
    return ask(() => this.#native.receive());
  }

  solicit(interfaceIndex: number): boolean {
    return ask(() => this.#native.solicit(interfaceIndex));
  }

  close(): void {
    this.#native.close();
  }
}

class Monitor implements NativeMonitor {
  readonly #native: NativeMonitor;
  #latest: View | undefined;

  constructor(native: NativeMonitor) {
    this.#native = native;
  }

  state(): number {
    return this.#native.state();
  }

  failure(): NativeFailure | undefined {
    return this.#native.failure();
  }

  snapshot(): NativeSnapshot {
    const native = ask(() => this.#native.snapshot());
    // What the library keeps one of stays one here.
    if (this.#latest?.isOf(native) !== true) this.#latest = new View(native);
    return this.#latest!;
  }

  capabilities(): NativeCapabilities {
    return this.#native.capabilities();
  }

  stats(): NativeStats {
    return this.#native.stats();
  }

  hold(alive: boolean): void {
    ask(() => this.#native.hold(alive));
  }

  lookUpInterface(name: string): boolean {
    return ask(() => this.#native.lookUpInterface(name));
  }

  /** The object of the library itself: it throws nothing, and a layer around it would cost as much as its work. */
  createSelector(words: Uint32Array): NativeSelector {
    return ask(() => this.#native.createSelector(words));
  }

  createBoundSocket(
    family: 4 | 6,
    type: 0 | 1 | 2,
    index: number,
    name: string,
    source: string | undefined,
    port: number,
    options?: NativeSocketOptions,
  ): number {
    return ask(() => this.#native.createBoundSocket(family, type, index, name, source, port, options));
  }

  openRouterListener(options: NativeRouterListenerOptions): NativeRouterListener {
    return new RouterListener(ask(() => this.#native.openRouterListener(options)));
  }

  close(): void {
    this.#native.close();
  }
}

class View implements NativeSnapshot {
  readonly #native: NativeSnapshot;
  readonly generation: number;
  readonly epoch: number;
  readonly synced: boolean;

  constructor(native: NativeSnapshot) {
    this.#native = native;
    this.generation = native.generation;
    this.epoch = native.epoch;
    this.synced = native.synced;
  }

  isOf(native: NativeSnapshot): boolean {
    return this.#native === native;
  }

  size(kind: number, filter?: NativeRouteFilter): number {
    return ask(() => this.#native.size(kind, filter));
  }

  read(kind: number, position: number, limit: number, filter?: NativeRouteFilter): Uint32Array {
    return ask(() => this.#native.read(kind, position, limit, filter));
  }

  difference(earlier: NativeSnapshot, filter?: NativeRouteFilter): Uint32Array {
    // The library compares its own objects, not these.
    const other = earlier instanceof View ? earlier.#native : earlier;
    return ask(() => this.#native.difference(other, filter));
  }
}
