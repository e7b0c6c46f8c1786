// SPDX-License-Identifier: MIT
// Keeps the provisioning domains of a host in step with its mirror: gives the sources what changed, and the registry what
// the sources make of it. Only interfaces of which something changed are looked at again.

import type { Neighbour } from '../binding/contract.gen.ts';
import type { DomainState } from '../pvd/domain-state.ts';
import { addressRecord, type DomainDraft } from '../pvd/draft.ts';
import type { PvdEndReason } from '../pvd/provisioning-domain.ts';
import { PvdRegistry, type RegistryOptions } from '../pvd/registry.ts';
import { KernelSource } from '../pvd/source/kernel.ts';
import type { PvdSource } from '../pvd/source.ts';
import type { Step } from '../snapshot/difference.ts';

export interface DomainsOptions extends RegistryOptions {
  /** The neighbour table as it is now. */
  readonly neighbours: () => Iterable<Neighbour>;
}

const noDrafts: readonly DomainDraft[] = [];

export class Domains {
  readonly #kernel: KernelSource;
  /** In the order in which they add to the drafts. */
  readonly #sources: readonly PvdSource[];
  readonly #registry: PvdRegistry;

  constructor(options: DomainsOptions) {
    this.#kernel = new KernelSource(options);
    this.#sources = [this.#kernel];
    this.#registry = new PvdRegistry(options);
  }

  /** The present domains; the same array as long as none changed. */
  get states(): readonly DomainState[] {
    return this.#registry.states;
  }

  /** When `expire` has something to do, milliseconds on the native clock. */
  get nextDeadline(): number | undefined {
    return this.#registry.nextDeadline;
  }

  /** Why a domain ended; `withdrawn` for one that ended too long ago to be remembered. */
  endReason(handle: string): PvdEndReason {
    return this.#registry.endReason(handle) ?? 'withdrawn';
  }

  /** Takes the steps to a picture of the moment `now`, milliseconds on the native clock. */
  apply(steps: Iterable<Step>, now: number): void {
    for (const step of steps) this.#take(step, now);
    const changed = new Set<string>();
    for (const source of this.#sources) for (const interfaceId of source.takeChanged()) changed.add(interfaceId);
    for (const interfaceId of changed) {
      let drafts: readonly DomainDraft[] = noDrafts;
      for (const source of this.#sources) drafts = source.describe(interfaceId, drafts);
      this.#registry.update(interfaceId, this.#kernel.interface(interfaceId), drafts, now);
    }
  }

  /** Ends the domains whose time is up. */
  expire(now: number): void {
    this.#registry.expire(now);
  }

  #take(step: Step, now: number): void {
    const kernel = this.#kernel;
    switch (step.kind) {
      case 'interface':
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
