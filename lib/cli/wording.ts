// SPDX-License-Identifier: MIT
// How parts of records read: states, lifetimes, hops, selectors of rules. Shared by listings, the picture and watch.

import type { Address, Hop, Neighbour, Nexthop, Route, Rule } from '../binding/contract.gen.ts';
import type { Interface } from '../snapshot/change.ts';

/** What an interface is good for now. */
export function interfaceState(record: Pick<Interface, 'adminUp' | 'running'>): 'up' | 'no carrier' | 'down' {
  if (!record.adminUp) return 'down';
  return record.running ? 'up' : 'no carrier';
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Seconds left, in the two largest units; null is for ever. */
export function lifetime(seconds: number | null): string {
  if (seconds === null) return 'forever';
  if (seconds >= day) return `${Math.floor(seconds / day)}d ${Math.floor((seconds % day) / hour)}h`;
  if (seconds >= hour) return `${Math.floor(seconds / hour)}h ${Math.floor((seconds % hour) / minute)}m`;
  if (seconds >= minute) return `${Math.floor(seconds / minute)}m ${seconds % minute}s`;
  return `${seconds}s`;
}

/** `10.1.0.100/24`, with the far end of a point-to-point address. */
export function addressText(record: Pick<Address, 'address' | 'prefixLength' | 'peer'>): string {
  const { address, prefixLength, peer } = record;
  return peer === undefined ? `${address}/${prefixLength}` : `${address} peer ${peer}/${prefixLength}`;
}

/** What is unusual about an address: flags that every static one has are left out. */
export function addressFlags(record: Pick<Address, 'flags'>): string {
  return record.flags.filter((flag) => flag !== 'permanent' && flag !== 'no-prefix-route').join(' ');
}

/** Where a route leads. */
export function routeWay(record: Route): string {
  const { nexthops, nexthopId, gateway, interface: name } = record;
  if (nexthops?.length) return nexthops.map(hopText).join(', ');
  const way = hopText({ gateway, interface: name });
  return way === '' && nexthopId !== undefined ? `nexthop ${nexthopId}` : way;
}

export function nexthopWay(record: Nexthop): string {
  if (record.group.length > 0)
    return `group of ${record.group.map(({ id, weight }) => shared(`${id}`, weight)).join(', ')}`;
  return record.isBlackhole ? 'blackhole' : hopText(record);
}

function hopText(hop: { gateway?: string | undefined; interface?: string | undefined } & Partial<Hop>): string {
  const words = [hop.gateway && `via ${hop.gateway}`, hop.interface && `dev ${hop.interface}`].filter(Boolean);
  return shared(words.join(' '), hop.weight ?? 1);
}

function shared(way: string, weight: number): string {
  return weight === 1 ? way : `${way} x${weight}`;
}

/** `from 10.0.0.0/8 mark 0x10/0xff`; `all` where every packet matches. */
export function ruleSelector(record: Rule): string {
  const { source, destination, inputInterface, outputInterface, mark, markMask } = record;
  const words = [
    record.flags.includes('invert') && 'not',
    source && `from ${source}`,
    destination && `to ${destination}`,
    inputInterface && `iif ${inputInterface}`,
    outputInterface && `oif ${outputInterface}`,
    (mark !== undefined || markMask !== undefined) &&
      `mark ${hex(mark ?? 0)}${markMask === undefined ? '' : `/${hex(markMask)}`}`,
    record.tos !== 0 && `tos ${hex(record.tos)}`,
    record.dscp !== undefined && `dscp ${record.dscp}`,
    record.ipProtocol !== undefined && `protocol ${record.ipProtocol}`,
    range('sport', record.sourcePortFirst, record.sourcePortLast),
    range('dport', record.destinationPortFirst, record.destinationPortLast),
    range('uid', record.uidFirst, record.uidLast),
    record.tunnelId !== undefined && `tunnel ${record.tunnelId}`,
    record.isL3mdev && 'vrf',
    record.unknownAttributes > 0 && `and ${record.unknownAttributes} unknown`,
  ].filter(Boolean);
  return words.length === 0 ? 'all' : words.join(' ');
}

/** `lookup main`, `goto 100`, `unreachable`. */
export function ruleAction(record: Rule): string {
  if (record.action === 'goto') return `goto ${record.gotoPriority ?? '?'}`;
  if (record.action !== 'to-table') return record.action;
  const limits = [
    record.suppressPrefixLength !== undefined && `suppress prefix length ${record.suppressPrefixLength}`,
    record.suppressGroup !== undefined && `suppress group ${record.suppressGroup}`,
  ].filter(Boolean);
  return [`lookup ${tableName(record.table)}`, ...limits].join(', ');
}

/** The three tables that every Linux has by name (rt_tables); numbers for the others. */
export function tableName(table: number): string {
  return { 253: 'default', 254: 'main', 255: 'local' }[table] ?? String(table);
}

export function neighbourState(record: Neighbour): string {
  return [...record.state, ...record.flags].join(' ');
}

function range(word: string, first: number | undefined, last: number | undefined): string | false {
  if (first === undefined) return false;
  return last === undefined || last === first ? `${word} ${first}` : `${word} ${first}-${last}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
