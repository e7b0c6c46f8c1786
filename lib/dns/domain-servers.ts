// SPDX-License-Identifier: MIT
// Whom to ask for names over a carrier: the servers that its domain was told of, and of an interface those of all its domains.

import { isLinkLocal, parseIpAddress } from '../address/ip-address.ts';
import type { Snapshot } from '../snapshot/change.ts';
import type { Carrier } from '../via/carrier.ts';
import { readName } from './name.ts';
import { isOwnStub, type NameServer, readServer } from './server.ts';

export interface DomainServers {
  /** In order of preference. */
  readonly servers: readonly NameServer[];
  readonly searchDomains: readonly string[];
  /** The only names that they may be asked for; absent where that is any. */
  readonly onlyZones: readonly string[] | undefined;
  /** Servers that there are, but that cannot be asked over this carrier. */
  readonly refused: readonly string[];
}

/** As many as are worth their memory (SEC-17). */
const mostServers = 16;

export function serversOver({ pvds }: Pick<Snapshot, 'pvds'>, { interface: link, pvd }: Carrier): DomainServers {
  const domains = pvd === undefined ? pvds.filter(({ interfaceIds }) => interfaceIds.includes(link.id)) : [pvd];
  const servers = new Map<string, NameServer>();
  const refused = new Set<string>();
  for (const { address, interface: over } of domains.flatMap(({ dns }) => dns.servers)) {
    const server = serverOn(link.name, address);
    const isElsewhere = over !== undefined && over !== link.name;
    // What is this host's own asks over any link that it likes, and cannot be reached by a held socket (traps F6, G3).
    if (server === undefined || isElsewhere || isOwnStub(server)) refused.add(address);
    else if (servers.size < mostServers) servers.set(server.text, server);
  }
  const isLimited = domains.length > 0 && domains.every(({ dns }) => dns.forEverything === false);
  return {
    servers: [...servers.values()],
    searchDomains: namesIn(domains.flatMap(({ dns }) => dns.searchDomains)),
    onlyZones: isLimited ? namesIn(domains.flatMap(({ dns }) => [...dns.zones, ...dns.searchDomains])) : undefined,
    refused: [...refused],
  };
}

/** A link-local server is reached on its link only, whatever the zone is called elsewhere (DNS-07). */
function serverOn(link: string, address: string): NameServer | undefined {
  const parsed = parseIpAddress(address);
  if (parsed === undefined) return undefined;
  const isScoped = parsed.family === 6 && parsed.zone === undefined && isLinkLocal(address);
  return orNothing(() => readServer(isScoped ? `${address}%${link}` : address));
}

/** Names as they are asked for. */
function namesIn(told: readonly string[]): string[] {
  return [...new Set(told.flatMap((text) => orNothing(() => readName(text).name) ?? []))];
}

/** What a network tells wrongly must not take the rest with it. */
function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
