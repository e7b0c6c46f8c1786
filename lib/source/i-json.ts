// SPDX-License-Identifier: MIT
// JSON of strangers, in the profile that both sides read alike (RFC 7493): UTF-8, no name twice in an object, no half of a surrogate
// pair, no number that a double cannot hold. Objects have no prototype, so that no name in them means anything to the
// language; everything is frozen and bounded (SEC-18). Pure, and safe with any bytes.

export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

const mostDepth = 16;
const mostEntries = 256;
/** Of all arrays and objects together. */
const mostValues = 8192;

/** @returns the object that the bytes are, or why they are none. */
export function readJsonObject(bytes: Uint8Array): JsonObject | string {
  let text: string;
  try {
    // A byte order mark stays, and is no JSON (RFC 8259 section 8.1).
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return 'it is not UTF-8';
  }
  try {
    const value = new Reader(text).whole();
    return isObject(value) ? value : 'it is no object';
  } catch (error) {
    if (error instanceof NotJson) return error.message;
    throw error;
  }
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class NotJson extends Error {}

const space = /[\t\n\r ]*/y;
const plainText = /[^"\\\p{Cc}]*/uy;
const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Reader {
  readonly #text: string;
  #at = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonValue {
    const value = this.#value(0);
    this.#match(space);
    if (this.#at < this.#text.length) throw this.#wrong('something follows');
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > mostDepth) throw this.#wrong('it is too deep');
    if (++this.#values > mostValues) throw this.#wrong('it has too many values');
    this.#match(space);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): JsonObject {
    const object: Record<string, JsonValue> = Object.create(null);
    let count = 0;
    this.#entries('}', () => {
      if (++count > mostEntries) throw this.#wrong('an object has too many members');
      if (this.#text[this.#at] !== '"') throw this.#wrong('a name is missing');
      const name = this.#string();
      if (name in object) throw this.#wrong('a name is there twice');
      this.#take(':');
      object[name] = this.#value(depth + 1);
    });
    return Object.freeze(object);
  }

  #array(depth: number): readonly JsonValue[] {
    const array: JsonValue[] = [];
    this.#entries(']', () => {
      if (array.length === mostEntries) throw this.#wrong('an array is too long');
      array.push(this.#value(depth + 1));
    });
    return Object.freeze(array);
  }

  #entries(end: string, entry: () => void): void {
    this.#at++;
    this.#match(space);
    if (this.#text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#match(space);
      entry();
      this.#match(space);
      const next = this.#text[this.#at++];
      if (next === end) return;
      if (next !== ',') throw this.#wrong('a comma is missing');
    }
  }

  #string(): string {
    let text = '';
    this.#at++;
    for (;;) {
      text += this.#match(plainText);
      const next = this.#text[this.#at++];
      if (next === '"') break;
      if (next === '\\') text += this.#escape();
      // U+007F to U+009F are control characters to Unicode, and text to JSON.
      else if (next !== undefined && next >= '\x7f') text += next;
      else throw this.#wrong('a text does not end');
    }
    if (/\p{Cs}/u.test(text)) throw this.#wrong('half a character');
    return text;
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? '';
    if (letter !== 'u') {
      if (!Object.hasOwn(escapes, letter)) throw this.#wrong('an escape that is none');
      return escapes[letter]!;
    }
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#wrong('an escape that is none');
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): number {
    const text = this.#match(numberForm);
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw this.#wrong('no value');
    return value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#wrong('no value');
    this.#at += word.length;
    return value;
  }

  #take(character: string): void {
    this.#match(space);
    if (this.#text[this.#at++] !== character) throw this.#wrong(`no ${character}`);
  }

  /** What a form matches here, perhaps nothing; the place moves behind it. */
  #match(form: RegExp): string {
    form.lastIndex = this.#at;
    const [found] = form.exec(this.#text) ?? [''];
    this.#at += found.length;
    return found;
  }

  #wrong(why: string): NotJson {
    return new NotJson(`it is no JSON at ${this.#at}: ${why}`);
  }
}
