// SPDX-License-Identifier: MIT
// The wire codec, which is a library's: what of it is used here. Loaded when a name is first asked for.

import { createRequire } from 'node:module';

/** A record as the codec reads it; types that it does not know have their bytes as data. */
export interface CodedRecord {
  readonly name: string;
  readonly type: string;
  readonly ttl?: number;
  readonly data?: unknown;
}

/** Reads at an offset; how many bytes it took is in `bytes` afterwards. */
type Decoder<T> = ((message: Uint8Array, offset: number) => T) & { readonly bytes: number };

export interface Codec {
  encode(packet: {
    readonly type: 'query';
    readonly id: number;
    readonly flags: number;
    readonly questions: readonly { readonly name: string; readonly type: string; readonly class: 'IN' }[];
    readonly additionals?: readonly object[];
  }): Buffer;
  readonly name: { readonly decode: Decoder<string> };
  readonly answer: { readonly decode: Decoder<CodedRecord> };
}

let loaded: Codec | undefined;

export function codec(): Codec {
  loaded ??= createRequire(import.meta.url)('dns-packet') as Codec;
  return loaded;
}
