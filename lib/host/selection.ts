// SPDX-License-Identifier: MIT
// host.select(): which way traffic would go. Without `via` it is the kernel's way; with it a socket is held to an interface
// and a source, and the standards choose among what is left (RFC 6724 section 5).

import { parseIpv4 } from '../address/ip-address.ts';
import type { NativeMonitor } from '../binding/native.ts';
import type { SortedDestination } from '../selection/destination-order.ts';
import type { Explanation } from '../selection/explanation.ts';
import { KnownDestinations } from '../selection/known-destinations.ts';
import { askedPathOf, type Path, pathBy, pathOf } from '../selection/path.ts';
import type { PathTable } from '../selection/path-table.ts';
import { readSwitch, readTraffic } from '../selection/question.ts';
import { refusalOf } from '../selection/refusal.ts';
import { type Known, Selector } from '../selection/selector.ts';
import { type NameSource, snapshotNaming } from '../via/named-interface.ts';
import { type SortOptions, sortDestinations } from './destination-sort.ts';
import { domainPart } from './domain-part.ts';
import { explain } from './explain.ts';
import { type SelectManyOptions, selectMany } from './select-many.ts';
import { type ExplainOptions, linkOf, readSelectQuestion, type SelectOptions, selectNames } from './select-question.ts';
import { type CarriedQuestion, findWayOver } from './way-over.ts';

export interface SelectionParts extends NameSource {
  readonly monitor: NativeMonitor;
}

export class HostSelection {
  readonly #parts: SelectionParts;
  readonly #selector: Selector;
  readonly #destinations = new KnownDestinations();

  constructor(parts: SelectionParts) {
    this.#parts = parts;
    this.#selector = new Selector(
      (words) => parts.monitor.createSelector(words),
      () => parts.snapshot().names,
    );
  }

  /** As Host.select. */
  select(destination: string, options: SelectOptions | undefined): Path {
    return options === undefined ? this.#plainly(destination) : this.#told(destination, options);
  }

  /** As Host.explain. */
  explain(destination: string, options: ExplainOptions): Explanation {
    const question = readSelectQuestion(this.#destinations.read(destination), options);
    return explain(this.#selector, this.#parts, question);
  }

  /** As Host.selectMany. */
  selectMany(destinations: Uint8Array | readonly string[], options: SelectManyOptions): PathTable {
    return selectMany(this.#selector, (via) => snapshotNaming(this.#parts, via), destinations, options);
  }

  /** The most common question. The text of an IPv4 address is read once, and there is but one for each. */
  #plainly(destination: string): Path {
    const group = typeof destination === 'string' ? parseIpv4(destination) : undefined;
    if (group !== undefined) return pathTo(destination, this.#selector.connectPlainly(destination, 4, group));
    const { address, text } = this.#destinations.read(destination);
    const via = linkOf(this.#parts, address, text);
    if (via !== undefined) return this.#over({ address, text, traffic: readTraffic({}, address.family), via });
    const [a, b, c, d] = address.groups;
    return pathTo(text, this.#selector.connectPlainly(text, address.family, a, b, c, d));
  }

  #told(destination: string, options: SelectOptions): Path {
    const question = readSelectQuestion(this.#destinations.read(destination), options, selectNames);
    const { address, text, traffic } = question;
    const isAsked = readSwitch('oracle', options.oracle);
    const via = question.via ?? linkOf(this.#parts, address, text);
    if (via !== undefined) return this.#over({ address, text, traffic, via }, isAsked);
    const asked = { destination: text, traffic, device: 0 };
    const selection = isAsked ? this.#selector.askConnect(asked) : this.#selector.connect(asked);
    if (selection.verdict !== 'path') throw refusalOf(selection, { destination: text });
    return isAsked ? askedPathOf(text, selection, address.family) : pathOf(text, selection);
  }

  /** As Host.sortDestinations. */
  sortDestinations(addresses: readonly string[], options: SortOptions): SortedDestination[] {
    return sortDestinations(this.#selector, this.#parts, addresses, options);
  }

  #over(question: CarriedQuestion, isAsked = false): Path {
    const selector = this.#selector;
    const kernel = { bind: selector.askBind.bind(selector) };
    const { selection, carrier, snapshot } = findWayOver(this.#parts, question, isAsked ? kernel : selector);
    const domain = domainPart(snapshot, carrier, selection);
    const { text, address } = question;
    return isAsked ? askedPathOf(text, selection, address.family, domain) : pathOf(text, selection, domain);
  }
}

function pathTo(destination: string, { way, selection }: Known): Path {
  if (way === undefined) throw refusalOf(selection, { destination });
  return pathBy(way, destination);
}
