// SPDX-License-Identifier: MIT
// What ISC dhclient keeps in /var/lib/dhcp: every lease it had, the newest last. A lease that it gave back is written once more,
// over at that moment (DHCPv4) or marked (DHCPv6).

import type { LeaseRecord } from '../../pvd/record.ts';
import type { FolderReader, Reading, Surroundings } from '../file/file-source.ts';
import { numberOf, wordsOf } from '../told-values.ts';
import { routesOfClasses, routesOfOctets } from './classless-routes.ts';
import { endsWithStatement, parseStatements, type Statement } from './dhclient-grammar.ts';
import { leaseOf, leaseRecord, type ToldLease } from './lease.ts';

/** The newest lease of an interface and family; undefined when that one was given back. */
export interface DhclientLease {
  readonly interface: string;
  readonly family: 4 | 6;
  readonly lease: ToldLease | undefined;
}

export const dhclientFiles: FolderReader<readonly DhclientLease[]> = {
  folders: ['/var/lib/dhcp', '/var/lib/dhclient'],
  // A server's file, dhcpd.leases, is in the same folder.
  wants: (name) => /^dhclient.*\.leases?$/.test(name),
  isWhole: endsWithStatement,
  read: parseDhclientLeases,
};

/** Interfaces of one file. */
const mostInterfaces = 1024;

export function parseDhclientLeases(text: string): readonly DhclientLease[] {
  const newest = new Map<string, DhclientLease>();
  for (const { words, block } of parseStatements(text)) {
    const keyword = words[0]?.text;
    if (block === undefined || (keyword !== 'lease' && keyword !== 'lease6')) continue;
    const name = wordOf(block, 'interface');
    if (name === undefined) continue;
    const family = keyword === 'lease' ? 4 : 6;
    const lease = family === 4 ? lease4(block) : lease6(block);
    newest.set(`${family} ${name}`, { interface: name, family, lease });
    if (newest.size === mostInterfaces) break;
  }
  return [...newest.values()];
}

function lease4(block: readonly Statement[]): ToldLease {
  const octets = optionOctets(block, 'rfc3442-classless-static-routes', 'classless-static-routes', 'unknown-121');
  return leaseOf({
    family: 4,
    server: option(block, 'dhcp-server-identifier')[0],
    untilWall: expiry(block),
    addresses: wordsOf(wordOf(block, 'fixed-address')),
    routers: option(block, 'routers'),
    classlessRoutes: octets === undefined ? undefined : routesOfOctets(octets),
    staticRoutes: routesOfClasses(option(block, 'static-routes')),
    resolvers: option(block, 'domain-name-servers'),
    domains: option(block, 'domain-name'),
    searchDomains: option(block, 'domain-search'),
    captivePortal: textOf(block, 'v4-captive-portal', 'default-url', 'unknown-114'),
    mtu: option(block, 'interface-mtu')[0],
    ntpServers: option(block, 'ntp-servers'),
  });
}

function lease6(block: readonly Statement[]): ToldLease | undefined {
  if (block.some(({ words }) => words[0]?.text === 'released')) return undefined;
  const addresses: string[] = [];
  /** Ends of its addresses; without one, of a lease that only informs, it has none. */
  let untilWall: number | null | undefined;
  for (const { words, block: inner = [] } of block) {
    if (words[0]?.text !== 'ia-na' && words[0]?.text !== 'ia-ta') continue;
    for (const { words, block: address } of inner) {
      if (words[0]?.text !== 'iaaddr' || address === undefined) continue;
      addresses.push(words[1]?.text ?? '');
      const end = endOfAddress(address);
      untilWall = untilWall === undefined ? end : untilWall === null || end === null ? null : Math.max(untilWall, end);
    }
  }
  return leaseOf({
    family: 6,
    server: option(block, 'dhcp6.server-id')[0],
    untilWall: untilWall ?? null,
    addresses,
    resolvers: option(block, 'dhcp6.name-servers'),
    searchDomains: option(block, 'dhcp6.domain-search'),
    captivePortal: textOf(block, 'dhcp6.v6-captive-portal', 'dhcp6.unknown-103'),
    ntpServers: option(block, 'dhcp6.sntp-servers'),
  });
}

function endOfAddress(block: readonly Statement[]): number | null {
  const [starts, life] = [numberOf(wordOf(block, 'starts')), numberOf(wordOf(block, 'max-life'))];
  return starts === undefined || life === undefined || life >= 0xffff_ffff ? null : (starts + life) * 1000;
}

/** `expire 6 2026/11/21 23:30:17` of UTC, `expire epoch 1795303817`, `expire never`. */
function expiry(block: readonly Statement[]): number | null {
  const words = block.find(({ words }) => words[0]?.text === 'expire')?.words.map(({ text }) => text) ?? [];
  if (words[1] === 'epoch') {
    const seconds = numberOf(words[2]);
    return seconds === undefined ? null : seconds * 1000;
  }
  const [, year, month, day] = /^(\d{4})\/(\d{2})\/(\d{2})$/.exec(words[2] ?? '') ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${words[3]}Z`);
  return Number.isNaN(at) ? null : at;
}

function wordOf(block: readonly Statement[], keyword: string): string | undefined {
  return block.find(({ words }) => words[0]?.text === keyword)?.words[1]?.text;
}

function optionWords(block: readonly Statement[], names: readonly string[]) {
  for (const name of names) {
    const found = block.find(({ words }) => words[0]?.text === 'option' && words[1]?.text === name);
    if (found !== undefined) return found.words.slice(2);
  }
  return undefined;
}

/** Values of an option, of whichever way to write several. */
function option(block: readonly Statement[], name: string): string[] {
  return (optionWords(block, [name]) ?? []).flatMap(({ text }) => wordsOf(text));
}

/** An option of text: quoted, or of a name unknown to dhclient in octets. */
function textOf(block: readonly Statement[], ...names: string[]): string | undefined {
  const words = optionWords(block, names);
  if (words?.[0] === undefined) return undefined;
  return words[0].isQuoted ? words[0].text : String.fromCharCode(...(octetsOf(words[0].text) ?? []).slice(0, 2048));
}

function optionOctets(block: readonly Statement[], ...names: string[]): readonly number[] | undefined {
  const words = optionWords(block, names);
  if (words === undefined) return undefined;
  const [word] = words;
  if (word?.isQuoted) return [...word.text].map((letter) => letter.charCodeAt(0));
  return octetsOf(words.map(({ text }) => text).join('')) ?? [];
}

/** `12,172,16` in decimal where dhclient knows the option, `c:ac:10` in hexadecimal where it does not. */
function octetsOf(text: string): number[] | undefined {
  const isDecimal = !text.includes(':');
  const octets = text.split(isDecimal ? ',' : ':', 2048).map((part) => Number.parseInt(part, isDecimal ? 10 : 16));
  return octets.every((octet) => octet >= 0 && octet <= 255) ? octets : undefined;
}

export function dhclientRecords(
  readings: readonly Reading<readonly DhclientLease[]>[],
  { interfaceNamed, fromWall }: Surroundings,
): LeaseRecord[] {
  /** An interface may be in several files, of which the one that was written last is of the client that runs. */
  const newest = new Map<string, LeaseRecord | undefined>();
  for (const { said } of [...readings].sort((a, b) => a.file.changedAt - b.file.changedAt)) {
    for (const { interface: name, family, lease } of said) {
      const id = interfaceNamed(name)?.id;
      if (id === undefined) continue;
      newest.set(`${id} ${family}`, lease && leaseRecord('dhclient', `dhcp${family}`, id, lease, fromWall));
    }
  }
  return [...newest.values()].filter((record) => record !== undefined);
}
