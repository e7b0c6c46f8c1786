// SPDX-License-Identifier: MIT
// The source in memory: what the program itself says of the networks of a host, and what tests say. Nothing is read, nothing
// is listened to; it holds until it is taken back or the host ends.

import { parseIpAddress } from '../address/ip-address.ts';
import { parsePrefix } from '../address/prefix.ts';
import { MifError } from '../binding/mif-error.ts';
import type { PolicyRecord, PvdRecord } from '../pvd/record.ts';
import { isProperId } from '../pvd/reference.ts';
import type { RecordSource, SourceContext, SourceState } from '../pvd/source.ts';

/** What a program knows of a network that the network does not say: a domain of its own, or more about others (PVD-17). */
export interface PvdPolicy {
  /** Name or id of the interface that it is about, also one that is not there yet; default: all. */
  interface?: string;
  /**
   * Makes a domain of that id. With `prefixes` of the addresses in them, whoever had them; without, of the addresses of the
   * interface that no router claims, as those of a VPN are.
   */
  defines?: string;
  /** Ids or providers of the domains that the rest is about; default: the one it defines, or else all of the interface. */
  extends?: string | readonly string[];
  /** Addresses or prefixes: `fd01::/64`. Of use with `defines`. */
  prefixes?: readonly string[];
  /** Addresses of DNS servers; they come before those of the network (DNS-16). */
  resolvers?: readonly string[];
  searchDomains?: readonly string[];
  /** Domains that the servers are to be asked for, with nothing appended to names. */
  zones?: readonly string[];
  /** Words for what it is meant for: `{ category: 'voice' }` selects it. */
  categories?: readonly string[];
  metered?: boolean;
  /** Its id may be believed: on several interfaces it is one domain (PVD-08). */
  trusted?: boolean;
  /** Nobody is to see or use it (PVD-40). */
  hidden?: boolean;
}

interface Entry {
  readonly name: string | undefined;
  /** Undefined while there is no such interface. */
  record: PvdRecord | undefined;
  readonly make: (interfaceId: string | undefined) => PvdRecord;
}

export class ToldSource implements RecordSource {
  readonly origin = 'policy';
  readonly state: SourceState = { state: 'working' };
  readonly nextDeadline = undefined;
  readonly #context: Pick<SourceContext, 'interfaceAt' | 'interfaceNamed' | 'onChange'>;
  readonly #entries = new Set<Entry>();
  #byInterface: ReadonlyMap<string | undefined, readonly PvdRecord[]> = new Map();
  readonly #changed = new Set<string | undefined>();
  #count = 0;

  constructor(context: Pick<SourceContext, 'interfaceAt' | 'interfaceNamed' | 'onChange'>) {
    this.#context = context;
  }

  /**
   * Says something until the returned function is called.
   * @throws MifError ERR_MIF_INVALID_ARG
   */
  tell(policy: PvdPolicy): () => void {
    checkPolicy(policy);
    // Copied: what is changed later by whoever said it was not said.
    const said = structuredClone(policy);
    const key = String(++this.#count);
    return this.#put({ name: said.interface, record: undefined, make: (id) => policyRecord(said, key, id) });
  }

  /** Says a record as it is, until the returned function is called. */
  put(record: PvdRecord): () => void {
    return this.#put({ name: undefined, record: undefined, make: () => record });
  }

  takeChanged(): Iterable<string | undefined> {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  records(interfaceId: string | undefined): readonly PvdRecord[] {
    return this.#byInterface.get(interfaceId) ?? none;
  }

  followInterfaces(): void {
    let isMoved = false;
    for (const entry of this.#entries) {
      if (entry.name !== undefined && this.#place(entry)) isMoved = true;
    }
    if (isMoved) this.#arrange();
  }

  expire(): void {}

  close(): void {
    this.#entries.clear();
    this.#arrange();
  }

  #put(entry: Entry): () => void {
    this.#entries.add(entry);
    if (this.#place(entry)) this.#arrange();
    this.#context.onChange();
    return () => {
      if (!this.#entries.delete(entry)) return;
      if (entry.record === undefined) return;
      this.#changed.add(entry.record.interfaceId);
      this.#arrange();
      this.#context.onChange();
    };
  }

  /** Finds the interface of an entry. Whether that is another one now. */
  #place(entry: Entry): boolean {
    const { name, record } = entry;
    const link = name === undefined ? undefined : this.#find(name);
    if (name !== undefined && link === undefined) entry.record = undefined;
    else if (record === undefined || (name !== undefined && record.interfaceId !== link?.id)) {
      entry.record = entry.make(link?.id);
    }
    if (entry.record === record) return false;
    for (const each of [record, entry.record]) if (each !== undefined) this.#changed.add(each.interfaceId);
    return true;
  }

  #find(name: string) {
    const [, index] = /^if:(\d+)\.\d+$/.exec(name) ?? [];
    if (index === undefined) return this.#context.interfaceNamed(name);
    const link = this.#context.interfaceAt(Number(index));
    return link?.id === name ? link : undefined;
  }

  #arrange(): void {
    const byInterface = new Map<string | undefined, PvdRecord[]>();
    for (const { record } of this.#entries) {
      if (record === undefined) continue;
      const records = byInterface.get(record.interfaceId);
      if (records === undefined) byInterface.set(record.interfaceId, [record]);
      else records.push(record);
    }
    this.#byInterface = byInterface;
  }
}

const none: readonly PvdRecord[] = [];

function policyRecord(policy: PvdPolicy, key: string, interfaceId: string | undefined): PolicyRecord {
  const { defines, extends: names, prefixes, metered, trusted, hidden } = policy;
  return {
    type: 'policy',
    origin: 'policy',
    key,
    interfaceId,
    defines,
    extends: typeof names === 'string' ? [names] : names,
    prefixes,
    resolvers: policy.resolvers ?? [],
    searchDomains: policy.searchDomains ?? [],
    routingDomains: policy.zones ?? [],
    categories: policy.categories ?? [],
    metered,
    trusted,
    hidden,
  };
}

interface Field {
  readonly expected: string;
  isRight(value: unknown): boolean;
}

const isWord = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 255;
const isAddress = (value: unknown) => isWord(value) && parseIpAddress(value) !== undefined;
const word: Field = { expected: 'a word', isRight: isWord };
const flag: Field = { expected: 'true or false', isRight: (value) => typeof value === 'boolean' };

function list(expected: string, isRight: (value: unknown) => boolean): Field {
  return {
    expected: `an array of ${expected}`,
    // Not every(), which leaves out holes.
    isRight: (value) => Array.isArray(value) && Array.from(value).every(isRight),
  };
}

const words = list('words', isWord);

const fields: Readonly<Record<keyof PvdPolicy, Field>> = {
  interface: word,
  defines: {
    expected: 'a word without slash and colon, at most 128 characters, and none of those that are reserved',
    isRight: (value) => isWord(value) && value.length <= 128 && isProperId(value),
  },
  extends: { expected: 'a word or an array of words', isRight: (value) => isWord(value) || words.isRight(value) },
  prefixes: list('addresses and prefixes', (value) => isAddress(value) || (isWord(value) && isPrefix(value))),
  resolvers: list('addresses', isAddress),
  searchDomains: words,
  zones: words,
  categories: words,
  metered: flag,
  trusted: flag,
  hidden: flag,
};

function isPrefix(value: string): boolean {
  return value.includes('/') && parsePrefix(value) !== undefined;
}

/** @throws MifError ERR_MIF_INVALID_ARG: a condition that was misspelt would hide or trust what nobody meant. */
function checkPolicy(policy: unknown): asserts policy is PvdPolicy {
  const wrong = (what: string) => new MifError('ERR_MIF_INVALID_ARG', `cannot take this policy: ${what}`);
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) throw wrong('it is no object');
  for (const [name, value] of Object.entries(policy)) {
    if (!Object.hasOwn(fields, name)) {
      throw wrong(`${name} is no field of one; there are ${Object.keys(fields).join(', ')}`);
    }
    const { expected, isRight } = fields[name as keyof PvdPolicy];
    if (value !== undefined && !isRight(value)) throw wrong(`${name} is not ${expected}`);
  }
  const { interface: name, defines, prefixes } = policy as PvdPolicy;
  if (defines !== undefined && name === undefined && prefixes === undefined) {
    throw wrong('a domain of all interfaces is made of prefixes, and there are none');
  }
}
