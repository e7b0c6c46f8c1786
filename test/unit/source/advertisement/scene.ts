// SPDX-License-Identifier: MIT
// A source that hears routers without a network: interfaces, a clock and what arrives are the test's to say.

import type { NativeHeard } from '../../../../lib/binding/native.ts';
import type { RouterRecord } from '../../../../lib/pvd/record.ts';
import type { Interface } from '../../../../lib/snapshot/change.ts';
import { RouterSource } from '../../../../lib/source/advertisement/router-source.ts';

export const seconds = (count: number): number => count * 1000;

export function link(index: number, changes: Partial<Interface> = {}): Interface {
  return {
    id: `if:${index}.1`,
    index,
    generation: 1,
    name: `eth${index}`,
    adminUp: true,
    running: true,
    flags: ['up', 'running', 'multicast'],
    ...changes,
  } as Interface;
}

export class Scene {
  now = seconds(1_000_000);
  readonly interfaces = new Map<number, Interface>([[7, link(7)]]);
  /** What the next hearing gives. */
  readonly waiting: NativeHeard[] = [];
  lost = 0;
  told = 0;
  isClosed = false;
  readonly source: RouterSource;

  constructor(origin: RouterRecord['origin'] = 'router-advertisements') {
    this.source = new RouterSource({
      origin,
      state: { state: 'working' },
      context: {
        interfaceAt: (index) => this.interfaces.get(index),
        interfaceNamed: (name) => [...this.interfaces.values()].find((found) => found.name === name),
        now: () => this.now,
        onChange: () => this.told++,
      },
    });
    this.source.attach({
      receive: () => ({ news: this.waiting.splice(0), lost: this.lost, foreign: 0, malformed: 0 }),
      close: () => {
        this.isClosed = true;
      },
    });
  }

  hear(data: Uint8Array, from: Partial<NativeHeard> = {}): void {
    this.waiting.push({
      router: 'fe80::a:1',
      interfaceIndex: 7,
      hopLimit: 255,
      ...from,
      data: Buffer.from(data),
    });
    this.source.receive();
  }

  /** Lets time pass, as a host does that keeps deadlines. */
  pass(milliseconds: number): void {
    this.now += milliseconds;
    this.source.expire(this.now);
  }

  records(index = 7): readonly RouterRecord[] {
    return this.source.records(this.interfaces.get(index)?.id ?? `if:${index}.1`) as readonly RouterRecord[];
  }

  changed(): string[] {
    return [...this.source.takeChanged()] as string[];
  }
}
