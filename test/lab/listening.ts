// SPDX-License-Identifier: MIT
// A source that hears routers over a real host, wired as a host wires it: told of interfaces, its deadlines kept.

import { type NativeMonitor, native } from '../../lib/binding/native.ts';
import { openHost } from '../../lib/host/open-host.ts';
import { accessOf, type Host } from '../../lib/host/host.ts';
import type { RouterRecord } from '../../lib/pvd/record.ts';
import { type AdvertisementOptions, openAdvertisementSources } from '../../lib/source/advertisement/open.ts';
import type { RouterSource } from '../../lib/source/advertisement/router-source.ts';
import type { Lab } from './lab.ts';

export class Listening implements AsyncDisposable {
  readonly host: Host;
  readonly source: RouterSource;
  /** Those that were refused before it. */
  readonly refused: readonly RouterSource[];
  /** Ids of interfaces, as they were told. */
  readonly told: string[] = [];
  readonly #monitor: NativeMonitor;
  #timer: NodeJS.Timeout | undefined;

  private constructor(host: Host, namespacePath: string, options: AdvertisementOptions) {
    const access = accessOf(host);
    const interfaces = () => [...host.snapshot().interfaces];
    this.host = host;
    // The same as the host's: there is one for a namespace.
    this.#monitor = native().openMonitor({ namespacePath, settleMs: 0, onWake: () => this.#monitor.snapshot() });
    const [source, ...refused] = openAdvertisementSources(
      this.#monitor,
      {
        interfaceAt: (index) => interfaces().find((found) => found.index === index),
        interfaceNamed: (name) => interfaces().find((found) => found.name === name),
        interfaces,
        now: () => access.now(),
        onChange: () => this.#take(),
      },
      options,
    );
    this.source = source!;
    this.refused = refused;
    access.observeInterfaces({
      interfacesChanged: () => {
        this.source.followInterfaces();
        this.#take();
      },
    });
  }

  static async in(lab: Lab, node: string, options: AdvertisementOptions = {}): Promise<Listening> {
    return new Listening(await openHost({ netns: lab.netns(node) }), lab.path(node), options);
  }

  /** What routers say on an interface. */
  records(name: string): RouterRecord[] {
    const found = [...this.host.snapshot().interfaces].find((candidate) => candidate.name === name);
    return found === undefined ? [] : ([...this.source.records(found.id)] as RouterRecord[]);
  }

  /** What a router says there, to the domain of an id or to none. */
  record(name: string, router: string, id?: string): RouterRecord | undefined {
    return this.records(name).find((record) => record.router === router && record.pvd?.id === id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.source.close();
    this.#monitor.close();
    await this.host.close();
  }

  #take(): void {
    this.told.push(...([...this.source.takeChanged()] as string[]));
    clearTimeout(this.#timer);
    const deadline = this.source.nextDeadline;
    if (deadline === undefined) return;
    const now = accessOf(this.host).now();
    this.#timer = setTimeout(
      () => {
        this.source.expire(accessOf(this.host).now());
        this.#take();
      },
      Math.min(Math.max(0, deadline - now) + 1, 2 ** 30),
    ).unref();
  }
}
