// SPDX-License-Identifier: MIT
// What may go wrong with a way that was selected, although it is the right one: no carrier, a reverse path filter that
// drops the answers (trap F12), a binding that leads elsewhere than the kernel would, a link that nobody named.

import { isLinkLocal, parseIpAddress } from '../address/ip-address.ts';
import type { Route, Selection, SelectionAccount } from '../binding/contract.gen.ts';
import type { Path } from '../selection/path.ts';
import type { Selector } from '../selection/selector.ts';
import type { Interface } from '../snapshot/change.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import type { Carrier } from '../via/carrier.ts';
import type { SelectQuestion } from './select-question.ts';

export interface Selected {
  readonly selector: Selector;
  readonly snapshot: HostSnapshot;
  readonly question: SelectQuestion;
  readonly chosen: Path | null;
  /** Who carries it; absent when nobody was named. */
  readonly carrier: Carrier | undefined;
}

/** One sentence each. */
export function warningsOf(selected: Selected): string[] {
  const { snapshot, question, chosen } = selected;
  const warnings = namelessLink(selected);
  const link = chosen && Array.from(snapshot.interfaces).find(({ index }) => index === chosen.index);
  if (!chosen || !link) return warnings;
  if (link.adminUp && !link.running) warnings.push(`${link.name} has no carrier: what is sent by it waits or is lost`);
  // An IPv6 link-local destination is another one on each link: where the kernel would look for it says nothing.
  const isElsewhereToo = question.address.family === 6 && isLinkLocal(question.text);
  if (chosen.type !== 'unicast' || chosen.source === null || isElsewhereToo) return warnings;
  return [...warnings, ...bindingOnly(selected, link, chosen.source), ...filter(selected, link, chosen.source)];
}

/** The destination exists on each link, and the answer is about one that was not named. */
function namelessLink({ question: { address, text, via } }: Selected): string[] {
  if (!isLinkLocal(text) || via !== undefined || address.zone !== undefined) return [];
  const which =
    address.family === 6
      ? 'name it with a zone such as %eth0, or with via'
      : 'the routes decide on which; name it with via';
  return [`${text} is link-local and exists on each link: ${which}`];
}

/** An unbound socket with that source would go another way. */
function bindingOnly({ selector, question, carrier }: Selected, link: Interface, source: string): string[] {
  if (carrier === undefined) return [];
  const { text, traffic } = question;
  const own = selector.connect({
    destination: text,
    traffic: { ...traffic, source: parseIpAddress(source) },
    device: 0,
  });
  if (own.verdict === 'path' && own.index === link.index) return [];
  const where = own.verdict === 'path' ? `leaves by ${own.interface}` : 'leads nowhere';
  return [
    `the kernel's own route from ${source} to ${text} ${where}: only the binding to ${link.name} keeps traffic there`,
  ];
}

/**
 * The filter of what arrives asks where the kernel would send to the destination, whoever asks. It goes by the larger of two
 * settings, of which the one for all interfaces is in no link message.
 */
function filter({ selector, question }: Selected, link: Interface, source: string): string[] {
  const { text, address, traffic } = question;
  const setting = link.settings?.ipv4?.reversePathFilter;
  if (address.family === 6 || setting === undefined) return [];
  // Of what arrives nothing is known but its addresses, and its mark is not asked (src_valid_mark).
  const answer = {
    ...traffic,
    source: parseIpAddress(source),
    mark: 0,
    uid: 0,
    protocol: 0,
    sourcePort: 0,
    destinationPort: 0,
  };
  const back = selector.explain({ destination: text, traffic: answer, device: 0 });
  const { verdict, interface: other } = back.selection;
  if (verdict !== 'path') {
    const why = `a ${setting} reverse path filter, and the kernel has no way back to ${text}`;
    return setting === 'off' ? [] : [`${link.name} has ${why}: answers are dropped`];
  }
  if (setting === 'loose' || leavesBy(back, link)) return [];
  const wayBack = `the way back to ${text} is by ${other}`;
  return setting === 'strict'
    ? [
        `${link.name} has a strict reverse path filter, and ${wayBack}: answers are dropped, unless net.ipv4.conf.all.rp_filter is 2`,
      ]
    : [`${wayBack}: answers that arrive by ${link.name} are dropped if net.ipv4.conf.all.rp_filter is 1`];
}

/** By any of its hops: the filter asks for no more. */
function leavesBy({ selection, routes }: SelectionAccount, link: Interface): boolean {
  if (selection.index === link.index) return true;
  const route = routes.findLast(({ finding }) => finding === 'chosen')?.route;
  return route !== undefined && hopsBy(route, selection, link);
}

/** Of a group of nexthop objects the hops are not known here; one of several may be it. */
function hopsBy({ nexthops, nexthopId }: Route, { ways }: Selection, { name }: Interface): boolean {
  return (nexthops ?? []).some((hop) => hop.interface === name) || (nexthopId !== undefined && ways > 1);
}
