// SPDX-License-Identifier: MIT
// Resource records as users see them, and the types of them that can be asked for.

/** Types that can be asked for, and their numbers. */
export const recordTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  DS: 43,
  SSHFP: 44,
  DNSKEY: 48,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  CAA: 257,
} as const;

export type RecordType = keyof typeof recordTypes;

export function isRecordType(text: unknown): text is RecordType {
  return typeof text === 'string' && Object.hasOwn(recordTypes, text);
}

/** Parameters of a service (RFC 9460): those that are known by name, all others by number. */
export interface ServiceParameters {
  readonly mandatory?: readonly number[];
  readonly alpn?: readonly string[];
  readonly noDefaultAlpn?: true;
  readonly port?: number;
  readonly ipv4hint?: readonly string[];
  readonly ech?: Uint8Array;
  readonly ipv6hint?: readonly string[];
  readonly others?: Readonly<Record<string, Uint8Array>>;
}

/** SVCB and HTTPS (RFC 9460): priority 0 is an alias. */
export interface ServiceBinding {
  readonly priority: number;
  /** `.` means the owner itself. */
  readonly target: string;
  readonly params: ServiceParameters;
}

export interface ServerLocation {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

interface RecordData {
  A: string;
  AAAA: string;
  NS: string;
  CNAME: string;
  PTR: string;
  MX: { readonly preference: number; readonly exchange: string };
  SRV: ServerLocation;
  TXT: readonly string[];
  SVCB: ServiceBinding;
  HTTPS: ServiceBinding;
}

type DataOf<T extends RecordType> = T extends keyof RecordData ? RecordData[T] : Readonly<Record<string, unknown>>;

/** One record of an answer. */
export type DnsRecord = {
  [T in RecordType]: {
    /** Owner, lower case. */
    readonly name: string;
    readonly type: T;
    /** Seconds that were left when it came. */
    readonly ttl: number;
    readonly data: DataOf<T>;
  };
}[RecordType];
