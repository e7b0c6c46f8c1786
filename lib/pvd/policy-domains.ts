// SPDX-License-Identifier: MIT
// What a policy makes of the domains of an interface: one of its own, of addresses that others had, or more about some.

import { prefixContains } from '../address/prefix.ts';
import type { Interface } from '../snapshot/change.ts';
import type { Member } from './draft.ts';
import { claimed, newPart, type Part } from './part.ts';
import type { PolicyRecord } from './record.ts';
import { isProperId, isSameId } from './reference.ts';

/** Makes the domains that policies define, of addresses that others have (PVD-17). */
export function definePolicies(parts: Part[], policies: readonly PolicyRecord[]): void {
  for (const policy of policies) {
    const { defines, prefixes } = policy;
    // Of the whole host, it is where its addresses are.
    if (defines === undefined || !isProperId(defines) || (policy.interfaceId === undefined && prefixes === undefined))
      continue;
    const sources = parts.filter(({ kind }) =>
      prefixes === undefined ? kind === 'static' : kind !== 'policy' && kind !== 'link-local',
    );
    const isOurs = ({ record }: Member) =>
      prefixes === undefined || prefixes.some((prefix) => contains(prefix, record.address.address));
    const taken = sources.flatMap((part) =>
      [...part.members.values()].filter(isOurs).map((member) => ({ part, member })),
    );
    if (policy.interfaceId === undefined && taken.length === 0) continue;
    let part = parts.find(({ kind, name }) => kind === 'policy' && name === defines);
    if (part === undefined) {
      part = newPart('policy', ['policy'], defines);
      parts.push(part);
    }
    part.records.push(policy);
    for (const { part: source, member } of taken) {
      part.members.set(member.record, claimed(member, false));
      for (const router of source.routers) {
        if (part.routers.some(({ address }) => address === router.address)) continue;
        part.routers.push(router);
        part.providers.push(router.address);
      }
    }
    for (const { part: source, member } of taken) source.members.delete(member.record);
  }
}

function contains(prefixOrAddress: string, address: string): boolean {
  return prefixOrAddress.includes('/') ? prefixContains(prefixOrAddress, address) : prefixOrAddress === address;
}

/** Whether a policy says something of a domain: by its id, by one of its providers, or by a prefix. */
export function isMeant(
  { extends: names, extendsWithin: within }: PolicyRecord,
  { kind, name, providers, members, records }: Part,
  link: Interface,
): boolean {
  if (names === undefined && within === undefined) return kind !== 'link-local';
  const isNamed = (meant: string) =>
    name === undefined
      ? providers.includes(meant) || providers.some((each) => meant === `${link.name}/${each}`)
      : isSameId(meant, name);
  if (names?.some(isNamed)) return true;
  if (within === undefined || kind === 'link-local') return false;
  const own = new Set([...members.values()].map(({ network }) => network));
  for (const record of records) if (record.type === 'router') for (const { prefix } of record.prefixes) own.add(prefix);
  return [...own].some((prefix) => within.some((other) => overlap(prefix, other)));
}

/** Of two prefixes that overlap, one is around the other. */
function overlap(one: string, other: string): boolean {
  return prefixContains(one, other.split('/')[0]!) || prefixContains(other, one.split('/')[0]!);
}
