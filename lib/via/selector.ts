// SPDX-License-Identifier: MIT
// A selector as a user writes it, read into conditions. Everything wrong is refused by the name of its field: a condition that
// was misspelt and ignored would let traffic through that it was written against. Pure; matching is in ranking.ts.

import { formatIpAddress, parseIpAddress } from '../address/ip-address.ts';
import { parsePrefix } from '../address/prefix.ts';
import { MifError } from '../binding/mif-error.ts';
import { foldName } from '../pvd/reference.ts';
import type { Fact, PropertyName } from './facts.ts';

/** Properties of a network; of a list of values any one will do. */
export interface ViaProperties {
  /** Name, alternative name, id (`if:3.1`) or index. */
  interface?: string | number | readonly (string | number)[];
  /** Id or handle of a provisioning domain; `default` for the system's default one, `null` for none. */
  pvd?: string | readonly string[];
  /** Driver kind such as `veth` or `wireguard`, hardware type of hardware; `wifi` and `ethernet` for short. */
  kind?: string | readonly string[];
  /** It has a usable address of that family. */
  family?: 4 | 6 | readonly (4 | 6)[];
  /** It has a usable address that is this one, or in this prefix. */
  source?: string | readonly string[];
  metered?: boolean;
  vpn?: boolean;
  validated?: boolean;
  /** Words for what it is meant for, such as `voice`. */
  category?: string | readonly string[];
}

/** What can be required besides: not of a network, but of the socket. */
export interface ViaRequirements extends ViaProperties {
  /** Firewall mark of the socket (SO_MARK), 0 to 2^32 - 1. */
  mark?: number;
  /** Namespace; it must be the host's own. */
  netns?: string | number;
}

/** Conditions on networks by preference level (RFC 9622 section 6.2). Properties outside a level are required. */
export interface ViaSelector extends ViaRequirements {
  /** Must hold. */
  require?: ViaRequirements;
  /** Networks for which more of it holds come first. */
  prefer?: ViaProperties;
  /** Among equally preferred networks, those for which more of it holds come last. */
  avoid?: ViaProperties;
  /** Must not hold. */
  prohibit?: ViaProperties;
}

/** That a property is one of several values. */
export interface Condition {
  readonly property: PropertyName;
  readonly values: readonly Fact[];
}

/** A selector as it was understood. */
export interface Conditions {
  readonly require: readonly Condition[];
  readonly prefer: readonly Condition[];
  readonly avoid: readonly Condition[];
  readonly prohibit: readonly Condition[];
  readonly mark?: number | undefined;
  readonly netns?: string | number | undefined;
}

type Level = 'require' | 'prefer' | 'avoid' | 'prohibit';

const levels: ReadonlySet<string> = new Set<Level>(['require', 'prefer', 'avoid', 'prohibit']);

interface PropertyReader {
  /** In the words of an error: it is not … */
  readonly expected: string;
  readonly isList: boolean;
  /** The value in its one form; undefined for what is none. */
  read(value: unknown): Fact | undefined;
}

const word: PropertyReader = {
  expected: 'a word',
  isList: true,
  read: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
};
const flag: PropertyReader = {
  expected: 'true or false',
  isList: false,
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** Words that people use for what Linux calls otherwise (`wlan`: net/wireless/core.c). */
const commonKinds: Readonly<Record<string, string>> = { wifi: 'wlan', ethernet: 'ether' };

const properties: Readonly<Record<PropertyName, PropertyReader>> = {
  interface: {
    expected: 'a name, an id or an index',
    isList: true,
    read: (value) => (isIndex(value) ? value : word.read(value)),
  },
  pvd: {
    ...word,
    expected: 'an id or a handle',
    // Ids that networks gave are names of DNS (PVD-22).
    read: (value) => {
      const id = word.read(value);
      return typeof id === 'string' && !id.includes('/') ? foldName(id) : id;
    },
  },
  kind: {
    ...word,
    read: (value) =>
      typeof value === 'string' && Object.hasOwn(commonKinds, value) ? commonKinds[value] : word.read(value),
  },
  family: { expected: '4 or 6', isList: true, read: (value) => (value === 4 || value === 6 ? value : undefined) },
  source: { expected: 'an address or a prefix, without zone', isList: true, read: readSource },
  metered: flag,
  vpn: flag,
  validated: flag,
  category: word,
};

/** What is no property of a network, but of the socket or of the host. */
const ofSocket: Readonly<Record<'mark' | 'netns', PropertyReader>> = {
  mark: {
    expected: 'a whole number from 0 to 4294967295',
    isList: false,
    read: (value) =>
      Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32 ? Number(value) : undefined,
  },
  netns: {
    expected: 'a name, a path or a process id',
    isList: false,
    read: (value) => (isIndex(value) ? value : word.read(value)),
  },
};

/**
 * @param label - what to call it: `via`, or `via[2]` in a list.
 * @throws MifError ERR_MIF_INVALID_ARG, naming the field
 */
export function readSelector(selector: object, label: string): Conditions {
  requirePlain(selector, label);
  const read: Record<Level, Condition[]> = { require: [], prefer: [], avoid: [], prohibit: [] };
  const socket: { mark?: number; netns?: string | number } = {};
  const readField = (level: Level, name: string, value: unknown, field: string) => {
    if (Object.hasOwn(properties, name)) {
      const property = name as PropertyName;
      read[level].push({ property, values: readValues(properties[property], value, field) });
    } else if (Object.hasOwn(ofSocket, name)) {
      if (level !== 'require') throw invalid(field, `${name} can only be required`);
      const [one] = readValues(ofSocket[name as 'mark' | 'netns'], value, field);
      const other = socket[name as 'mark' | 'netns'];
      if (other !== undefined && other !== one) throw invalid(field, `${one} is required, and ${other} as well`);
      Object.assign(socket, { [name]: one });
    } else {
      throw invalid(
        field,
        `a selector has no such property; it has ${[...Object.keys(properties), ...Object.keys(ofSocket)].join(', ')}`,
      );
    }
  };

  for (const [name, value] of Object.entries(selector)) {
    if (!levels.has(name)) {
      readField('require', name, value, `${label}.${name}`);
      continue;
    }
    requirePlain(value, `${label}.${name}`);
    for (const [inner, each] of Object.entries(value as object)) {
      readField(name as Level, inner, each, `${label}.${name}.${inner}`);
    }
  }
  refuseContradiction(read, label);
  return { ...read, ...socket };
}

/** Nothing can be required and prohibited: such a selector would never match, which nobody means. */
function refuseContradiction({ require, prohibit }: Pick<Conditions, 'require' | 'prohibit'>, label: string): void {
  for (const { property, values } of require) {
    const refused = prohibit.filter((other) => other.property === property).flatMap((other) => other.values);
    if (values.every((value) => refused.includes(value))) {
      throw invalid(`${label}.prohibit.${property}`, `${values.join(' or ')} is required as well`);
    }
  }
}

function readValues({ expected, isList, read }: PropertyReader, value: unknown, field: string): Fact[] {
  if (Array.isArray(value) && isList) {
    if (value.length === 0) throw invalid(field, 'an empty list names nothing');
    // Not map, which leaves out holes.
    return Array.from(value, (each, at) => readValue(read(each), each, `${field}[${at}]`, expected));
  }
  return [readValue(read(value), value, field, expected)];
}

function readValue(read: Fact | undefined, value: unknown, field: string, expected: string): Fact {
  if (read === undefined) throw invalid(field, `${shown(value)} is not ${expected}`);
  return read;
}

function readSource(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const address = parseIpAddress(value);
  if (address !== undefined) return address.zone === undefined ? formatIpAddress(address) : undefined;
  return parsePrefix(value) === undefined ? undefined : value;
}

/** An object whose fields are its own: of a Map, a Date or a proxy of something else none would be seen, and all would match. */
function requirePlain(value: unknown, field: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    // Not Object.prototype itself: there is one in each realm.
    if (prototype === null || Object.getPrototypeOf(prototype) === null) return;
  }
  throw invalid(field, `${shown(value)} is not an object with properties of a network`);
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function invalid(field: string, why: string): MifError {
  return new MifError('ERR_MIF_INVALID_ARG', `option ${field}: ${why}`);
}
