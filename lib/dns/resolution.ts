// SPDX-License-Identifier: MIT
// What became of a name: its addresses or records, who said so, and over which network that holds.

import type { LocalPath } from '../via/local-path.ts';
import type { DnsRecord } from './record.ts';

export interface Resolution {
  /** The name that was found: with what was appended, and at the end of its aliases. */
  readonly name: string;
  /** In the order in which to try them; link-local ones with zone. None where the name has none. */
  readonly addresses: readonly string[];
  /** Aliases on the way, then what was asked for; as a cache has them their `ttl` is that of the moment when they came. */
  readonly records: readonly DnsRecord[];
  /** Who answered; null where nobody was asked. */
  readonly server: string | null;
  /** Which system knew it (MIF-52). */
  readonly origin: 'literal' | 'localhost' | 'hosts' | 'dns';
  /** Id of the domain in which it holds (DNS-03). */
  readonly pvd: string | undefined;
  /** Who carried the questions, and is to carry what goes to the addresses. */
  readonly path: LocalPath;
}
