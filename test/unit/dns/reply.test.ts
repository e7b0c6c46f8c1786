// SPDX-License-Identifier: MIT
// The reader of replies against everything that may come: right ones of each type, and wrong ones, by the hundred thousand.

import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { makeQuery } from '../../../lib/dns/query.ts';
import type { RecordType } from '../../../lib/dns/record.ts';
import { faultOf, readReply } from '../../../lib/dns/reply.ts';
import { Random } from '../../lab/random.ts';

const packet = createRequire(import.meta.url)('dns-packet');
const name = 'host.example.com';

/** A reply to a query with records of given bytes. */
function replyTo(
  query: ReturnType<typeof makeQuery>,
  records: readonly Buffer[],
  { authorities = 0, flags = 0x8180 }: { authorities?: number; flags?: number } = {},
): Buffer {
  const head = Buffer.from(query.message.subarray(0, query.questionEnd));
  head.writeUInt16BE(flags, 2);
  head.writeUInt16BE(records.length - authorities, 6);
  head.writeUInt16BE(authorities, 8);
  head.writeUInt16BE(0, 10);
  return Buffer.concat([head, ...records]);
}

/** A record of the name that was asked for. */
function record(type: number, data: Buffer, { owner = Buffer.from([0xc0, 12]), ttl = 60 } = {}): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
}

function read(type: RecordType, records: readonly Buffer[]) {
  const query = makeQuery(name, type);
  const message = replyTo(query, records);
  expect(faultOf(query, message)).toBe(undefined);
  return readReply(query, message);
}

describe('records', () => {
  const written: readonly [type: RecordType, data: unknown, read?: unknown][] = [
    ['A', '192.0.2.1'],
    ['AAAA', '2001:db8::1'],
    ['CNAME', 'other.example.com'],
    ['NS', 'NS.example.com', 'ns.example.com'],
    ['PTR', 'host.example.com'],
    ['MX', { preference: 10, exchange: 'mail.example.com' }],
    ['TXT', ['a', 'b c'], ['a', 'b c']],
    ['SRV', { priority: 1, weight: 2, port: 443, target: 'srv.example.com' }],
    ['CAA', { flags: 0, tag: 'issue', value: 'ca.example.net' }],
    ['TLSA', { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('00ff', 'hex') }],
    ['SOA', { mname: 'ns.x', rname: 'root.x', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 }],
  ];

  it.each(written)('%s', (type: RecordType, data: unknown, expected: unknown = data) => {
    const query = makeQuery(name, type);
    const message: Buffer = packet.encode({
      type: 'response',
      id: query.id,
      questions: [{ name, type, class: 'IN' }],
      answers: [{ name: name.toUpperCase(), type, ttl: 60, data }],
    });
    query.message.copy(message, 12, 12, query.questionEnd);
    const { answers } = readReply(query, message);
    expect(answers).toHaveLength(1);
    const [answer] = answers;
    expect(answer).toMatchObject({ name, type, ttl: 60 });
    if (typeof expected === 'object') expect(answer!.data).toMatchObject(expected as object);
    else expect(answer!.data).toBe(expected);
  });

  it('HTTPS and SVCB, with the parameters that RFC 9460 names', () => {
    const data = Buffer.concat([
      Buffer.from([0, 1, 3, 0x46, 0x6f, 0x6f, 0]),
      Buffer.from([0, 1, 0, 6, 2, 0x68, 0x32, 2, 0x68, 0x33]),
      Buffer.from([0, 3, 0, 2, 0x20, 0xfb]),
      Buffer.from([0, 4, 0, 8, 192, 0, 2, 1, 192, 0, 2, 2]),
      Buffer.from([0, 6, 0, 16, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
      Buffer.from([2, 0x9b, 0, 1, 7]),
    ]);
    for (const [type, number] of [
      ['HTTPS', 65],
      ['SVCB', 64],
    ] as const) {
      expect(read(type, [record(number, data)]).answers[0]!.data).toEqual({
        priority: 1,
        target: 'foo',
        params: {
          alpn: ['h2', 'h3'],
          port: 8443,
          ipv4hint: ['192.0.2.1', '192.0.2.2'],
          ipv6hint: ['2001:db8::1'],
          others: { key667: Buffer.from([7]) },
        },
      });
    }
  });

  it.each([
    ['parameters out of order', [0, 1, 0, 0, 3, 0, 2, 0, 80, 0, 1, 0, 3, 2, 0x68, 0x32]],
    ['a parameter that is cut', [0, 1, 0, 0, 3, 0, 2, 0]],
    ['a port of one byte', [0, 1, 0, 0, 3, 0, 1, 80]],
    ['addresses that are cut', [0, 1, 0, 0, 4, 0, 3, 1, 2, 3]],
    ['a target without end', [0, 1, 63, 1]],
  ])('service bindings with %s are refused', (_, bytes) => {
    expect(() => read('HTTPS', [record(65, Buffer.from(bytes))])).toThrow(RangeError);
  });
});

describe('hostile replies (SEC-19)', () => {
  it.each([
    ['an owner that points to itself', [record(1, Buffer.alloc(4), { owner: Buffer.from([0xc0, 34]) })]],
    ['a name that points forward', [record(5, Buffer.from([0xc0, 0xff])), record(5, Buffer.from([0xc0, 46]))]],
    ['a pointer into its own middle', [record(5, Buffer.from([1, 0x61, 0xc0, 46]))]],
    ['a label of a reserved kind', [record(5, Buffer.from([0x80, 1, 0]))]],
    ['an address of five bytes', [record(1, Buffer.alloc(5))]],
    ['a name that is shorter than its record', [record(5, Buffer.from([0, 0]))]],
  ])('%s', (_, records) => {
    expect(() => read('A', records)).toThrow(RangeError);
  });

  it('a chain of pointers makes no name longer than 255 bytes', () => {
    // Each name is a label and a pointer to the one before it, so that the last would have 300 labels.
    const query = makeQuery(name, 'CNAME');
    const records: Buffer[] = [];
    let last = 12;
    let at = query.questionEnd;
    for (let count = 0; count < 300; count++) {
      const data = Buffer.from([1, 0x61, 0xc0 | (last >> 8), last & 255]);
      last = at + 12;
      records.push(record(5, data));
      at += 16;
    }
    expect(() => readReply(query, replyTo(query, records))).toThrow('name too long');
  });

  it('counts that promise more records than there is room for are refused at once', () => {
    const query = makeQuery(name, 'A');
    const message = replyTo(query, [record(1, Buffer.from([192, 0, 2, 1]))]);
    message.writeUInt16BE(0xffff, 6);
    expect(() => readReply(query, message)).toThrow('fewer records');
  });

  it('64 KiB of the smallest records, and of the longest names, are read in no time', () => {
    const query = makeQuery(name, 'CNAME');
    const small = Array.from({ length: 5_900 }, () => record(16, Buffer.alloc(0), { owner: Buffer.from([0]) }));
    // One name of 250 bytes, and pointers to it in all others.
    const long = record(
      5,
      Buffer.concat([...Array.from({ length: 4 }, () => Buffer.from(`\x3d${'a'.repeat(61)}`)), Buffer.from([0])]),
    );
    const target = query.questionEnd + 12;
    const pointers = Array.from({ length: 4_500 }, () => record(5, Buffer.from([0xc0 | (target >> 8), target & 255])));
    const started = performance.now();
    expect(readReply(query, replyTo(query, small)).answers).toHaveLength(0);
    expect(readReply(query, replyTo(query, [long, ...pointers])).answers).toHaveLength(4_501);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('none of 200,000 mutations of replies is more than refused', () => {
    const chance = new Random(20_261_122);
    const random = (end: number) => chance.below(end);
    const types: readonly RecordType[] = [
      'A',
      'AAAA',
      'MX',
      'SRV',
      'TXT',
      'NAPTR',
      'DS',
      'DNSKEY',
      'SSHFP',
      'TLSA',
      'CAA',
      'SOA',
      'HTTPS',
    ];
    const numbers = [1, 28, 15, 33, 16, 35, 43, 48, 44, 52, 257, 6, 65, 5, 41];
    let refused = 0;
    let accepted = 0;
    for (let trial = 0; trial < 200_000; trial++) {
      const query = makeQuery(name, types[random(types.length)]!);
      const count = random(4) + 1;
      const records = Array.from({ length: count }, () =>
        record(
          numbers[random(numbers.length)]!,
          Buffer.from(Array.from({ length: random(24) }, () => random(random(2) ? 256 : 4))),
        ),
      );
      const message = replyTo(query, records, { authorities: random(2) });
      for (let flips = random(4); flips > 0; flips--) message[2 + random(message.length - 2)] = random(256);
      const cut = random(3) === 0 ? message.subarray(0, random(message.length)) : message;
      if (faultOf(query, cut) !== undefined) {
        refused++;
        continue;
      }
      try {
        const { answers } = readReply(query, cut);
        accepted++;
        for (const answer of answers) if (answer.type !== query.type) expect(answer.type).toBe('CNAME');
      } catch (error) {
        refused++;
        expect(error).toBeInstanceOf(RangeError);
      }
    }
    expect(accepted).toBeGreaterThan(10_000);
    expect(refused).toBeGreaterThan(10_000);
  });
});
