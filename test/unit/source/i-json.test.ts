// SPDX-License-Identifier: MIT
// JSON of strangers: what both sides would read alike, and nothing else.

import { describe, expect, it } from 'vitest';
import { readJsonObject } from '../../../lib/source/i-json.ts';
import { Random } from '../../lab/random.ts';

const read = (text: string) => readJsonObject(Buffer.from(text));
const refused = expect.stringMatching(/^it is|^half/);

describe('I-JSON', () => {
  it('i-json: reads what JSON.parse reads (PVD-69)', () => {
    const text =
      ' {"a": [1, -0.5e+3, 0, true, false, null, [], {}], "b\\u00e9\\n\\"\\/": "\\ud83d\\ude00 \u{1f600} \x7f", "": ""}\r\n';
    expect(JSON.stringify(read(text))).toBe(JSON.stringify(JSON.parse(text)));
  });

  it.each([
    ['nothing', ''],
    ['no object', '[]'],
    ['a name twice', '{"a":1,"a":1}'],
    ['a name twice in two spellings', '{"a":1,"\\u0061":2}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['something behind', '{} {}'],
    ['a comma too many', '{"a":1,}'],
    ['a comma too many in an array', '{"a":[1,]}'],
    ['no comma', '{"a":1 "b":2}'],
    ['a name without quotes', '{a:1}'],
    ['a comment', '{}//'],
    ['a leading zero', '{"a":01}'],
    ['a bare point', '{"a":1.}'],
    ['a plus', '{"a":+1}'],
    ['a number of no size', '{"a":1e999}'],
    ['NaN', '{"a":NaN}'],
    ['a control character', '{"a":"\n"}'],
    ['an unknown escape', '{"a":"\\x41"}'],
    ['half a surrogate pair', '{"a":"\\ud83d"}'],
    ['the other half', '{"\\ude00":1}'],
    ['a short escape', '{"a":"\\u12'],
    ['a byte order mark', '\ufeff{}'],
    ['an end in a text', '{"a":"b'],
    ['an end in an object', '{"a":'],
    ['depth', `{"a":${'['.repeat(20)}${']'.repeat(20)}}`],
    ['depth without an end', `{"a":${'['.repeat(60_000)}`],
    ['a long array', `{"a":[${Array(257).fill(0).join()}]}`],
    ['a wide object', `{${Array.from({ length: 257 }, (_, at) => `"${at}":0`).join()}}`],
    ['too many values', `{${Array.from({ length: 40 }, (_, at) => `"${at}":[${Array(256).fill(0).join()}]`).join()}}`],
  ])('i-json: refuses %s (SEC-18)', (_, text) => {
    expect(read(text)).toEqual(refused);
  });

  it('i-json: refuses what is not UTF-8 (PVD-69)', () => {
    expect(readJsonObject(Buffer.from('7b2261223a22c328227d', 'hex'))).toBe('it is not UTF-8');
  });

  it('i-json: names that mean something to the language mean nothing here (SEC-18)', () => {
    const object = read('{"__proto__":{"polluted":true},"constructor":{"prototype":1},"toString":2}');
    expect(Object.getPrototypeOf(object)).toBe(null);
    expect(Object.keys(object)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.isFrozen(object) && Object.isFrozen((object as Record<string, object>)['constructor'])).toBe(true);
  });

  it('i-json: of ten thousand mangled texts accepts only what JSON.parse does, and throws for none (SEC-18)', () => {
    const random = new Random(8801);
    const seed = '{"identifier":"a.example","x":[1,{"y":-1.5e3,"z":"\\u00e9\\\\"},null,true],"n":"\u00e9"}';
    const alphabet = '{}[]",:\\u019eE+-. tfn\u0000\u00e9';
    let accepted = 0;
    for (let round = 0; round < 10_000; round++) {
      const letters = [...seed];
      for (let change = random.below(3); change >= 0; change--) {
        letters.splice(random.below(letters.length), random.below(3), alphabet[random.below(alphabet.length)]!);
      }
      const text = letters.join('');
      const object = read(text);
      if (typeof object === 'string') continue;
      accepted++;
      expect(JSON.stringify(object)).toBe(JSON.stringify(JSON.parse(text)));
    }
    expect(accepted).toBeGreaterThan(100);
  });
});
