// SPDX-License-Identifier: MIT
// What selection found out about rules, routes and addresses, in words. Each names what decided: the rule, the table, the
// prefix, the metric, or the rule of RFC 6724 section 5.

import type { Route, RouteAccount, RouteFinding, Rule, RuleAccount, SourceRule } from '../binding/contract.gen.ts';

/** The three tables that every Linux has by name; numbers for the others. */
export function tableText(table: number): string {
  return { 253: 'default', 254: 'main', 255: 'local' }[table] ?? String(table);
}

/** A route by what orders it among others. */
export function routeText({ destination, table, metric }: Pick<Route, 'destination' | 'table' | 'metric'>): string {
  const metricText = metric === 0 ? '' : `, metric ${metric}`;
  return `${destination.endsWith('/0') ? 'the default route' : destination} of table ${tableText(table)}${metricText}`;
}

function hexText(value: number): string {
  return `0x${value.toString(16)}`;
}

/** What a policy rule came to. */
export function ruleReason({ finding, rule }: RuleAccount): string {
  switch (finding) {
    case 'asked':
      return `applies: table ${tableText(rule.table)} was asked`;
    case 'refuses':
      return `applies: says ${rule.action}`;
    case 'jumps':
      return `applies: goes on at rule ${rule.gotoPriority ?? '?'}`;
    case 'passes':
      return rule.action === 'goto' ? 'applies, but leads to no rule behind it' : 'applies and does nothing';
    case 'suppressed':
      return `applies, but suppresses what table ${tableText(rule.table)} answered`;
    case 'source':
      return `only for traffic from ${rule.source}`;
    case 'destination':
      return `only for traffic to ${rule.destination}`;
    case 'input-interface':
      return `only for traffic that arrives by ${rule.inputInterface}`;
    case 'output-interface':
      return `only for sockets bound to ${rule.outputInterface}`;
    case 'mark':
      return `only for mark ${markText(rule)}`;
    case 'user':
      return `only for ${rangeText('user', rule.uidFirst, rule.uidLast)}`;
    case 'traffic-class':
      return 'only for another type of service';
    case 'protocol':
      return `only for IP protocol ${rule.ipProtocol}`;
    case 'source-port':
      return `only from ${rangeText('port', rule.sourcePortFirst, rule.sourcePortLast)}`;
    case 'destination-port':
      return `only to ${rangeText('port', rule.destinationPortFirst, rule.destinationPortLast)}`;
    case 'tunnel':
      return `only for traffic of tunnel ${rule.tunnelId}`;
    case 'vrf':
      return 'only for traffic of a VRF';
    case 'unknown':
      return 'has a selector that this version does not know, and was taken not to apply';
    case 'inverted':
      return 'applies to everything but this';
  }
}

/** What would make a rule apply, where the one who asks can do that. */
export function ruleHint({ finding, rule }: RuleAccount): string | undefined {
  if (finding === 'mark') return `Ask with mark ${hexText(rule.mark ?? 0)}.`;
  if (finding === 'user') return `Ask with uid ${rule.uidFirst}.`;
  return undefined;
}

function markText({ mark = 0, markMask }: Rule): string {
  return markMask === undefined || markMask === 0xffff_ffff ? hexText(mark) : `${hexText(mark)}/${hexText(markMask)}`;
}

function rangeText(what: string, first: number | undefined, last: number | undefined): string {
  return last === undefined || last === first ? `${what} ${first}` : `${what}s ${first} to ${last}`;
}

const routeFindings: Readonly<Record<RouteFinding, string>> = {
  chosen: 'is taken',
  refuses: 'is taken, and refuses the traffic',
  'leaves-table': 'sends the search back to the rules',
  'traffic-class': 'is for another type of service',
  source: 'is for another source prefix',
  hidden: 'is hidden behind routes to the same destination for other sources',
  dead: 'is dead: its interface is down or has no carrier',
  'other-interface': 'leaves by another interface than the one bound to',
  expired: 'has expired',
  'failed-router': 'has a router that does not answer',
  'less-preferred': 'has a lower router preference (RFC 4191)',
  'not-reached': 'comes behind the one that is taken',
  suppressed: 'would be taken, but its rule suppresses it',
  'missing-nexthop': 'names a nexthop object that is not known',
};

/** What a hop of a route came to. */
export function routeReason({ finding, route, gateway }: RouteAccount): string {
  const hop = gateway === undefined ? '' : ` by ${gateway}`;
  return `${routeText(route)}${hop} ${routeFindings[finding]}`;
}

/** By what an address lost to the source that was chosen. */
export function sourceReason(rule: SourceRule, address: string, chosen: string | null): string {
  const other = chosen ?? 'the one chosen';
  switch (rule) {
    case 'none':
      return 'is the one chosen';
    case 'same-address':
      return `RFC 6724 rule 1: ${other} is the destination itself`;
    case 'scope':
      return address.includes(':')
        ? `RFC 6724 rule 2: the scope of ${other} fits the destination better`
        : `the scope of ${address} does not suit the destination`;
    case 'deprecated':
      return `RFC 6724 rule 3: ${address} is deprecated or optimistic`;
    case 'home':
      return `RFC 6724 rule 4: ${other} is the home address, or the care-of address that was asked for`;
    case 'outgoing-interface':
      return address.includes(':') && chosen !== null
        ? `RFC 6724 rule 5: ${other} is on the outgoing interface`
        : 'it is not on the outgoing interface';
    case 'next-hop':
      return `RFC 6724 rule 5.5: ${address} came from another router than the next hop`;
    case 'label':
      return `RFC 6724 rule 6: the label of ${other} matches that of the destination`;
    case 'temporary':
      return `RFC 6724 rule 7: ${other} is temporary, or public, as preferred`;
    case 'longest-prefix':
      return `RFC 6724 rule 8: ${other} has more leading bits in common with the destination`;
    case 'lifetime':
      return `${other} is preferred for longer`;
    case 'lowest':
      return `${other} is the numerically lower one`;
    case 'subnet':
      return `${other} is in the subnet of the destination or router`;
    case 'route-source':
      return `the route prefers ${other}`;
    case 'primary':
      return `${address} is a secondary address`;
    case 'first':
      return `${other} comes before it`;
    case 'not-candidate':
      return `${address} cannot be a source: it is tentative, failed, or not of the kind that the destination needs`;
    case 'orchid':
      return `${other} is an ORCHID as the destination is, or neither is (RFC 4843)`;
    case 'optimistic':
      return `${address} is optimistic`;
    case 'other-link':
      return 'it is on another link, and the destination does not leave its own';
    case 'not-allowed':
      return `${address} is none of the addresses that will do`;
    case 'given':
      return `the source ${other} was given`;
    case 'not-asked':
      return 'no source had to be chosen';
  }
}

/** A change of the traffic. */
export function changeText(change: { mark: number } | { uid: number } | { source: string }): string {
  if ('mark' in change) return `mark ${hexText(change.mark)}`;
  return 'uid' in change ? `uid ${change.uid}` : `source ${change.source}`;
}
