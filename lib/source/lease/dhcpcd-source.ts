// SPDX-License-Identifier: MIT
// dhcpcd as a source: its files tell when something changed and which resolvers there are, its socket tells the rest.

import { posix } from 'node:path';
import type { PvdRecord } from '../../pvd/record.ts';
import type { RecordSource, SourceContext, SourceState } from '../../pvd/source.ts';
import type { Reading, Surroundings } from '../file/file-source.ts';
import type { FileText } from '../file/steady-read.ts';
import { WatchedFolder } from '../file/watched-folder.ts';
import { KeptRecords } from '../kept-records.ts';
import { LifetimeClock } from '../lifetime-clock.ts';
import type { ResolvConf } from '../resolver/resolv-conf.ts';
import { type DhcpcdLease, dhcpcdHooks, dhcpcdLeaseOf, dhcpcdRecords } from './dhcpcd.ts';
import { askDhcpcd } from './dhcpcd-socket.ts';

const runFolder = '/run/dhcpcd';
/** The files in it are for root; when they change is for everybody, and tells of renewals. */
const leaseFolder = '/var/lib/dhcpcd';

/** Asking again for a lease that is being renewed: after 100 ms, 200 ms … 12.8 s. */
const firstPauseMs = 100;
const mostTries = 8;

export class DhcpcdSource implements RecordSource {
  readonly origin = 'dhcpcd';
  readonly ready: Promise<void>;
  readonly #root: string;
  readonly #context: SourceContext;
  readonly #clock: LifetimeClock;
  readonly #around: Surroundings;
  readonly #hooks: WatchedFolder;
  readonly #sockets: WatchedFolder;
  readonly #leaseFiles: WatchedFolder;
  readonly #kept = new KeptRecords();
  readonly #readings = new WeakMap<FileText, Reading<ResolvConf>>();
  #leases: readonly DhcpcdLease[] = [];
  #silent: string | undefined;
  #asking: Promise<void> | undefined;
  #asksAgain = false;
  /** Somebody may wait for `ready`. */
  #isStarting = true;
  /** Times that leases were asked for again since they were all there. */
  #tries = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(root: string, context: SourceContext) {
    this.#root = root;
    this.#context = context;
    this.#clock = new LifetimeClock(context.now);
    this.#around = {
      interfaceAt: context.interfaceAt,
      interfaceNamed: context.interfaceNamed,
      fromWall: (wallMs) => this.#clock.fromWall(wallMs),
    };
    const watched = (folder: string, wants: (name: string) => boolean, isWhole?: (text: string) => boolean) =>
      new WatchedFolder({ root, folder, wants, isWhole, onChange: () => void this.#ask() });
    this.#hooks = watched(dhcpcdHooks.folders[0]!, dhcpcdHooks.wants, dhcpcdHooks.isWhole);
    this.#sockets = watched(runFolder, (name) => name.endsWith('unpriv.sock'));
    this.#leaseFiles = watched(leaseFolder, (name) => /\.lease6?$/.test(name));
    const folders = [this.#hooks, this.#sockets, this.#leaseFiles];
    this.ready = Promise.all(folders.map(({ ready }) => ready))
      .then(() => this.#asking)
      .finally(() => {
        this.#isStarting = false;
      });
  }

  get state(): SourceState {
    if (!this.#sockets.exists) return { state: 'absent', why: `no ${runFolder}: dhcpcd does not run here` };
    const why = this.#sockets.trouble ?? this.#hooks.trouble ?? this.#silent;
    return why === undefined ? { state: 'working' } : { state: 'limited', why };
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
    if (!this.#isClosed) this.#update();
  }

  expire(now: number): void {
    this.#kept.expire(now);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const folder of [this.#hooks, this.#sockets, this.#leaseFiles]) folder.close();
  }

  #ask(): Promise<void> {
    if (this.#asking !== undefined) {
      this.#asksAgain = true;
      return this.#asking;
    }
    this.#asking = this.#askOnce().finally(() => {
      this.#asking = undefined;
      if (!this.#asksAgain) return;
      this.#asksAgain = false;
      void this.#ask();
    });
    return this.#asking;
  }

  async #askOnce(): Promise<void> {
    if (this.#isClosed) return;
    const leases: DhcpcdLease[] = [];
    this.#silent = undefined;
    for (const name of this.#sockets.files.keys()) {
      const path = posix.join(this.#root, runFolder, name);
      const answer = await askDhcpcd(path, this.#isStarting);
      if (answer === undefined) this.#silent ??= `${posix.join(runFolder, name)} does not answer`;
      for (const values of answer ?? []) {
        const lease = dhcpcdLeaseOf(values);
        if (lease !== undefined) leases.push(lease);
      }
    }
    if (this.#isClosed) return;
    this.#leases = leases;
    this.#update();
    this.#context.onChange();
    this.#askLater();
  }

  /** A lease whose file is there but that was not told is just being renewed; nothing else says when that is over. */
  #askLater(): void {
    const told = new Set(this.#leases.map(({ interface: name, protocol }) => `${name}.${protocol}`));
    const isWhole = [...this.#hooks.files.keys()].every((name) => told.has(name) || !/\.dhcp6?$/.test(name));
    if (isWhole) this.#tries = 0;
    if (isWhole || this.#sockets.files.size === 0 || this.#tries === mostTries) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), firstPauseMs * 2 ** this.#tries++).unref();
  }

  #update(): void {
    const hooks = [...this.#hooks.files].map(([name, file]) => this.#reading(name, file));
    const leaseTimes = new Map([...this.#leaseFiles.files].map(([name, { changedAt }]) => [name, changedAt]));
    this.#kept.replace(dhcpcdRecords(hooks, this.#leases, leaseTimes, this.#around), this.#clock.now());
  }

  #reading(name: string, file: FileText): Reading<ResolvConf> {
    let reading = this.#readings.get(file);
    if (reading === undefined) {
      reading = { name, file, said: dhcpcdHooks.read(file.text) };
      this.#readings.set(file, reading);
    }
    return reading;
  }
}
