// SPDX-License-Identifier: MIT
// Which of those that `via` names carries to a destination, and how. The one place that decides it, for host.select() and
// for host.explain(), so that they cannot disagree; they differ in how they ask about one.

import type { Selection } from '../binding/contract.gen.ts';
import type { MifError } from '../binding/mif-error.ts';
import { refusalOf, refusalWith } from '../selection/refusal.ts';
import type { Question } from '../selection/selector.ts';
import type { Sources } from '../selection/sources.ts';
import type { HostSnapshot } from '../snapshot/snapshot.ts';
import { type Carrier, findCarrier, type Via } from '../via/carrier.ts';
import { type NameSource, snapshotNaming } from '../via/named-interface.ts';
import { obstacleTo } from '../via/obstacle.ts';
import { trafficOver } from './carrier-mark.ts';
import { sourcesOf } from './carrier-sources.ts';
import type { SelectQuestion } from './select-question.ts';

/** With what carries it, be it told by `via` or by the destination itself. */
export interface CarriedQuestion extends SelectQuestion {
  readonly via: Via;
}

export interface WayOver {
  /** Its verdict is `path`. */
  readonly selection: Selection;
  readonly carrier: Carrier;
  readonly snapshot: HostSnapshot;
}

export interface CarrierAsking {
  /** What becomes of a socket that is held to the carrier and to the best of these sources. */
  bind(question: Question, sources: Sources): Selection;
  /** A carrier exists and will not do. */
  refused?(carrier: Carrier, why: MifError): void;
}

/** @throws MifError what is wrong with `via` or in the way, as findCarrier */
export function findWayOver(names: NameSource, question: CarriedQuestion, asking: CarrierAsking): WayOver {
  const { address, text, traffic, via } = question;
  const { family, zone } = address;
  const snapshot = snapshotNaming(names, via);
  const refuse = (carrier: Carrier, why: MifError) => {
    asking.refused?.(carrier, why);
    return why;
  };
  let found: Pick<WayOver, 'selection' | 'carrier'> | undefined;
  findCarrier(snapshot, via, (carrier) => {
    const asked = { destination: text, interface: carrier.interface.name, pvd: carrier.pvd?.id };
    const obstacle = obstacleTo(snapshot, carrier, { family, address: text, zone });
    if (obstacle !== undefined) throw refuse(carrier, refusalWith(obstacle, asked));
    const device = carrier.interface.index;
    const flow = { destination: text, traffic: trafficOver(carrier, traffic), device };
    const selection = asking.bind(flow, sourcesOf(snapshot, carrier, family));
    if (selection.verdict !== 'path') throw refuse(carrier, refusalOf(selection, asked));
    found = { selection, carrier };
  });
  if (found === undefined) throw new RangeError('a carrier was found and not checked');
  return { ...found, snapshot };
}
