// SPDX-License-Identifier: MIT
// What leads from one native view to a later one, decoded: removed records first, children before what they hang on, then
// added and changed ones in the order of the kinds (native/feed/difference.h). Each record is told as its own
// snapshot tells it: names and lifetimes of before in `before`, of after in `after`.

import {
  type Address,
  type ChangeCause,
  ChangeCauseNames,
  type Neighbour,
  type Nexthop,
  type Operation,
  OperationNames,
  type RecordKind,
  RecordKindNames,
  type Route,
  type Rule,
  unpackAddress,
  unpackInterface,
  unpackNeighbour,
  unpackNexthop,
  unpackRoute,
  unpackRule,
} from '../binding/contract.gen.ts';
import { nameOf, Unpacker, type UnpackerContext } from '../binding/unpacker.ts';
import type { Interface } from './change.ts';
import { type InterfaceNames, viewInterface } from './interface-view.ts';
import { nameOfIndex } from './snapshot.ts';

/** The record of each kind, as a step has it. */
export interface StepRecord {
  interface: Interface;
  address: Address;
  nexthop: Nexthop;
  route: Route;
  rule: Rule;
  neighbour: Neighbour;
}

/** One record that differs. */
export type Step = {
  [K in RecordKind]: {
    readonly kind: K;
    readonly operation: Operation;
    /** Absent when added. */
    readonly before?: StepRecord[K];
    /** Absent when removed. */
    readonly after?: StepRecord[K];
  };
}[RecordKind];

export interface Difference {
  readonly cause: ChangeCause;
  readonly steps: readonly Step[];
  /** Names of the interfaces afterwards; the given ones when none changed. */
  readonly names: InterfaceNames;
}

/** What the words do not tell. */
export interface DifferenceContext {
  /** Names of the interfaces before. */
  readonly names: InterfaceNames;
  /** Moment of the earlier snapshot, milliseconds on the native clock. */
  readonly before: number;
  /** Moment of the later one. */
  readonly after: number;
}

/** Decodes the words of `NativeSnapshot.difference`. */
export function decodeDifference(words: Uint32Array, { names, before, after }: DifferenceContext): Difference {
  // Interfaces are the last that are removed and the first that are added, so that whatever names one finds it.
  let later: Map<number, string> | undefined;
  let current = names;
  const context: UnpackerContext = { now: before, interfaceName: (index) => nameOfIndex(current, index) };
  const unpacker = new Unpacker(words, context);
  const cause = nameOf(ChangeCauseNames, unpacker.word()) as ChangeCause;
  const steps: Step[] = [];
  for (let left = unpacker.word(); left > 0; left--) {
    const kind = nameOf(RecordKindNames, unpacker.word()) as RecordKind;
    const operation = nameOf(OperationNames, unpacker.word()) as Operation;
    const unpack = unpackers[kind];
    const step: { kind: RecordKind; operation: Operation; before?: unknown; after?: unknown } = { kind, operation };
    if (operation !== 'added') {
      context.now = before;
      current = names;
      step.before = unpack(unpacker);
    }
    if (operation !== 'removed') {
      context.now = after;
      current = later ?? names;
      step.after = unpack(unpacker);
    }
    if (kind === 'interface') {
      later ??= new Map(names);
      rename(later, step as Step & { kind: 'interface' });
    }
    steps.push(step as Step);
  }
  if (later !== undefined) viewInterfaces(steps, names, later);
  return { cause, steps, names: later ?? names };
}

const unpackers: { readonly [K in RecordKind]: (unpacker: Unpacker) => unknown } = {
  interface: unpackInterface,
  address: unpackAddress,
  nexthop: unpackNexthop,
  route: unpackRoute,
  rule: unpackRule,
  neighbour: unpackNeighbour,
};

function rename(names: Map<number, string>, { before, after }: Step & { kind: 'interface' }): void {
  if (after !== undefined) names.set(after.index, after.name);
  else if (before !== undefined) names.delete(before.index);
}

/** Turns interface records into what users see, once every name is known: an interface may be named before its master. */
function viewInterfaces(steps: Step[], before: InterfaceNames, after: InterfaceNames): void {
  for (const [at, step] of steps.entries()) {
    if (step.kind !== 'interface') continue;
    steps[at] = {
      ...step,
      ...(step.before === undefined ? {} : { before: viewInterface(step.before, before) }),
      ...(step.after === undefined ? {} : { after: viewInterface(step.after, after) }),
    };
  }
}
