// SPDX-License-Identifier: MIT
// Asks the native library where traffic would go. Numbers cross in one array; objects and strings are made here, because
// making them natively costs more than the selection.

import type { IpAddress } from '../address/ip-address.ts';
import {
  type Selection,
  type SelectionAccount,
  unpackSelection,
  unpackSelectionAccount,
} from '../binding/contract.gen.ts';
import { ask as askNatively, type NativeSelector, native } from '../binding/native.ts';
import { Unpacker, type UnpackerContext } from '../binding/unpacker.ts';
import type { InterfaceNames } from '../snapshot/interface-view.ts';
import { AnswerCache, type Known } from './answer-cache.ts';
import { ownUser, type Traffic } from './question.ts';
import type { Sources } from './sources.ts';

export type { Known };

/** Words of the array: a question and its answer take fewer, sources take the rest. */
const wordCount = 4096;
/** Where a question has the sources that will do; before them what NativeSelector says. */
const sourcesAt = 17;
/** Half of the rest are for those that will do, half for those that routers advertised. */
const sourceWords = Math.floor((wordCount - sourcesAt) / 2);

/** Where it has the destination as a number: family and groups. */
const destinationAt = 12;

/** Behind each answer: which interfaces, addresses and rules it is by. */
const inventoryAt = 63;

/** There too: whether any rule asks for the user. */
const mindsUserAt = 62;

/** What the library writes when the destination is no address. */
const noAddress = 0xffff_ffff;

export interface Question {
  /** Address text without zone. */
  readonly destination: string;
  readonly traffic: Traffic;
  /** Index of the interface that the socket is bound to; 0 for none. */
  readonly device: number;
}

/** About many destinations of a family at once. */
export interface ManyQuestion {
  readonly family: 4 | 6;
  readonly traffic: Traffic;
  /** As in Question. */
  readonly device: number;
}

export class Selector {
  readonly #words = new Uint32Array(wordCount);
  readonly #native: NativeSelector;
  readonly #context: UnpackerContext;
  readonly #answers: AnswerCache;

  readonly #readNames: () => InterfaceNames;
  #names: InterfaceNames = new Map();
  /** What `words` said of the inventory when the names were read. */
  #namesOf = 0;
  /** Whether the rules of the last answer did. */
  #mindsUser = false;

  /** @param readNames - the names of the present interfaces. */
  constructor(create: (words: Uint32Array) => NativeSelector, readNames: () => InterfaceNames) {
    this.#native = create(this.#words);
    this.#readNames = readNames;
    const interfaceName = (index: number) => this.#names.get(index) ?? this.#nameless(index);
    this.#context = { interfaceName, now: 0 };
    this.#answers = new AnswerCache(() => {
      this.#native.readAnswer();
      return unpackSelection(new Unpacker(this.#words, this.#context));
    });
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

  /** What becomes of a socket that is held to the interface and to the best of these sources. */
  bind(question: Question, sources: Sources): Selection {
    this.#write(question);
    this.#writeSources(sources);
    this.#native.bind(question.destination);
    return this.#answer(question.destination);
  }

  /** As connect(), but the kernel is asked. @throws MifError ERR_MIF_UNSUPPORTED, ERR_MIF_KERNEL */
  askConnect(question: Question): Selection {
    this.#write(question);
    askNatively(() => this.#native.askConnect(question.destination));
    return this.#answer(question.destination);
  }

  /** As bind(), but the kernel is asked for the way of the source that was chosen. @throws MifError as askConnect */
  askBind(question: Question, sources: Sources): Selection {
    this.#write(question);
    this.#writeSources(sources);
    askNatively(() => this.#native.askBind(question.destination));
    return this.#answer(question.destination);
  }

  /** As connect(), and what was looked at. */
  explain(question: Question): SelectionAccount {
    this.#write(question);
    return this.#account(question.destination, this.#native.explain(question.destination));
  }

  /** As bind(), and what was looked at. */
  explainBind(question: Question, sources: Sources): SelectionAccount {
    this.#write(question);
    this.#writeSources(sources);
    return this.#account(question.destination, this.#native.explainBind(question.destination));
  }

  /** In which order destinations should be tried: as packOrderQuestion asks, for unpackOrder to read. */
  sort(question: Uint32Array): Unpacker {
    const answer = this.#native.sort(question);
    this.#refreshNames();
    return new Unpacker(answer, this.#context);
  }

  /** As connect(), of an address as text and as numbers, for traffic of which nothing else is told. */
  connectPlainly(text: string, family: 4 | 6, a: number, b = 0, c = 0, d = 0): Known {
    const words = this.#words;
    // One by one: filling a range is a call of its own.
    words[0] = 0;
    words[1] = 0;
    words[2] = this.#mindsUser ? ownUser() : 0;
    words[3] = 0;
    words[4] = 0;
    words[5] = 0;
    words[6] = 0;
    words[7] = 0;
    words[destinationAt] = family;
    words[destinationAt + 1] = a;
    words[destinationAt + 2] = b;
    words[destinationAt + 3] = c;
    words[destinationAt + 4] = d;
    this.#native.select();
    const known = this.#read(text);
    // To ask who we are costs as much as the selection, and hardly any host has rules that want to know.
    const mindedUser = this.#mindsUser;
    this.#mindsUser = words[mindsUserAt] === 1;
    return this.#mindsUser && !mindedUser ? this.connectPlainly(text, family, a, b, c, d) : known;
  }

  /**
   * As connect() for many destinations of a family, packed.
   * @param rows - gets for each destination which of the answers it has; one for each.
   */
  connectMany(destinations: Uint8Array, question: ManyQuestion, rows: Uint32Array): Selection[] {
    this.#writeMany(question);
    return this.#readMany(this.#native.selectMany(destinations, rows));
  }

  /** As bind(), likewise. */
  bindMany(destinations: Uint8Array, question: ManyQuestion, sources: Sources, rows: Uint32Array): Selection[] {
    this.#writeMany(question);
    this.#writeSources(sources);
    return this.#readMany(this.#native.bindMany(destinations, rows));
  }

  #refreshNames(): void {
    const inventory = this.#words[inventoryAt] ?? 0;
    if (inventory === this.#namesOf) return;
    this.#names = this.#readNames();
    this.#namesOf = inventory;
    this.#answers.clear();
  }

  /** Of an interface that the tables have and the snapshot does not have yet: the next answer reads names again. */
  #nameless(index: number): string {
    this.#namesOf = -1;
    return `if${index}`;
  }

  #writeSources({ allowed, advertised }: Sources): void {
    const own = allowed.slice(0, Math.floor((sourceWords - 1) / 4));
    const pairs = advertised.slice(0, Math.floor((sourceWords - 1) / 8));
    let at = sourcesAt;
    const write = ({ groups }: IpAddress) => {
      this.#words.set(groups, at);
      at += 4;
    };
    this.#words[at++] = own.length;
    for (const source of own) write(source);
    this.#words[at++] = pairs.length;
    for (const { source, router } of pairs) {
      write(source);
      write(router);
    }
  }

  #writeMany({ family, traffic, device }: ManyQuestion): void {
    this.#write({ traffic, device });
    this.#words[destinationAt] = family;
  }

  #readMany(packed: Uint32Array | undefined): Selection[] {
    if (packed === undefined) throw new RangeError('the native library takes the rows for unfit');
    this.#refreshNames();
    const unpacker = new Unpacker(packed, this.#context);
    const answers: Selection[] = [];
    while (unpacker.remaining > 0) answers.push(unpackSelection(unpacker));
    return answers;
  }

  #write({ device, traffic }: Pick<Question, 'device' | 'traffic'>): void {
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
    words[destinationAt] = 0;
  }

  #account(destination: string, words: Uint32Array | undefined): SelectionAccount {
    if (words === undefined) throw notAnAddress(destination);
    this.#refreshNames();
    return unpackSelectionAccount(new Unpacker(words, { ...this.#context, now: native().now() }));
  }

  #answer(destination: string): Selection {
    return this.#read(destination).selection;
  }

  #read(destination: string): Known {
    const words = this.#words;
    const slot = words[0]!;
    if (slot === noAddress) throw notAnAddress(destination);
    this.#refreshNames();
    return this.#answers.find(slot, words[1]!, words[2]!);
  }
}

function notAnAddress(destination: string): RangeError {
  return new RangeError(`the native library does not take ${destination} for an address`);
}
