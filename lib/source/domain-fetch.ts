// SPDX-License-Identifier: MIT
// What the sources that ask servers need from above: one request that is made over one domain and nothing else, names included
// (PVD-68). How sockets are held and names are resolved is not this room's to know.

/** Over whom a request is made. */
export interface FetchDomain {
  /** Handle: means that association and no later one of the same name. */
  readonly handle: string;
  /** For what people read. */
  readonly id: string;
}

export interface FetchRequest {
  /** Of https. */
  readonly url: string;
  /** The only media type that is taken. */
  readonly type: string;
  /** Whether the certificate must have the very name of the URL, and no pattern that it matches (PVD-67). */
  readonly exactName: boolean;
  readonly signal: AbortSignal;
}

export type FetchOutcome =
  | { readonly kind: 'body'; readonly body: Uint8Array }
  /** Nobody was reached: no server for names, no address, no connection. It may be otherwise later. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** Whoever answered is not who was meant, or does not say what was asked for. */
  | { readonly kind: 'refused'; readonly why: string };

/** Never rejects. */
export type FetchIn = (domain: FetchDomain, request: FetchRequest) => Promise<FetchOutcome>;
