// SPDX-License-Identifier: MIT
// What a source of records asks of its host, without a host: interfaces that a test says are there, a clock that it moves.

import type { SourceContext } from '../../lib/pvd/source.ts';
import type { Interface } from '../../lib/snapshot/change.ts';

export class ToldInterfaces implements SourceContext {
  readonly #names = new Map<number, string>();
  /** Times that a source said that something changed. */
  changes = 0;
  /** Milliseconds that were let go by. */
  passedMs = 0;

  constructor(interfaces: Readonly<Record<number, string>>) {
    for (const [index, name] of Object.entries(interfaces)) this.set(Number(index), name);
  }

  /** An interface is there, or has another name; without one it is gone. */
  set(index: number, name: string | undefined): void {
    if (name === undefined) this.#names.delete(index);
    else this.#names.set(index, name);
  }

  readonly interfaceAt = (index: number): Interface | undefined => {
    const name = this.#names.get(index);
    return name === undefined ? undefined : ({ id: `if:${index}.1`, index, name, kind: 'veth' } as Interface);
  };

  readonly interfaceNamed = (name: string): Interface | undefined => {
    const [index] = [...this.#names].find(([, other]) => other === name) ?? [];
    return index === undefined ? undefined : this.interfaceAt(index);
  };

  readonly now = (): number => performance.now() + this.passedMs;

  readonly onChange = (): void => {
    this.changes++;
  };
}
