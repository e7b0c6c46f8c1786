// SPDX-License-Identifier: MIT
// host.explain(): the question of host.select(), asked in such a way that the answer comes with its reasons, and beside it
// the questions that tell what another interface, mark, user or source would have changed.

import { parseIpAddress } from '../address/ip-address.ts';
import type { SelectionAccount } from '../binding/contract.gen.ts';
import { isMifError, type MifError } from '../binding/mif-error.ts';
import { type Explanation, explanationOf } from '../selection/explanation.ts';
import { changeText } from '../selection/finding-text.ts';
import type { Alternative } from '../selection/inquiry.ts';
import { type Path, pathOf } from '../selection/path.ts';
import type { Traffic } from '../selection/question.ts';
import { refusalOf } from '../selection/refusal.ts';
import type { Selector } from '../selection/selector.ts';
import type { Interface } from '../snapshot/change.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import type { Carrier } from '../via/carrier.ts';
import type { NameSource } from '../via/named-interface.ts';
import { obstacleTo } from '../via/obstacle.ts';
import { sourcesOf } from './carrier-sources.ts';
import { domainPart } from './domain-part.ts';
import { linkOf, type SelectQuestion } from './select-question.ts';
import { warningsOf } from './selection-warnings.ts';
import { type CarriedQuestion, findWayOver } from './way-over.ts';

/** What came of the question. */
interface Outcome {
  readonly chosen: Path | null;
  /** What select() throws; absent where there is a way. */
  readonly error?: MifError | undefined;
  /** Of the last selection that was made; absent where none was. */
  readonly account?: SelectionAccount | undefined;
  /** Who carries it, or was the last one asked to. */
  readonly carrier?: Carrier | undefined;
  /** Who was to carry it; absent where nobody was named. */
  readonly via?: CarriedQuestion['via'] | undefined;
  /** Why each interface that was to carry it does not, by its name. */
  readonly refused: ReadonlyMap<string, string>;
  /** Whether the socket would be held to an interface. */
  readonly isHeld: boolean;
}

/** What is in the way of traffic is an answer; what is wrong with the question, or with the host, is not. */
const notAnswers: ReadonlySet<string> = new Set(['ERR_MIF_INVALID_ARG', 'ERR_MIF_UNSUPPORTED', 'ERR_MIF_CLOSED']);

export function explain(selector: Selector, names: NameSource, question: SelectQuestion): Explanation {
  const outcome = outcomeOf(selector, names, question);
  const snapshot = names.snapshot();
  const { chosen, error, account, carrier } = outcome;
  return explanationOf({
    destination: question.text,
    chosen,
    error: error && { code: error.code, message: error.message, hint: error.hint },
    account,
    asked: carrier?.interface.name,
    pvd: carrier?.pvd?.id,
    usable: usableSources(selector, names, question, outcome),
    alternatives: alternativesTo(selector, snapshot, question, outcome),
    warnings: warningsOf({ selector, snapshot, question, chosen, carrier }),
  });
}

function outcomeOf(selector: Selector, names: NameSource, question: SelectQuestion): Outcome {
  let via: SelectQuestion['via'];
  try {
    via = question.via ?? linkOf(names, question.address, question.text);
  } catch (error) {
    return { chosen: null, error: answerIn(error), refused: new Map(), isHeld: false };
  }
  return via === undefined ? ofSystem(selector, question) : ofCarriers(selector, names, { ...question, via });
}

/** What the kernel would do by itself. */
function ofSystem(selector: Selector, { text: destination, traffic }: SelectQuestion): Outcome {
  const account = selector.explain({ destination, traffic, device: 0 });
  const rest = { account, refused: new Map(), isHeld: false };
  if (account.selection.verdict === 'path') return { chosen: pathOf(destination, account.selection), ...rest };
  return { chosen: null, error: answerIn(refusalOf(account.selection, { destination })), ...rest };
}

/** What becomes of a socket that is held to the first of these that will do. */
function ofCarriers(selector: Selector, names: NameSource, question: CarriedQuestion): Outcome {
  const refused = new Map<string, string>();
  let account: SelectionAccount | undefined;
  let last: Carrier | undefined;
  try {
    const { selection, carrier, snapshot } = findWayOver(names, question, {
      bind(asked, sources) {
        account = selector.explainBind(asked, sources);
        return account.selection;
      },
      refused(carrier, { message }) {
        last = carrier;
        refused.set(carrier.interface.name, message);
      },
    });
    const chosen = pathOf(question.text, selection, domainPart(snapshot, carrier, selection));
    return { chosen, account, carrier, via: question.via, refused, isHeld: true };
  } catch (error) {
    return { chosen: null, error: answerIn(error), account, carrier: last, refused, isHeld: true };
  }
}

/** @throws whatever is no answer */
function answerIn(error: unknown): MifError {
  if (!isMifError(error) || notAnswers.has(error.code)) throw error;
  return error;
}

/** With which other addresses of the interface that was chosen the traffic would leave by it, too: each is asked. */
function usableSources(
  selector: Selector,
  names: NameSource,
  question: SelectQuestion,
  { chosen, account, via }: Outcome,
): ReadonlySet<string> {
  const usable = new Set<string>();
  if (chosen === null || chosen.type === 'local') return usable;
  for (const { address, index } of account?.sources ?? []) {
    const source = parseIpAddress(address);
    if (index !== chosen.index || address === chosen.source || source === undefined) continue;
    const asked = { ...question, traffic: { ...question.traffic, source } };
    // Of a list another one may come first that has the address too.
    if (indexOver(selector, names, asked, via) === chosen.index) usable.add(address);
  }
  return usable;
}

/** Index of the interface that it would leave by; undefined where there is no way. */
function indexOver(
  selector: Selector,
  names: NameSource,
  question: SelectQuestion,
  via: CarriedQuestion['via'] | undefined,
): number | undefined {
  if (via === undefined) {
    const { verdict, index } = selector.connect({ destination: question.text, traffic: question.traffic, device: 0 });
    return verdict === 'path' ? index : undefined;
  }
  try {
    return findWayOver(names, { ...question, via }, selector).selection.index;
  } catch (error) {
    answerIn(error);
    return undefined;
  }
}

/** Every other interface that could carry the family, or that `via` names. */
function alternativesTo(
  selector: Selector,
  snapshot: HostSnapshot,
  { address, text: destination, traffic }: SelectQuestion,
  { chosen, account, carrier, refused, isHeld }: Outcome,
): Alternative[] {
  const addresses = addressesByInterface(snapshot, address.family);
  const hops = new Set(account?.routes.map((each) => each.interface));
  const changes = isHeld ? new Map<number, string>() : changesByInterface(selector, destination, traffic, account);
  const mayCarry = ({ name, index, flags }: Interface) => {
    if (index === chosen?.index) return false;
    return refused.has(name) || (!flags.includes('loopback') && (addresses.has(index) || hops.has(name)));
  };
  return Array.from(snapshot.interfaces)
    .filter(mayCarry)
    .map((link) => ({
      interface: link,
      addresses: addresses.get(link.index) ?? [],
      obstacle: obstacleTo(
        snapshot,
        { interface: link },
        { family: address.family, address: destination, zone: address.zone },
      )?.why,
      selection: selector.bind(
        { destination, traffic, device: link.index },
        sourcesOf(snapshot, { interface: link }, address.family),
      ),
      excluded: refused.get(link.name) ?? (isHeld ? exclusionOf(link, carrier) : undefined),
      change: changes.get(link.index),
    }));
}

/** Why an interface is out that nobody asked. */
function exclusionOf({ name }: Interface, carrier: Carrier | undefined): string {
  const pvd = carrier?.pvd;
  return pvd === undefined ? `${name} was not asked to carry it` : `${name} is not in ${pvd.id}`;
}

function addressesByInterface(snapshot: HostSnapshot, family: 4 | 6): Map<number, string[]> {
  const byInterface = new Map<number, string[]>();
  for (const each of snapshot.addresses) {
    if (each.family !== family) continue;
    const list = byInterface.get(each.index);
    if (list === undefined) byInterface.set(each.index, [each.address]);
    else if (!list.includes(each.address)) list.push(each.address);
  }
  return byInterface;
}

/** With which mark, user or source the system itself would choose another interface. Each is asked, none is guessed. */
function changesByInterface(
  selector: Selector,
  destination: string,
  traffic: Traffic,
  account: SelectionAccount | undefined,
): Map<number, string> {
  const changes = new Map<number, string>();
  const ask = (change: { mark: number } | { uid: number } | { source: string }) => {
    const given: Partial<Traffic> = 'source' in change ? { source: parseIpAddress(change.source) } : change;
    const { verdict, index } = selector.connect({ destination, traffic: { ...traffic, ...given }, device: 0 });
    if (verdict === 'path' && index !== undefined && !changes.has(index)) changes.set(index, changeText(change));
  };
  for (const { finding, rule } of account?.rules ?? []) {
    if (finding === 'mark' && rule.mark !== undefined) ask({ mark: rule.mark });
    if (finding === 'user' && rule.uidFirst !== undefined) ask({ uid: rule.uidFirst });
  }
  if (traffic.source === undefined && account?.rules.some(({ finding }) => finding === 'source')) {
    for (const { address } of account.sources) ask({ source: address });
  }
  return changes;
}
