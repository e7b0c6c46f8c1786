// SPDX-License-Identifier: MIT
// Keeps the provisioning domains of a host in step with its mirror: gives the sources what changed, and the registry what
// the sources make of it. Only interfaces of which something changed are looked at again.

import type { Neighbour } from '../binding/contract.gen.ts';
import type { DomainState } from '../pvd/domain-state.ts';
import { addressRecord, type DomainDraft } from '../pvd/draft.ts';
import type { Granularity } from '../pvd/granularity.ts';
import type { PvdEndReason } from '../pvd/provisioning-domain.ts';
import type { RecordOrigin } from '../pvd/record.ts';
import { PvdRegistry, type RegistryOptions } from '../pvd/registry.ts';
import { KernelSource } from '../pvd/source/kernel.ts';
import { type GroupingCounts, RecordGrouping } from '../pvd/source/records.ts';
import type { RecordSource, SourceContext } from '../pvd/source.ts';
import type { Step } from '../snapshot/difference.ts';

export interface DomainsOptions extends RegistryOptions {
  /** The neighbour table as it is now. */
  readonly neighbours: () => Iterable<Neighbour>;
  /** How finely implicit domains are cut; default `router`. */
  readonly granularity?: Granularity | undefined;
}

const noDrafts: readonly DomainDraft[] = [];

export class Domains {
  readonly #kernel: KernelSource;
  readonly #grouping: RecordGrouping;
  readonly #registry: PvdRegistry;
  /** None until there are sources of records. */
  #sources: readonly RecordSource[] = [];
  #isOtherInterfaces = false;
  #discreet: ReadonlySet<string> = new Set();

  constructor(options: DomainsOptions) {
    this.#kernel = new KernelSource(options);
    this.#grouping = new RecordGrouping(options.granularity ?? 'router');
    this.#registry = new PvdRegistry(options);
  }

  /** The present domains; the same array as long as none changed. */
  get states(): readonly DomainState[] {
    return this.#registry.states;
  }

  /**
   * Ids of interfaces on which a policy hides a domain that has additional information: asking for that of the others alone would
   * tell who is hidden (PVD-78). The same set as long as nothing of it changed.
   */
  get discreet(): ReadonlySet<string> {
    return this.#discreet;
  }

  /** When `expire` has something to do, milliseconds on the native clock. */
  get nextDeadline(): number | undefined {
    const ofRegistry = this.#registry.nextDeadline;
    const ofRecords = this.#grouping.nextDeadline;
    return ofRecords === undefined || (ofRegistry !== undefined && ofRegistry < ofRecords) ? ofRegistry : ofRecords;
  }

  /** Of which sources the last `apply` heard something new. */
  get heardFrom(): ReadonlySet<RecordOrigin> {
    return this.#grouping.heardFrom;
  }

  /** What was refused of what sources told, and what was found wrong. */
  get counts(): GroupingCounts {
    return this.#grouping.counts;
  }

  /** What a source of records may ask of the picture; all but when to look again. */
  get interfaces(): Pick<SourceContext, 'interfaceAt' | 'interfaceNamed' | 'interfaces'> {
    return {
      interfaceAt: (index) => this.#kernel.interfaceAt(index),
      interfaceNamed: (name) => this.#kernel.interfaceNamed(name),
      interfaces: () => this.#kernel.interfaces(),
    };
  }

  /** Listens to these sources of records from now on; `apply` looks at what they have. */
  listenTo(sources: readonly RecordSource[]): void {
    this.#sources = sources;
    this.#grouping.sources = sources;
    this.#isOtherInterfaces = true;
  }

  /** Why a domain ended; `withdrawn` for one that ended too long ago to be remembered. */
  endReason(handle: string): PvdEndReason {
    return this.#registry.endReason(handle) ?? 'withdrawn';
  }

  /**
   * Takes the steps to a picture of the moment `now`, milliseconds on the native clock, and what sources have been told since
   * this was last called.
   */
  apply(steps: Iterable<Step>, now: number): void {
    for (const step of steps) this.#take(step, now);
    const changed = new Set<string>();
    for (const interfaceId of this.#kernel.takeChanged()) changed.add(interfaceId);
    if (this.#sources.length > 0) this.#takeRecords(changed);
    this.#update(changed, now);
  }

  /** Ends the domains whose time is up, and takes from the others what is over. */
  expire(now: number): void {
    if (this.#sources.length > 0) {
      const changed = new Set(this.#grouping.takeExpired(now));
      this.#takeRecords(changed);
      this.#update(changed, now);
    }
    this.#registry.expire(now);
  }

  #takeRecords(changed: Set<string>): void {
    if (this.#isOtherInterfaces) this.#grouping.followInterfaces();
    this.#isOtherInterfaces = false;
    for (const interfaceId of this.#grouping.takeChanged(() => this.#kernel.interfaceIds())) changed.add(interfaceId);
  }

  #update(changed: Iterable<string>, now: number): void {
    for (const interfaceId of changed) this.#updateOne(interfaceId, now);
    if (this.#sources.length === 0) return;
    for (const interfaceId of this.#grouping.moveDefault(() => this.#kernel.interfaceIds())) {
      this.#updateOne(interfaceId, now);
    }
  }

  #updateOne(interfaceId: string, now: number): void {
    const link = this.#kernel.interface(interfaceId);
    if (link === undefined) {
      this.#grouping.forget(interfaceId);
      this.#setDiscreet(interfaceId, noDrafts);
      this.#registry.update(interfaceId, undefined, noDrafts, now);
      return;
    }
    const drafts = this.#grouping.describe(link, this.#kernel.describe(interfaceId, noDrafts), now);
    this.#setDiscreet(interfaceId, drafts);
    this.#registry.update(interfaceId, link, drafts, now);
  }

  #setDiscreet(interfaceId: string, drafts: readonly DomainDraft[]): void {
    const isDiscreet = drafts.some(({ told }) => told?.hidden === true && told.option !== undefined);
    if (isDiscreet === this.#discreet.has(interfaceId)) return;
    const others = [...this.#discreet].filter((id) => id !== interfaceId);
    this.#discreet = new Set(isDiscreet ? [...others, interfaceId] : others);
  }

  #take(step: Step, now: number): void {
    const kernel = this.#kernel;
    switch (step.kind) {
      case 'interface':
        this.#isOtherInterfaces = true;
        if (step.after !== undefined) kernel.putInterface(step.after);
        else if (step.before !== undefined) kernel.removeInterface(step.before);
        break;
      case 'address':
        if (step.after !== undefined) kernel.putAddress(addressRecord(step.after, now));
        else if (step.before !== undefined) kernel.removeAddress(step.before);
        break;
      case 'route':
        if (step.before !== undefined) kernel.removeRoute(step.before);
        if (step.after !== undefined) kernel.addRoute(step.after);
        break;
      case 'neighbour':
        if (step.after !== undefined) kernel.putNeighbour(step.after);
        break;
      default:
        break;
    }
  }
}
