// SPDX-License-Identifier: MIT
// What those who take links up and down have said that they are about to do (MIF-75): by interface, until it is taken back.
// The latest word counts.

import { MifError } from '../binding/mif-error.ts';
import type { InterfaceIntent, IntentReason } from '../pvd/interface-intent.ts';
import type { Interface } from '../snapshot/change.ts';

/** An announcement of one who takes a link up or down. */
export interface IntentAnnouncement {
  /** Name or id of an interface that is there. */
  interface: string;
  intent: 'going-up' | 'going-away';
  /** Default `admin`. */
  reason?: IntentReason;
  /** Seconds until it will have happened. */
  deadline?: number;
}

const reasons: readonly IntentReason[] = ['admin', 'suspend', 'low-signal', 'lease-end', 'policy', 'link-event'];

export class HostIntents {
  readonly #said = new Map<string, InterfaceIntent[]>();
  readonly #observers = new Set<(interfaceId: string) => void>();

  of(interfaceId: string): InterfaceIntent | undefined {
    return this.#said.get(interfaceId)?.at(-1);
  }

  /** Calls with the id of each interface of which something else is said, until the returned function is called. */
  observe(changed: (interfaceId: string) => void): () => void {
    this.#observers.add(changed);
    return () => this.#observers.delete(changed);
  }

  /** @returns takes it back; safe twice. */
  announce(announcement: IntentAnnouncement, interfaces: Iterable<Interface>, now: number): () => void {
    const { interface: named, intent: direction, reason = 'admin', deadline } = announcement;
    if (direction !== 'going-up' && direction !== 'going-away') {
      throw new MifError('ERR_MIF_INVALID_ARG', `intent must be going-up or going-away, not ${String(direction)}`);
    }
    if (!reasons.includes(reason)) {
      throw new MifError('ERR_MIF_INVALID_ARG', `reason must be one of ${reasons.join(', ')}, not ${String(reason)}`);
    }
    if (deadline !== undefined && !(Number.isFinite(deadline) && deadline >= 0)) {
      throw new MifError('ERR_MIF_INVALID_ARG', `deadline must be a number of seconds, not ${String(deadline)}`);
    }
    const link = [...interfaces].find(({ id, name, altNames }) => [id, name, ...altNames].includes(named));
    if (link === undefined) {
      throw new MifError('ERR_MIF_INTERFACE_NOT_FOUND', `there is no interface "${named}"`, { interface: named });
    }
    const until = deadline === undefined ? null : now + deadline * 1000;
    const intent: InterfaceIntent = { direction, reason, confidence: 'intended', until };
    this.#said.set(link.id, [...(this.#said.get(link.id) ?? []), intent]);
    this.#tell(link.id);
    return () => {
      const known = this.#said.get(link.id) ?? [];
      if (!known.includes(intent)) return;
      const left = known.filter((other) => other !== intent);
      if (left.length > 0) this.#said.set(link.id, left);
      else this.#said.delete(link.id);
      this.#tell(link.id);
    };
  }

  /** Forgets an interface that has gone: its id is never used again. */
  forget(interfaceId: string): void {
    this.#said.delete(interfaceId);
  }

  #tell(interfaceId: string): void {
    for (const changed of [...this.#observers]) changed(interfaceId);
  }
}
