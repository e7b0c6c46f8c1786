// SPDX-License-Identifier: MIT
// Asks the native library where traffic would go. Numbers cross in one array; objects and strings are made here, because
// making them natively costs more than the selection.

import type { IpAddress } from '../address/ip-address.ts';
import { type Selection, unpackSelection } from '../binding/contract.gen.ts';
import type { NativeSelector } from '../binding/native.ts';
import { Unpacker, type UnpackerContext } from '../binding/unpacker.ts';
import type { InterfaceNames } from '../snapshot/interface-view.ts';
import type { Traffic } from './question.ts';

/** Words of the array: a question and its answer take fewer, sources that will do take the rest. */
const wordCount = 1024;
/** Where a question has the sources that will do; before them what NativeSelector says. */
const sourcesAt = 12;
const mostSources = Math.floor((wordCount - sourcesAt - 1) / 4);

/** Behind each answer: which interfaces, addresses and rules it is by. */
const inventoryAt = 63;

/** What the library writes when the destination is no address. */
const noAddress = 0xffff_ffff;

export interface Question {
  /** Address text without zone. */
  readonly destination: string;
  readonly traffic: Traffic;
  /** Index of the interface that the socket is bound to; 0 for none. */
  readonly device: number;
}

export class Selector {
  readonly #words = new Uint32Array(wordCount);
  readonly #native: NativeSelector;
  readonly #context: UnpackerContext;

  readonly #readNames: () => InterfaceNames;
  #names: InterfaceNames = new Map();
  /** What `words` said of the inventory when the names were read. */
  #namesOf = 0;

  /** @param readNames - the names of the present interfaces. */
  constructor(create: (words: Uint32Array) => NativeSelector, readNames: () => InterfaceNames) {
    this.#native = create(this.#words);
    this.#readNames = readNames;
    this.#context = { interfaceName: (index) => this.#nameOf(index), now: 0 };
  }

  /** What connect(2) would decide. */
  connect(question: Question): Selection {
    this.#write(question);
    this.#native.select(question.destination);
    return this.#answer(question.destination);
  }

  /** What the kernel answers when it is asked for a route. */
  query(question: Question): Selection {
    this.#write(question);
    this.#native.query(question.destination);
    return this.#answer(question.destination);
  }

  /** What becomes of a socket that is held to the interface and to the best of these sources; of all that it has, if empty. */
  bind(question: Question, sources: readonly IpAddress[]): Selection {
    this.#write(question);
    const allowed = sources.slice(0, mostSources);
    this.#words[sourcesAt] = allowed.length;
    for (const [at, { groups }] of allowed.entries()) this.#words.set(groups, sourcesAt + 1 + 4 * at);
    this.#native.bind(question.destination);
    return this.#answer(question.destination);
  }

  /** In which order destinations should be tried: as packOrderQuestion asks, for unpackOrder to read. */
  sort(question: Uint32Array): Unpacker {
    return new Unpacker(this.#native.sort(question), this.#context);
  }

  #nameOf(index: number): string {
    const inventory = this.#words[inventoryAt] ?? 0;
    if (inventory !== this.#namesOf) {
      this.#names = this.#readNames();
      this.#namesOf = inventory;
    }
    return this.#names.get(index) ?? `if${index}`;
  }

  #write({ device, traffic }: Question): void {
    const words = this.#words;
    words[0] = device;
    words[1] = traffic.mark;
    words[2] = traffic.uid;
    words[3] = traffic.trafficClass;
    words[4] = traffic.protocol;
    words[5] = traffic.sourcePort;
    words[6] = traffic.destinationPort;
    words[7] = traffic.source?.family ?? 0;
    if (traffic.source !== undefined) words.set(traffic.source.groups, 8);
  }

  #answer(destination: string): Selection {
    if (this.#words[0] === noAddress)
      throw new RangeError(`the native library does not take ${destination} for an address`);
    return unpackSelection(new Unpacker(this.#words, this.#context));
  }
}
