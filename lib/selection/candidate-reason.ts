// SPDX-License-Identifier: MIT
// Why a candidate won or lost, in words, and what to ask instead. What rules, routes and addresses came to is said in
// finding-text.ts.

import type { RouteAccount, Selection, SelectionAccount, SourceAccount } from '../binding/contract.gen.ts';
import { routeText, ruleReason, sourceReason, tableText } from './finding-text.ts';
import type { Alternative, Inquiry } from './inquiry.ts';
import type { Path } from './path.ts';
import { whyOf } from './refusal.ts';

/** Of the one that was chosen: the route, the rule that asked its table, and what decided about the source. */
export function reasonOfChoice(chosen: Path, account: SelectionAccount | undefined): string {
  const taken = account?.routes.findLast(({ finding }) => finding === 'chosen');
  const asking = taken === undefined ? [] : [`rule ${taken.priority} asks that table`];
  return [chosen.why, ...asking, ...sourceChoice(chosen, account)].join('; ');
}

function sourceChoice({ source, type, interface: link }: Path, account: SelectionAccount | undefined): string[] {
  if (source === null) return ['without a source'];
  if (type === 'local') return [];
  const lost = (account?.sources ?? []).filter(({ rule }) => rule !== 'none');
  if (lost.some(({ rule }) => rule === 'given')) return ['the source was given'];
  if (lost.some(({ rule }) => rule === 'route-source')) return ['the route prefers the source'];
  const rivals = lost.filter((each) => each.interface === link && !outOfRace.has(each.rule));
  if (rivals.length === 0) return [`no other address of ${link} may be the source`];
  return [`its source comes before ${rivals.length} more of ${link}`];
}

/** What says of an address that it was never compared. */
const outOfRace: ReadonlySet<SourceAccount['rule']> = new Set([
  'not-candidate',
  'other-link',
  'not-allowed',
  'not-asked',
]);

/** Of an address of the interface that was chosen, or asked. */
export function reasonOfSource({ address, rule }: SourceAccount, { chosen, account, pvd }: Inquiry): string {
  if (rule === 'not-allowed' && pvd !== undefined) return `${address} is no address of ${pvd}`;
  if (chosen === null && (rule === 'none' || rule === 'not-asked')) return refusalText(account?.selection);
  return sourceReason(rule, address, chosen?.source ?? null);
}

/** Of another interface. */
export function otherReason(other: Alternative, { chosen, error, account }: Inquiry): string {
  const { interface: link, selection, obstacle, excluded } = other;
  if (excluded !== undefined) return excluded;
  if (chosen?.type === 'local' || selection.type === 'local') return 'the destination is this host itself';
  if (obstacle !== undefined) return `over ${link.name}: ${obstacle}`;
  if (selection.verdict !== 'path') return refuserText(account) ?? `over ${link.name}: ${refusalText(selection)}`;
  // Where no table was asked nothing ranks the others.
  if (chosen !== null && chosen.table !== 0) return rankText(selection, chosen, account);
  return error?.code === 'ERR_MIF_SCOPE_REQUIRED'
    ? 'the destination exists on each link, and none was named'
    : 'only a socket that is held to it is led there';
}

/** What to ask so that another interface is chosen; each of these was tried. */
export function hintFor({ interface: link, selection, obstacle, excluded, change }: Alternative): string | undefined {
  if (!link.adminUp)
    return excluded === undefined ? `Bring ${link.name} up.` : `Bring ${link.name} up, and ask with via ${link.name}.`;
  // What is for this host itself leaves by the loopback interface, whoever is named.
  const isHeld = selection.verdict === 'path' && selection.index === link.index && obstacle === undefined;
  const ways = [...(isHeld ? [`via ${link.name}`] : []), ...(change === undefined ? [] : [change])];
  return ways.length === 0 ? undefined : `Ask with ${ways.join(', or with ')}.`;
}

/** The route or rule that refuses, where one does: it stands before every interface. */
function refuserText(account: SelectionAccount | undefined): string | undefined {
  const route = account?.routes.findLast(({ finding }: RouteAccount) => finding === 'refuses');
  if (route !== undefined) return `${routeText(route.route)} says ${route.route.type}`;
  const rule = account?.rules.findLast(({ finding }) => finding === 'refuses');
  return rule === undefined ? undefined : `rule ${rule.rule.priority} says ${rule.rule.action}`;
}

/** Why the way over another interface is not the one taken. */
function rankText(selection: Selection, chosen: Path, account: SelectionAccount | undefined): string {
  const { prefixLength, table, metric } = selection;
  const own = prefixLength === 0 ? 'its default route' : `its route for the first ${prefixLength} bits`;
  if (table !== chosen.table) {
    const asking = (account?.rules ?? []).filter(({ rule }) => rule.action === 'to-table' && rule.table === table);
    const [first] = asking;
    const applies = asking.some(({ finding }) => finding === 'asked');
    return first === undefined || applies
      ? `${own} is in table ${tableText(table)}; table ${tableText(chosen.table)} answered before`
      : `${own} is in table ${tableText(table)}; rule ${first.rule.priority}, which asks that, is ${ruleReason(first)}`;
  }
  const taken = account?.selection.prefixLength ?? 0;
  if (prefixLength < taken) return `${own} is for a shorter prefix than ${taken} bits`;
  if (prefixLength > taken) return `${own} is only for sockets that are held to it`;
  // Of a way by the mirror, which is what is explained, it is always known.
  const best = chosen.metric ?? 0;
  if (metric > best) return `${own} has metric ${metric}, that of ${chosen.interface} ${best}`;
  if (metric === best) return `${own} comes behind that of ${chosen.interface}, which is its equal`;
  return `${own} is only for sockets that are held to it`;
}

function refusalText(selection: Selection | undefined): string {
  if (selection?.verdict === 'path') return 'the route is not for this source';
  return whyOf(selection?.verdict ?? 'no-route');
}
