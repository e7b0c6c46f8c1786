// SPDX-License-Identifier: MIT
// `mif ls dns`: whom the networks of a host ask for names, one server in a line; and which sources of such knowledge are missing.

import type { DnsServer, ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { Snapshot } from '../snapshot/change.ts';
import type { SourceReport } from '../source/source-choice.ts';
import { type Column, gridLines } from './grid.ts';
import { printable, type Style } from './style.ts';
import { lifetime } from './wording.ts';

/** A server of a domain, in JSON as well. */
interface DnsEntry extends DnsServer {
  readonly pvd: string;
  readonly handle: string;
  readonly searchDomains: readonly string[];
  readonly zones: readonly string[];
}

const columns: readonly Column<DnsEntry>[] = [
  { title: 'PVD', cell: ({ pvd }) => pvd },
  { title: 'SERVER', cell: ({ address }) => address },
  { title: 'INTERFACE', cell: (entry) => entry.interface ?? '' },
  { title: 'TOLD BY', cell: ({ origin }) => origin },
  { title: 'EXPIRES', cell: (entry) => lifetime(entry.lifetime), right: true },
  { title: 'SEARCH', cell: ({ searchDomains }) => searchDomains.join(' ') },
  { title: 'ZONES', cell: ({ zones }) => zones.join(' ') },
];

export function dnsLines({ pvds }: Snapshot, style: Style): Generator<string> {
  return gridLines(columns, pvds.flatMap(entriesOf), style);
}

/** `{ "generation", "dns": [ … ], "sources": [ … ] }`. */
export function dnsText({ generation, pvds }: Snapshot, sources: readonly SourceReport[]): string {
  return JSON.stringify({ generation, dns: pvds.flatMap(entriesOf), sources }, undefined, 1);
}

function entriesOf({ id, handle, dns }: ProvisioningDomain): DnsEntry[] {
  const { searchDomains, zones } = dns;
  return dns.servers.map((server) => ({ pvd: id, handle, ...server, searchDomains, zones }));
}

/** What sources do not tell here, and why: lines below a listing, none where nothing is missing. */
export function* missingLines(sources: readonly SourceReport[], style: Style): Generator<string> {
  const limited = sources.filter(({ state }) => state === 'limited');
  const absent = sources.filter(({ state, isCovered }) => state === 'absent' && isCovered !== true);
  for (const { origin, why } of limited) yield `${style.dim(printable(`${origin}: ${why ?? 'limited'}`))}\n`;
  // Most hosts have one manager and lack all others: their names are enough.
  if (absent.length > 0) {
    yield `${style.dim(`not told by ${absent.map(({ origin }) => origin).join(', ')}: mif stats says why`)}\n`;
  }
}
