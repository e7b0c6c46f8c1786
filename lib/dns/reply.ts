// SPDX-License-Identifier: MIT
// What comes back: whether it answers a question at all, and its records. Takes nothing that is told on trust: every length is
// checked, records are cut out by their own lengths, and only those that were asked for are decoded.

import { formatIpv4 } from '../address/ip-address.ts';
import { codec } from './codec.ts';
import { headerLength, isLetter, type Query } from './query.ts';
import { type DnsRecord, type RecordType, recordTypes } from './record.ts';
import { ipv6Of, readServiceBinding } from './service-binding.ts';

/** Why a message is no answer to a question. */
export type ReplyFault = 'malformed' | 'id' | 'question' | 'case';

/** @returns undefined for an answer to this very question */
export function faultOf(query: Query, message: Buffer): ReplyFault | undefined {
  if (message.length < headerLength) return 'malformed';
  if (message.readUInt16BE(0) !== query.id) return 'id';
  const flags = message.readUInt16BE(2);
  // A response, to an ordinary query.
  if ((flags & 0xf800) !== 0x8000) return 'malformed';
  if (message.readUInt16BE(4) !== 1 || message.length < query.questionEnd) return 'question';
  if (message.compare(query.message, headerLength, query.questionEnd, headerLength, query.questionEnd) === 0) {
    return undefined;
  }
  return isSameButForCase(query, message) ? 'case' : 'question';
}

function isSameButForCase({ message: asked, questionEnd }: Query, message: Buffer): boolean {
  for (let at = headerLength; at < questionEnd; at++) {
    const difference = asked[at]! ^ message[at]!;
    if (difference !== 0 && !(difference === 0x20 && isLetter(asked[at]!))) return false;
  }
  return true;
}

/** What a reply says, as far as it was asked. */
export interface Reply {
  /** With the upper bits that EDNS has. */
  readonly rcode: number;
  /** There is more than a datagram may have. */
  readonly truncated: boolean;
  /** Of the asked type or an alias; whose they are, is looked at by who follows the chain. */
  readonly answers: readonly DnsRecord[];
  /** Bytes of the message. */
  readonly size: number;
  /** For how long it may be believed that there is nothing (RFC 2308 section 5); absent where nobody said. */
  readonly negativeTtl: number | undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const smallestRecord = 11;
const optType = 41;
const internet = 1;

/**
 * @param message - of which faultOf said that it is an answer.
 * @throws RangeError when it is malformed
 */
export function readReply(query: Query, message: Buffer): Reply {
  const flags = message.readUInt16BE(2);
  const truncated = (flags & 0x0200) !== 0;
  const answers: DnsRecord[] = [];
  const reply: Writable<Reply> = {
    rcode: flags & 15,
    truncated,
    answers,
    size: message.length,
    negativeTtl: undefined,
  };
  // The rest comes by another way.
  if (truncated) return reply;
  const counts = [message.readUInt16BE(6), message.readUInt16BE(8), message.readUInt16BE(10)] as const;
  const total = counts[0] + counts[1] + counts[2];
  if (total * smallestRecord > message.length - query.questionEnd) throw malformed('it has fewer records than it says');
  const wanted = new Set<number>([recordTypes[query.type], recordTypes.CNAME]);
  let at = query.questionEnd;
  for (let count = 0; count < total; count++) {
    const fixed = skipName(message, at);
    if (fixed + 10 > message.length) throw malformed('a record is cut');
    const type = message.readUInt16BE(fixed);
    const end = fixed + 10 + message.readUInt16BE(fixed + 8);
    if (end > message.length) throw malformed('a record is cut');
    if (type === optType) reply.rcode |= message[fixed + 4]! << 4;
    else if (message.readUInt16BE(fixed + 2) === internet) {
      if (count < counts[0]) {
        if (wanted.has(type)) answers.push(readRecord(message, { at, fixed, end, type }));
      } else if (type === recordTypes.SOA && count < counts[0] + counts[1]) {
        const ttl = ttlAt(message, fixed);
        if (end - fixed < 10 + 22) throw malformed('its SOA is cut');
        reply.negativeTtl = Math.min(ttl, reply.negativeTtl ?? ttl, message.readUInt32BE(end - 4));
      }
    }
    at = end;
  }
  return reply;
}

/** Where a record is in its message: its name, what follows that, its end. */
interface Place {
  readonly at: number;
  readonly fixed: number;
  readonly end: number;
  readonly type: number;
}

const typeNames: ReadonlyMap<number, RecordType> = new Map(
  Object.entries(recordTypes).map(([name, number]) => [number, name as RecordType]),
);

function readRecord(message: Buffer, place: Place): DnsRecord {
  const { fixed, at } = place;
  const type = typeNames.get(place.type)!;
  const ttl = ttlAt(message, fixed);
  return { name: nameAt(message, at), type, ttl, data: readData(message, place, type) } as DnsRecord;
}

function readData(message: Buffer, { at, fixed, end }: Place, type: RecordType): unknown {
  const start = fixed + 10;
  if (type === 'A') {
    if (end - start !== 4) throw malformed('an address has not 4 bytes');
    return formatIpv4(message.readUInt32BE(start));
  }
  if (type === 'AAAA') {
    if (end - start !== 16) throw malformed('an address has not 16 bytes');
    return ipv6Of(message.subarray(start, end));
  }
  if (type === 'SVCB' || type === 'HTTPS') return readServiceBinding(message.subarray(start, end));
  if (type === 'CNAME' || type === 'NS' || type === 'PTR') {
    if (skipName(message, start) !== end) throw malformed('a name is not as long as its record');
    return nameAt(message, start);
  }
  if (type === 'TXT') return readStrings(message, start, end);
  // Cut off behind the record: its data must not be read from what follows.
  const { decode } = codec().answer;
  const data = decoded(() => decode(message.subarray(0, end), at).data);
  if (at + decode.bytes !== end) throw malformed(`a ${type} record is not as long as it says`);
  return lowerNames(data);
}

/** Names inside of data are compared and asked for, so they look like all others. */
function lowerNames(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Buffer.isBuffer(data)) return data;
  const lowered = { ...data } as Record<string, unknown>;
  for (const field of ['exchange', 'target', 'mname', 'rname', 'replacement']) {
    if (typeof lowered[field] === 'string') lowered[field] = lowered[field].toLowerCase();
  }
  return lowered;
}

function readStrings(message: Buffer, start: number, end: number): string[] {
  const strings: string[] = [];
  for (let at = start; at < end; at += 1 + message[at]!) {
    if (at + 1 + message[at]! > end) throw malformed('a text is cut');
    strings.push(message.toString('utf8', at + 1, at + 1 + message[at]!));
  }
  return strings;
}

/** The codec follows pointers only backwards, and no further than a name may be long. */
function nameAt(message: Buffer, at: number): string {
  return decoded(() => codec().name.decode(message, at)).toLowerCase();
}

/** What the codec refuses, it refuses with errors of any kind. */
function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

/** Where what follows a name begins. */
function skipName(message: Buffer, from: number): number {
  for (let at = from; at < message.length; ) {
    const length = message[at]!;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    if (length > 63) break;
    at += length + 1;
  }
  throw malformed('a name is cut');
}

/** With the highest bit set it means none (RFC 2181 section 8). */
function ttlAt(message: Buffer, fixed: number): number {
  const ttl = message.readUInt32BE(fixed + 4);
  return ttl > 0x7fffffff ? 0 : ttl;
}

function malformed(why: string): RangeError {
  return new RangeError(`malformed reply: ${why}`);
}
