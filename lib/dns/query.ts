// SPDX-License-Identifier: MIT
// One question as it goes out, with what makes its answer hard to forge: a random id, and letters in random case (0x20), on top
// of the port that the kernel chooses at random for its socket (SEC-19).

import { codec } from './codec.ts';
import { type RecordType, recordTypes } from './record.ts';

export interface Query {
  readonly id: number;
  readonly name: string;
  readonly type: RecordType;
  readonly message: Buffer;
  /** Where its question ends in `message`, which it begins at byte 12 of. */
  readonly questionEnd: number;
}

/** What datagrams may be answered with: fits every path (RFC 9715). */
const datagramSize = 1232;
const recursionDesired = 0x0100;
export const headerLength = 12;

export function makeQuery(name: string, type: RecordType): Query {
  const random = randomBytes();
  const id = random.readUInt16BE(0);
  const message = codec().encode({
    type: 'query',
    id,
    flags: recursionDesired,
    questions: [{ name, type: codedType(type), class: 'IN' }],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize: datagramSize, flags: 0, options: [] }],
  });
  const nameEnd = headerLength + (name === '.' ? 1 : name.length + 2);
  mixCase(message, nameEnd, random);
  return { id, name, type, message, questionEnd: nameEnd + 4 };
}

/** Types that the codec has no name for go by number. */
function codedType(type: RecordType): string {
  return type === 'SVCB' || type === 'HTTPS' ? `UNKNOWN_${recordTypes[type]}` : type;
}

/** Lengths of labels are less than any letter, so what looks like a letter is one. */
function mixCase(message: Buffer, end: number, random: Buffer): void {
  for (let at = headerLength; at < end; at++) {
    const bit = at - headerLength;
    if (!isLetter(message[at]!) || ((random[2 + (bit >>> 3)]! >>> (bit & 7)) & 1) === 0) continue;
    message[at]! ^= 0x20;
  }
}

export function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Two bytes for the id, a bit for each of a name. */
const bytesPerQuery = 2 + 32;
const pool = Buffer.alloc(bytesPerQuery * 64);
let used = pool.length;

/** Asking for a few bytes takes as long as asking for many. None is used twice. */
function randomBytes(): Buffer {
  if (used === pool.length) {
    globalThis.crypto.getRandomValues(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + bytesPerQuery);
  used += bytesPerQuery;
  return bytes;
}
