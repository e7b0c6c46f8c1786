// SPDX-License-Identifier: MIT
// dhcpcd as a source: what it keeps for root and what it keeps for everybody, of which one takes the place of the other.

import type { PvdRecord } from '../../pvd/record.ts';
import type { RecordSource, SourceContext, SourceState } from '../../pvd/source.ts';
import { FileReadings, type Surroundings } from '../file/file-source.ts';
import { KeptRecords } from '../kept-records.ts';
import { LifetimeClock } from '../lifetime-clock.ts';
import type { ResolvConf } from '../resolver/resolv-conf.ts';
import type { AnsweredLease } from './dhcp-message.ts';
import { dhcpcdHooks, dhcpcdLeases, dhcpcdRecords } from './dhcpcd.ts';

export class DhcpcdSource implements RecordSource {
  readonly origin = 'dhcpcd';
  readonly ready: Promise<void>;
  readonly #context: SourceContext;
  readonly #clock: LifetimeClock;
  readonly #around: Surroundings;
  readonly #hooks: FileReadings<ResolvConf>;
  readonly #leases: FileReadings<AnsweredLease | undefined>;
  readonly #kept = new KeptRecords();
  #isClosed = false;

  constructor(root: string, context: SourceContext) {
    this.#context = context;
    this.#clock = new LifetimeClock(context.now);
    this.#around = {
      interfaceAt: context.interfaceAt,
      interfaceNamed: context.interfaceNamed,
      fromWall: (wallMs) => this.#clock.fromWall(wallMs),
    };
    this.#hooks = new FileReadings(root, dhcpcdHooks, () => this.#update(true));
    this.#leases = new FileReadings(root, dhcpcdLeases, () => this.#update(true));
    this.ready = Promise.all([this.#hooks.ready, this.#leases.ready]).then(() => {});
  }

  get state(): SourceState {
    const why = this.#leases.trouble ?? this.#hooks.trouble;
    if (why !== undefined) return { state: 'limited', why };
    if (this.#hooks.all().length + this.#leases.all().length > 0) return { state: 'working' };
    return { state: 'absent', why: `nothing in ${dhcpcdHooks.folders[0]}: dhcpcd told nothing here` };
  }

  get nextDeadline(): number | undefined {
    return this.#kept.nextDeadline;
  }

  takeChanged(): Iterable<string | undefined> {
    return this.#kept.takeChanged();
  }

  records(interfaceId: string | undefined): readonly PvdRecord[] {
    return this.#kept.of(interfaceId);
  }

  followInterfaces(): void {
    this.#update(false);
  }

  expire(now: number): void {
    this.#kept.expire(now);
  }

  close(): void {
    this.#isClosed = true;
    this.#hooks.close();
    this.#leases.close();
  }

  #update(tells: boolean): void {
    if (this.#isClosed) return;
    this.#kept.replace(dhcpcdRecords(this.#hooks.all(), this.#leases.all(), this.#around), this.#clock.now());
    if (tells) this.#context.onChange();
  }
}
