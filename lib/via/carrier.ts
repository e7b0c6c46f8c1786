// SPDX-License-Identifier: MIT
// Who carries a connection: the interface, and the provisioning domain where one was chosen, that a `via` stands for at this
// moment. Finds the first that will do, and keeps why the others would not.

import { isMifError, MifError } from '../binding/mif-error.ts';
import type { ProvisioningDomain } from '../pvd/provisioning-domain.ts';
import type { Interface, Snapshot } from '../snapshot/change.ts';
import { candidatesOf } from './candidates.ts';
import { chosen, type ViaChoice } from './choice.ts';
import { checkPath, heldCarrier, isPath } from './held-carrier.ts';
import type { HeldPath } from './local-path.ts';
import { namedCarrier } from './named-carrier.ts';
import { withReferences } from './reference.ts';
import { noPath } from './no-path.ts';
import { heldTo, ranked, whyNot } from './ranking.ts';
import { readSelector, type ViaSelector } from './selector.ts';

/**
 * Who may carry: interface name, alternative name or id (`if:3.1`); interface index; id of a provisioning domain
 * (`eth0/fe80::1`, `corp.example`) or handle (`pvd:7`); a path that was found before; conditions; a function of the candidates.
 */
export type ViaItem = string | number | HeldPath | ViaSelector | ViaChoice;

/** Who may carry, or a list in order of preference. Means the network of the moment in which it is used. */
export type Via = ViaItem | readonly ViaItem[];

export interface Carrier {
  readonly interface: Interface;
  /** Absent when an interface was named. */
  readonly pvd?: ProvisioningDomain | undefined;
  /** Addresses of which one must be the source; absent: any that it has. */
  readonly sources?: readonly string[] | undefined;
  /** Firewall mark that the socket must have. */
  readonly mark?: number | undefined;
}

/**
 * The first carrier that `via` stands for and that passes a check. Wrong arguments are an error wherever they stand.
 * @param check - throws a MifError that says why not.
 * @throws MifError of a name or a path what looking up or checking throws; of all else ERR_MIF_NO_PATH with the reason for each
 */
export function findCarrier(snapshot: Snapshot, via: Via, check: (carrier: Carrier) => void = () => {}): Carrier {
  if (isName(via)) {
    const carrier = byName(snapshot, via);
    check(carrier);
    return carrier;
  }
  const refusals: (() => MifError)[] = [];
  for (const carrier of carriersOf(snapshot, via, (why) => refusals.push(why))) {
    try {
      check(carrier);
      return carrier;
    } catch (error) {
      // What cannot be done at all is no reason to go elsewhere.
      if (!isMifError(error) || error.code === 'ERR_MIF_UNSUPPORTED') throw error;
      refusals.push(() => error);
    }
  }
  const errors = refusals.map((why) => why());
  const [first] = errors;
  if (first !== undefined && errors.length === 1 && isOne(via)) throw first;
  throw noPath(errors);
}

/**
 * All carriers that `via` stands for, in its order.
 * @throws MifError as findCarrier, when there is none
 */
export function findCarriers(snapshot: Snapshot, via: Via): Carrier[] {
  const found = [...carriersOf(snapshot, via, () => {})];
  // None is told as any other call tells it.
  return found.length > 0 ? found : [findCarrier(snapshot, via)];
}

/**
 * The carriers that `via` stands for, in its order, one by one.
 * @param refuse - is told why something that `via` names or looks at is none of them.
 * @throws MifError ERR_MIF_INVALID_ARG; what a function throws
 */
export function* carriersOf(snapshot: Snapshot, via: Via, refuse: (why: () => MifError) => void): Generator<Carrier> {
  // What is written wrongly is an error however many others there are, so all is read before any is used.
  const finders = findersOf(via);
  let all: readonly Carrier[] | undefined;
  const candidates = () => {
    all ??= candidatesOf(snapshot);
    return all;
  };
  for (const find of finders) yield* find({ snapshot, candidates, refuse });
}

interface Search {
  readonly snapshot: Snapshot;
  readonly candidates: () => readonly Carrier[];
  readonly refuse: (why: () => MifError) => void;
}

/** What one item of a `via` looks for. */
type Finder = (search: Search) => Iterable<Carrier>;

function findersOf(via: Via): readonly Finder[] {
  if (!isList(via)) return [finderOf(via, 'via')];
  if (via.length === 0) throw new MifError('ERR_MIF_INVALID_ARG', 'option via: an empty list names nothing');
  // Not map, which leaves out holes.
  return Array.from(via, (item: unknown, at) => {
    if (Array.isArray(item)) throw new MifError('ERR_MIF_INVALID_ARG', `option via[${at}]: a list in a list`);
    return finderOf(item, `via[${at}]`);
  });
}

function finderOf(item: unknown, label: string): Finder {
  if (isName(item)) {
    requireName(item, label);
    return finding(({ snapshot }) => byName(snapshot, item));
  }
  if (typeof item === 'function')
    return ({ candidates, refuse }) => choose(item as ViaChoice, label, candidates(), refuse);
  if (typeof item !== 'object' || item === null) {
    throw new MifError('ERR_MIF_INVALID_ARG', `option ${label}: ${String(item)} names nothing`);
  }
  if (isPath(item)) {
    const path = checkPath(item, label);
    return finding(({ snapshot }) => heldCarrier(snapshot, path));
  }
  const read = readSelector(item, label);
  return function* ({ snapshot, candidates, refuse }) {
    const conditions = withReferences(read, snapshot);
    const left: Carrier[] = [];
    for (const candidate of candidates()) {
      const why = whyNot(candidate, conditions);
      if (why === undefined) left.push(candidate);
      else refuse(() => excluded(candidate, why));
    }
    for (const carrier of ranked(left, conditions)) yield heldTo(carrier, conditions);
  };
}

/** A finder of one carrier, which may not be there. */
function finding(find: (search: Search) => Carrier): Finder {
  return (search) => {
    try {
      return [find(search)];
    } catch (error) {
      if (!isMifError(error)) throw error;
      search.refuse(() => error);
      return [];
    }
  };
}

function choose(choice: ViaChoice, label: string, candidates: readonly Carrier[], refuse: Search['refuse']): Carrier[] {
  const carriers = chosen(choice, candidates, label);
  for (const candidate of candidates) {
    if (!carriers.includes(candidate)) refuse(() => excluded(candidate, 'the function did not choose it'));
  }
  return carriers;
}

function byName(snapshot: Snapshot, name: string | number): Carrier {
  requireName(name, 'via');
  return namedCarrier(snapshot, name);
}

function requireName(name: string | number, label: string): void {
  if (name === '') throw new MifError('ERR_MIF_INVALID_ARG', `option ${label}: '' names nothing`);
}

function excluded({ interface: link, pvd }: Carrier, why: string): MifError {
  return new MifError('ERR_MIF_NO_PATH', `${pvd?.id ?? link.name}: ${why}`, { interface: link.name, pvd: pvd?.id });
}

function isName(via: unknown): via is string | number {
  return typeof via === 'string' || typeof via === 'number';
}

/** Whether it stands for one carrier, so that an error is about that one. */
function isOne(via: Via): boolean {
  const item = isList(via) && via.length === 1 ? via[0] : via;
  return isName(item) || (typeof item === 'object' && !isList(item as Via) && isPath(item as object));
}

function isList(via: Via): via is readonly ViaItem[] {
  return Array.isArray(via);
}
