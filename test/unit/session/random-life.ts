// SPDX-License-Identifier: MIT
// A network that changes at random, the same way for the same seed: interfaces come, go, are renamed and lose their
// carrier; domains spread over interfaces and shrink; addresses and elements come, go and change.

import type {
  AddressState,
  ConfigurationElement,
  ElementType,
  ProvisioningDomain,
  PvdAddress,
} from '../../../lib/pvd/provisioning-domain.ts';
import type { Interface } from '../../../lib/snapshot/change.ts';
import { address, domain, type FakeNetwork, link } from './fake-network.ts';

/** Pseudo-random numbers by xorshift32; the seed is not 0. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(Math.max(1, list.length))];
  }
}

const states: readonly AddressState[] = [
  'preferred',
  'preferred',
  'deprecated',
  'optimistic',
  'tentative',
  'dad-failed',
];

const elementTypes: readonly ElementType[] = ['ra', 'dhcpv4', 'static'];

export class RandomLife {
  readonly #network: FakeNetwork;
  readonly #random: Random;
  readonly #generations = new Map<number, number>();
  #domains = 0;
  #version = 0;
  #names = 0;

  constructor(network: FakeNetwork, random: Random) {
    this.#network = network;
    this.#random = random;
  }

  /** One change of one to four parts. */
  step(): void {
    this.#network.change(() => {
      for (let parts = 1 + this.#random.below(4); parts > 0; parts -= 1) this.#part();
    });
  }

  #part(): void {
    const random = this.#random;
    const interfaces = [...this.#network.interfaces.values()];
    const domains = [...this.#network.pvds.values()];
    const on = random.pick(interfaces);
    const pvd = random.pick(domains);
    switch (random.below(10)) {
      case 0:
      case 1:
        this.#addInterface();
        break;
      case 2:
        if (on && random.chance(60)) this.#removeInterface(on);
        break;
      case 3:
        if (on) this.#network.put({ ...on, name: `net${++this.#names}` });
        break;
      case 4:
        if (on) this.#network.put({ ...on, running: !on.running });
        break;
      case 5:
      case 6:
        if (on) this.#addDomain(interfaces, on);
        break;
      case 7:
        if (pvd && random.chance(60)) this.#network.drop(pvd);
        else if (pvd) this.#move(pvd, interfaces);
        break;
      default:
        if (pvd && random.chance(40)) this.#network.put({ ...pvd, elements: this.#elements() });
        else if (pvd) this.#readdress(pvd, interfaces);
    }
  }

  #addInterface(): void {
    // A small range, so that indexes are used again.
    const index = 1 + this.#random.below(8);
    if ([...this.#network.interfaces.values()].some((other) => other.index === index)) return;
    const generation = (this.#generations.get(index) ?? 0) + 1;
    this.#generations.set(index, generation);
    this.#network.put(link(index, { generation }));
  }

  /** As a host does it: the domains of the interface end or shrink in the same change. */
  #removeInterface(gone: Interface): void {
    this.#network.drop(gone);
    for (const pvd of [...this.#network.pvds.values()])
      this.#keepOn(
        pvd,
        pvd.interfaceIds.filter((id) => id !== gone.id),
      );
  }

  #addDomain(interfaces: readonly Interface[], on: Interface): void {
    const other = this.#random.chance(30) ? this.#random.pick(interfaces) : undefined;
    const members = other && other !== on ? [on, other] : [on];
    this.#domains += 1;
    this.#network.put(domain(this.#domains, members, this.#addresses(members), { elements: this.#elements() }));
  }

  #move(pvd: ProvisioningDomain, interfaces: readonly Interface[]): void {
    const ids = interfaces.filter(() => this.#random.chance(40)).map(({ id }) => id);
    this.#keepOn(pvd, ids);
  }

  #keepOn(pvd: ProvisioningDomain, ids: readonly string[]): void {
    const members = ids.map((id) => this.#network.interfaces.get(id)).filter((it): it is Interface => it !== undefined);
    if (members.length === 0) this.#network.drop(pvd);
    else {
      const { handle, id, elements } = pvd;
      this.#network.put({ ...domain(0, members, this.#addresses(members)), handle, id, elements });
    }
  }

  #readdress(pvd: ProvisioningDomain, interfaces: readonly Interface[]): void {
    const members = interfaces.filter(({ id }) => pvd.interfaceIds.includes(id));
    this.#network.put({ ...pvd, addresses: this.#addresses(members) });
  }

  #elements(): ConfigurationElement[] {
    return elementTypes.filter(() => this.#random.chance(60)).map((type) => ({ type, version: ++this.#version }));
  }

  #addresses(members: readonly Interface[]): PvdAddress[] {
    return members.flatMap((on) =>
      Array.from({ length: 6 }, (_, host) => host)
        .filter(() => this.#random.chance(50))
        .map((host) => address(on, `192.0.2.${host}`, { state: this.#random.pick(states)! })),
    );
  }
}
